import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { chance } from '@/components/oversight/chance'
import { groupWords } from '@/components/oversight/group-words'
import { RuleStatePill } from '@/components/oversight/rule-state'
import { LinkButton } from '@/components/ui/button'
import { BarChart } from '@/components/ui/bar-chart'
import { Code, grouped } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { ADJUSTERS } from '@/lib/oversight/disparities/schema'
import { GROUP_RULES } from '@/lib/oversight/rules/rules'
import { ruleInput, type RuleCase, type RuleDetail, type RuleGroup } from '@/lib/oversight/rules/schema'
import { viewRule } from '@/lib/oversight/rules/service'

type Props = PageProps<'/oversight/rules/[key]'>

export const generateMetadata = titleOrMissing(RulePage, async () => {
  const t = await getTranslations('oversight.rules')
  return { title: t('one_title') }
})

export default orMissing(RulePage)

/** One rule in words, how often it was broken, and by which cases. */
async function RulePage({ params }: Props) {
  const actor = await requireActorWho('oversight-rule:read')
  const asked = ruleInput.safeParse({ rule: (await params).key })
  if (!asked.success) notFound()
  const found = await viewRule(actor, asked.data)
  if (!found.ok) notFound()
  const rule = found.value
  const t = await getTranslations('oversight.rules')
  const findings = await getTranslations('findings')
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={rule.title}
        crumbs={[{ label: t('title'), href: '/oversight/rules' }]}
        pills={<RuleStatePill state={rule.state} />}
        facts={t(`owner.${rule.owner}`)}
        secondary={
          rule.cases.length === 0 ? undefined : <LinkButton href={findingFrom(rule.key)}>{findings('open')}</LinkButton>
        }
      />
      <p className="measure mb-6">{rule.text}</p>
      <Trend rule={rule} />
      {rule.measure === 'groups' ? (
        <Section title={t('groups')}>
          <Groups rule={rule} />
        </Section>
      ) : (
        <Section title={t('cases')}>
          <Cases rule={rule} />
        </Section>
      )}
      {rule.lookedAt === null ? null : (
        <p className="text-note text-ink-2">{t('looked_at', { when: format.moment(new Date(rule.lookedAt)) })}</p>
      )}
    </>
  )
}

async function Trend({ rule }: { readonly rule: RuleDetail }) {
  const t = await getTranslations('oversight.rules')
  const format = await getFormat()
  if (rule.trend.length === 0) return null
  return (
    <Section title={t('trend')}>
      <BarChart
        title={t('broken')}
        description={rule.measure === 'groups' ? t('trend_groups') : t('trend_what')}
        labelHead={rule.measure === 'groups' ? t('period') : t('month')}
        valueHead={t('broken')}
        format={format.number}
        bars={rule.trend.map(({ month, n }) => ({
          key: month,
          label: rule.measure === 'groups' ? month.slice(0, 4) : month,
          value: n,
        }))}
      />
    </Section>
  )
}

async function Cases({ rule }: { readonly rule: RuleDetail }) {
  const t = await getTranslations('oversight.rules')
  const findings = await getTranslations('findings')
  const format = await getFormat()
  const about = ({ code, kind }: RuleCase) =>
    code === null ? (
      t(`kind.${kind}`)
    ) : (
      <AppLink href={`/oversight/log?${kind === 'member' ? 'actor' : 'subject'}=${code}`}>
        <Code code={code} />
      </AppLink>
    )
  return (
    <DataTable<RuleCase & { readonly at: number }>
      caption={t('cases_caption')}
      rows={rule.cases.map((one, at) => ({ ...one, at }))}
      rowKey={({ at }) => String(at)}
      columns={[
        { key: 'about', head: t('about'), cell: about },
        { key: 'kind', head: t('kind_label'), cell: ({ kind }) => t(`kind.${kind}`) },
        { key: 'agency', head: t('agency'), cell: ({ agencyName }) => <bdi>{agencyName}</bdi> },
        { key: 'day', head: t('day'), cell: ({ onDay }) => format.day(onDay) },
        {
          key: 'finding',
          head: findings('title'),
          cell: ({ code }) =>
            code === null ? null : (
              <AppLink href={findingFrom(rule.key, code)} aria-label={findings('open_on', { code: grouped(code) })}>
                {findings('open')}
              </AppLink>
            ),
        },
      ]}
      pages={rule.isCut ? { note: t('cut') } : {}}
      empty={<EmptyState title={t('none')} />}
    />
  )
}

/** The groups, as far as the frozen period itself shows them, and the way to the full analysis. */
async function Groups({ rule }: { readonly rule: RuleDetail }) {
  const t = await getTranslations('oversight.rules')
  const d = await getTranslations('disparities.ground')
  const findings = await getTranslations('findings')
  const format = await getFormat()
  const words = new Map(
    await Promise.all(rule.groups.map(async ({ ground }) => [ground, await groupWords(ground)] as const)),
  )
  const wordOf = ({ ground }: RuleGroup, level: string) => words.get(ground)?.(level) ?? level
  return (
    <>
      <DataTable<RuleGroup>
        caption={t('groups_caption')}
        rows={rule.groups}
        rowKey={({ period, ground, group, reference }) => [period, ground, group, reference].join(' ')}
        columns={[
          { key: 'group', head: t('group'), cell: (one) => wordOf(one, one.group) },
          { key: 'ground', head: t('ground'), cell: ({ ground }) => d(ground) },
          { key: 'rate', head: t('rate'), align: 'end', cell: ({ rate }) => format.percent(rate) },
          { key: 'against', head: t('against'), cell: (one) => wordOf(one, one.reference) },
          {
            key: 'against_rate',
            head: t('against_rate'),
            align: 'end',
            cell: ({ referenceRate }) => format.percent(referenceRate),
          },
          { key: 'chance', head: t('chance'), align: 'end', cell: ({ adjustedP }) => chance(adjustedP) },
          { key: 'period', head: t('period'), cell: ({ period }) => period },
          {
            key: 'finding',
            head: findings('title'),
            cell: (one) => (
              <AppLink
                href={questionOf(rule.key, one)}
                aria-label={t('ask_group', { group: wordOf(one, one.group), period: one.period })}
              >
                {t('ask')}
              </AppLink>
            ),
          },
        ]}
        empty={
          rule.lookedAt === null ? (
            <EmptyState title={t('no_period')}>{t('no_period_hint')}</EmptyState>
          ) : (
            <EmptyState title={t('none_groups')} />
          )
        }
      />
      <p className="mt-4">
        <AppLink href="/oversight/disparities">{t('more')}</AppLink>
      </p>
    </>
  )
}

/** The question that a rule asked of a ground, to be asked again: a finding begins at its answer, which is evidence that can be repeated. */
function questionOf(rule: string, { ground, period }: RuleGroup): string {
  const query = new URLSearchParams({
    outcome: GROUP_RULES[rule]?.outcome ?? '',
    ground,
    period,
    adjustFor: ADJUSTERS.join(','),
  })
  return `/oversight/disparities/new?${query.toString()}`
}

/** Where a finding begins from a rule as a whole, or from one of its cases. */
function findingFrom(rule: string, item?: string): string {
  const query = new URLSearchParams({ from: 'rule', code: rule, ...(item === undefined ? {} : { item }) })
  return `/oversight/findings/new?${query.toString()}`
}
