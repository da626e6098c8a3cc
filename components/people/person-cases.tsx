import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import { Pill } from '@/components/ui/pill'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { PersonCaseView } from '@/lib/people/schema'

/** The person's cases as far as the viewer may know of them. */
export async function PersonCases({ cases }: { readonly cases: readonly PersonCaseView[] }) {
  const t = await getTranslations('persons.page')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  return (
    <DataTable
      caption={t('cases')}
      isCaptionHidden
      rows={cases}
      rowKey={({ code }) => code}
      columns={[
        {
          key: 'case',
          head: t('case'),
          cell: ({ code, number }) => (
            <RecordLink href={`/cases/${code}`}>
              {t('case_number', { number })} <Code code={code} />
            </RecordLink>
          ),
        },
        { key: 'opened', head: t('opened'), cell: ({ openedOn }) => format.day(openedOn) },
        {
          key: 'status',
          head: t('status'),
          cell: ({ status, restricted }) => (
            <span className="flex flex-wrap gap-2">
              <Pill>{text(`persons.page.case_status.${status}`)}</Pill>
              {restricted ? <Pill icon="lock">{t('restricted')}</Pill> : null}
            </span>
          ),
        },
      ]}
      empty={<EmptyState title={t('no_cases')}>{t('no_cases_help')}</EmptyState>}
    />
  )
}
