import { getTranslations } from 'next-intl/server'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { Pill } from '@/components/ui/pill'
import type { BackupRunView } from '@/lib/backup/schema'
import { getFormat } from '@/lib/i18n/get-format'

const TONES = { requested: 'info', running: 'info', done: 'go', failed: 'stop' } as const
const ICONS = { requested: 'hourglass', running: 'hourglass', done: 'circle-check', failed: 'circle-x' } as const

/** The last runs, newest first; a failed one says what to do. */
export async function RunTable({ runs }: { readonly runs: readonly BackupRunView[] }) {
  const t = await getTranslations('backups')
  const format = await getFormat()
  return (
    <DataTable
      caption={t('runs.title')}
      isCaptionHidden
      rows={runs}
      rowKey={({ kind, at }) => `${kind} ${at.toISOString()}`}
      rowTone={({ state }) => (state === 'failed' ? 'stop' : undefined)}
      columns={[
        { key: 'at', head: t('runs.at'), cell: ({ at }) => format.moment(at) },
        { key: 'kind', head: t('runs.kind'), cell: ({ kind, origin }) => t(`kind.${kind}`, { origin }) },
        {
          key: 'state',
          head: t('runs.state'),
          showHeadOnCard: false,
          cell: ({ state, problem }) => (
            <>
              <Pill tone={TONES[state]} icon={ICONS[state]}>
                {t(`state.${state}`)}
              </Pill>
              {problem === null ? null : <p className="measure text-note">{t(`problem.${problem}`)}</p>}
            </>
          ),
        },
        {
          key: 'size',
          head: t('runs.size'),
          align: 'end',
          cell: ({ bytes }) =>
            bytes === null ? '' : t('size', { size: format.number(Math.ceil(bytes / 100_000) / 10) }),
        },
        {
          key: 'seconds',
          head: t('runs.seconds'),
          align: 'end',
          cell: ({ seconds }) => (seconds === null ? '' : t('took', { seconds: Math.ceil(seconds) })),
        },
      ]}
      empty={<EmptyState title={t('runs.none')} />}
    />
  )
}
