import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Code } from '@/components/ui/code'
import { DataTable, type Pages } from '@/components/ui/data-table'
import { Icon } from '@/components/ui/icon'
import { RecordLink } from '@/components/ui/link'
import { Pill } from '@/components/ui/pill'
import type { ContactView } from '@/lib/assistance/contacts/schema'
import { getFormat } from '@/lib/i18n/get-format'

type ContactTableProps = {
  readonly contacts: readonly ContactView[]
  readonly pages?: Pages
  readonly empty: ReactNode
}

/** The contact log as rows, the newest first; what was said stays sealed. */
export async function ContactTable({ contacts, pages, empty }: ContactTableProps) {
  const t = await getTranslations('assistance.contact')
  const format = await getFormat()
  return (
    <DataTable
      caption={t('list.caption')}
      isCaptionHidden
      columns={[
        {
          key: 'code',
          head: t('list.code'),
          cell: ({ code, case: on }) => (
            <RecordLink href={`/cases/${on}/contacts/${code}`}>
              <Code code={code} />
            </RecordLink>
          ),
        },
        { key: 'when', head: t('list.when'), cell: ({ occurredAt }) => format.moment(new Date(occurredAt)) },
        { key: 'kind', head: t('list.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
        {
          key: 'outcome',
          head: t('list.outcome'),
          cell: ({ outcome, isVoided }) =>
            isVoided ? (
              <Pill icon="archive" dashed>
                {t('list.voided')}
              </Pill>
            ) : (
              t(`outcome.${outcome}`)
            ),
        },
        { key: 'by', head: t('list.by'), cell: ({ worker, agencyName }) => worker ?? agencyName },
        {
          key: 'text',
          head: t('list.text'),
          cell: ({ hasText }) =>
            hasText ? (
              <span className="inline-flex items-center gap-1 text-note text-ink-2">
                <Icon name="lock" size="sm" />
                {t('list.has_text')}
              </span>
            ) : null,
        },
      ]}
      rows={contacts}
      rowKey={({ code }) => code}
      {...(pages === undefined ? {} : { pages })}
      empty={empty}
    />
  )
}
