import { getTranslations } from 'next-intl/server'
import { Code, grouped } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { NetworkPlace } from '@/components/ui/network-place'
import { getFormat } from '@/lib/i18n/get-format'
import type { LogEventView, LogPageView } from '@/lib/audit/log/schema'
import { eventWords } from './event-words'

type EventTableProps = {
  readonly log: LogPageView
  /** The page's address with these parts of its query changed. */
  readonly href: (change: Readonly<Record<string, string | undefined>>) => string
}

/** The log: when, who, what, of which record. Codes and names of fields, never values. */
export async function EventTable({ log, href }: EventTableProps) {
  const t = await getTranslations('audit.log')
  const format = await getFormat()
  const words = await eventWords()
  const page = (cursor: string | null) => (cursor === null ? undefined : href({ cursor }))
  return (
    <DataTable<LogEventView>
      caption={t('caption')}
      rows={log.items}
      rowKey={({ code }) => code}
      columns={[
        {
          key: 'when',
          head: t('when'),
          cell: ({ at }) => <span className="lg:whitespace-nowrap">{format.moment(new Date(at))}</span>,
        },
        { key: 'who', head: t('who'), cell: ({ by }) => (by === '' ? t('system') : <bdi>{by}</bdi>) },
        { key: 'what', head: t('what'), cell: words },
        {
          key: 'record',
          head: t('record'),
          cell: ({ subject }) =>
            subject === null || UNNAMED.test(subject) ? null : RECORD.test(subject) ? (
              <AppLink href={href({ subject, cursor: undefined })} aria-label={t('about', { code: grouped(subject) })}>
                <Code code={subject} />
              </AppLink>
            ) : (
              <bdi>{subject}</bdi>
            ),
        },
        {
          key: 'network',
          head: t('from_network'),
          cell: ({ network }) => (network === null ? null : <NetworkPlace network={network} />),
        },
      ]}
      pages={{ earlier: page(log.earlierCursor), later: page(log.nextCursor) }}
      empty={<EmptyState title={t('none')}>{t('none_hint')}</EmptyState>}
    />
  )
}

const RECORD = /^[A-Z]{3}-[0-9A-Z]{9}$/
/** What has no code of its own, a token for one, stands in the log by a number that tells nobody anything. */
const UNNAMED = /^[0-9a-f]{8}-[0-9a-f-]{27}$/
