import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RuleStatePill } from '@/components/oversight/rule-state'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { RuleView } from '@/lib/oversight/rules/schema'
import { listRules } from '@/lib/oversight/rules/service'

export const generateMetadata = titleOrMissing(RulesPage, async () => {
  const t = await getTranslations('oversight.rules')
  return { title: t('page_title') }
})

export default orMissing(RulesPage)

/** The register: what is watched by itself, what broke it lately, the worst first. */
async function RulesPage() {
  const found = await listRules(await requireActorWho('oversight-rule:read'))
  if (!found.ok) notFound()
  const t = await getTranslations('oversight.rules')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  return (
    <>
      <PageHeader title={t('title')} facts={t('intro')} />
      <DataTable<RuleView>
        caption={t('caption')}
        rows={found.value.items}
        rowKey={({ key }) => key}
        columns={[
          {
            key: 'rule',
            head: t('rule'),
            cell: ({ key, title }) => (
              <AppLink href={`/oversight/rules/${key}`} className="font-semibold text-action-ink underline">
                {title}
              </AppLink>
            ),
          },
          { key: 'state', head: t('state_label'), cell: ({ state }) => <RuleStatePill state={state} /> },
          {
            key: 'now',
            head: t('this_month'),
            align: 'end',
            cell: ({ measure, trend }) => {
              const n = format.number(trend.at(-1)?.n ?? 0)
              if (measure === 'cases') return n
              // Of groups, the latest frozen year.
              const year = trend.at(-1)?.month.slice(0, 4)
              return year === undefined ? null : t('latest_period', { n, period: year })
            },
          },
          {
            key: 'before',
            head: t('last_month'),
            align: 'end',
            cell: ({ measure, trend }) => (measure === 'cases' ? format.number(trend.at(-2)?.n ?? 0) : null),
          },
          {
            key: 'basis',
            head: t('basis'),
            cell: ({ basis }) => text(`oversight.rules.bases.${BASIS_KEYS[basis] ?? basis}`),
          },
        ]}
        empty={<EmptyState title={t('empty')} />}
      />
    </>
  )
}

/** Paragraphs as keys of messages can be written. */
const BASIS_KEYS: Readonly<Record<string, string>> = {
  '8': 'paragraph_eight',
  '6(c)': 'paragraph_six_c',
  'Palermo 14(2)': 'palermo_fourteen',
}
