import { getTranslations } from 'next-intl/server'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { Pill } from '@/components/ui/pill'
import type { LookItem } from '@/lib/oversight/home/schema'
import { RuleStatePill } from './rule-state'

/** What an auditor should look at, the worst first, each with the page that says more. */
export async function LookTable({ items }: { readonly items: readonly LookItem[] }) {
  const t = await getTranslations('oversight.home')
  const what = await whatWords()
  const why = await whyWords()
  return (
    <DataTable<LookItem & { readonly at: number }>
      caption={t('look_caption')}
      isCaptionHidden
      rows={items.map((item, at) => ({ ...item, at }))}
      rowKey={({ at }) => String(at)}
      rowTone={({ grade }) => (grade === 'breach' ? 'stop' : grade === 'concern' ? 'warn' : undefined)}
      columns={[
        {
          key: 'what',
          head: t('what'),
          cell: (item) => (
            <AppLink href={hrefOf(item)} className="font-semibold text-action-ink underline">
              {what(item)}
            </AppLink>
          ),
        },
        { key: 'grade', head: t('grade'), cell: ({ grade }) => <RuleStatePill state={grade} /> },
        { key: 'why', head: t('why'), cell: why },
        {
          key: 'fresh',
          head: t('fresh'),
          cell: ({ fresh }) => (fresh === 0 ? t('known') : <Pill tone="info">{t('is_new')}</Pill>),
        },
      ]}
      empty={<EmptyState title={t('nothing')}>{t('nothing_hint')}</EmptyState>}
    />
  )
}

async function whatWords(): Promise<(item: LookItem) => string> {
  const t = await getTranslations('oversight.home')
  const disparities = await getTranslations('disparities')
  return (item) => {
    if (item.kind === 'rule') return item.title
    if (item.kind === 'complaints') return t('complaints_wait')
    if (item.kind === 'findings') return t('findings_late')
    const { outcome, ground, period } = item.run
    const question = disparities('of', {
      outcome: disparities(`outcome.${outcome}`),
      ground: disparities(`ground.${ground}`),
    })
    return t('run', { question, period })
  }
}

async function whyWords(): Promise<(item: LookItem) => string> {
  const t = await getTranslations('oversight.home')
  return (item) => {
    if (item.kind === 'complaints') return t('complaints_why', { count: item.n, days: item.days })
    if (item.kind === 'findings') return t('findings_why', { count: item.n })
    if (item.kind === 'run') return t('run_why', { count: item.worse })
    return item.agencies === 0
      ? t('rule_why_groups', { count: item.n })
      : t('rule_why', { count: item.n, agencies: item.agencies })
  }
}

function hrefOf(item: LookItem): string {
  if (item.kind === 'rule') return `/oversight/rules/${item.key}`
  if (item.kind === 'complaints') return '/oversight/complaints?state=new'
  if (item.kind === 'findings') return '/oversight/findings'
  return `/oversight/disparities/${item.run.code}`
}
