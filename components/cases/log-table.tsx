import { getTranslations } from 'next-intl/server'
import { fieldWords } from '@/components/audit/event-words'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { Tabs } from '@/components/ui/tabs'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { LOG_KINDS, type CaseLogView, type LogEntryView } from '@/lib/cases/log-schema'

type LogTableProps = {
  readonly log: CaseLogView
  readonly kind: (typeof LOG_KINDS)[number]
  /** The page's own address. */
  readonly address: string
}

/** The log of a case: when, who, what, of which record. Names of fields, never values. */
export async function LogTable({ log, kind, address }: LogTableProps) {
  const t = await getTranslations('cases.access')
  const format = await getFormat()
  const words = new Map(await Promise.all(log.items.map(async (entry) => [entry.code, await whatText(entry)] as const)))
  const page = (cursor: string | null) => (cursor === null ? undefined : `${address}?kind=${kind}&cursor=${cursor}`)
  return (
    <>
      <Tabs
        label={t('kind')}
        tabs={LOG_KINDS.map((one) => ({
          label: t(`kind_${one}`),
          href: `${address}?kind=${one}`,
          isCurrent: one === kind,
        }))}
      />
      <DataTable
        caption={t('log_caption')}
        rows={log.items}
        rowKey={({ code }) => code}
        columns={[
          { key: 'when', head: t('when'), cell: ({ at }) => format.moment(new Date(at)) },
          { key: 'who', head: t('who'), cell: ({ by }) => by },
          { key: 'what', head: t('what'), cell: (entry) => words.get(entry.code) },
          {
            key: 'subject',
            head: t('record'),
            showHeadOnCard: false,
            cell: ({ subject }) => (subject === null ? null : <Code code={subject} />),
          },
        ]}
        pages={{ earlier: page(log.earlierCursor), later: page(log.nextCursor) }}
        empty={<EmptyState title={t('log_none')} />}
      />
    </>
  )
}

async function whatText({ type, fields, outcome }: LogEntryView): Promise<string> {
  const t = await getTranslations()
  const translator = await getKeyTranslator()
  const format = await getFormat()
  const key = `cases.log_types.${type}`
  const what = translator.has(key) ? translator.text(key) : type
  const notes = [
    outcome === 'success' ? null : t('cases.access.refused'),
    fields.length === 0
      ? null
      : t('cases.access.fields', { fields: format.list(fields.map((field) => fieldWords(translator, field))) }),
  ].filter((note) => note !== null)
  return notes.length === 0 ? what : `${what} (${notes.join('; ')})`
}
