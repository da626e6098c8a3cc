import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import type { EmergencyLineView } from '@/lib/cases/emergency/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { EmergencyState } from './emergency-state'

type ReviewTableProps = { readonly accesses: readonly EmergencyLineView[] }

/** Emergency accesses for whoever reviews them: codes, times, reasons and how much was done. */
export async function ReviewTable({ accesses }: ReviewTableProps) {
  const t = await getTranslations('emergency')
  const format = await getFormat()
  return (
    <DataTable
      caption={t('reviews.caption', { count: accesses.length })}
      rows={accesses}
      rowKey={({ code }) => code}
      rowTone={({ late, review }) => (late ? 'stop' : review === null ? 'info' : undefined)}
      columns={[
        {
          key: 'code',
          head: t('reviews.code'),
          cell: ({ code }) => (
            <RecordLink href={`/emergency-access/${code}`}>
              <Code code={code} />
            </RecordLink>
          ),
        },
        { key: 'who', head: t('reviews.who'), cell: ({ member }) => member },
        { key: 'when', head: t('reviews.when'), cell: ({ openedAt }) => format.moment(new Date(openedAt)) },
        { key: 'why', head: t('reviews.why'), cell: ({ reason }) => t(`reason.${reason}`) },
        {
          key: 'done',
          head: t('reviews.done'),
          cell: ({ looks, changes }) => t('reviews.done_count', { looks, changes }),
        },
        { key: 'state', head: t('reviews.state'), cell: (access) => <EmergencyState access={access} /> },
      ]}
      empty={<EmptyState title={t('reviews.none')}>{t('reviews.none_help')}</EmptyState>}
    />
  )
}
