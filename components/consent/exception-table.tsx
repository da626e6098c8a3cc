import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { Pill } from '@/components/ui/pill'
import type { CaseExceptionView } from '@/lib/consent/exceptions/schema'
import { getFormat } from '@/lib/i18n/get-format'

type ExceptionTableProps = {
  readonly exceptions: readonly CaseExceptionView[]
  /** What can be done with one: end it, read why. */
  readonly acts: (exception: CaseExceptionView) => ReactNode
}

/** What of a case may go, or went, without the person's consent. */
export async function ExceptionTable({ exceptions, acts }: ExceptionTableProps) {
  const t = await getTranslations('exceptions')
  const fields = await getTranslations('consents.fields')
  const format = await getFormat()
  return (
    <DataTable
      caption={t('caption')}
      rows={exceptions}
      rowKey={({ code }) => code}
      columns={[
        {
          key: 'to',
          head: t('to'),
          cell: ({ agencyName, code }) => (
            <>
              <bdi className="font-semibold">{agencyName}</bdi>
              <span className="block text-note text-ink-2">
                <Code code={code} />
              </span>
            </>
          ),
        },
        { key: 'fields', head: t('fields'), cell: (row) => format.list(row.fields.map((key) => fields(key))) },
        { key: 'basis', head: t('basis_label'), cell: ({ basis }) => t(`basis.${basis}`) },
        {
          key: 'until',
          head: t('until'),
          cell: ({ endsAt, endedAt, by, madeAt }) => (
            <>
              {format.moment(new Date(endedAt ?? endsAt))}
              <span className="block text-note text-ink-2">
                {t('made_by', { who: by ?? '', when: format.moment(new Date(madeAt)) })}
              </span>
            </>
          ),
        },
        {
          key: 'state',
          head: t('state'),
          showHeadOnCard: false,
          cell: (row) => (
            <div className="grid justify-items-start gap-2">
              <Pill tone={row.lives ? 'warn' : 'calm'} icon={row.lives ? 'triangle-alert' : 'archive'}>
                {t(row.lives ? 'lives' : 'over')}
              </Pill>
              {acts(row)}
            </div>
          ),
        },
      ]}
      empty={null}
    />
  )
}
