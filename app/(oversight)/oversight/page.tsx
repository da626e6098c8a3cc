import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { SEAL_LOOK } from '@/components/audit/seal-words'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LookTable } from '@/components/oversight/look-table'
import { RuleStatePill } from '@/components/oversight/rule-state'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { AppLink, RecordLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { Sparkline } from '@/components/ui/sparkline'
import type { SealView } from '@/lib/audit/state/schema'
import { viewSeal } from '@/lib/audit/state/service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { directionOf } from '@/lib/oversight/home/rules'
import { FINDING_STATES } from '@/lib/oversight/findings/schema'
import type { HomeView } from '@/lib/oversight/home/schema'
import { viewHome } from '@/lib/oversight/home/service'
import type { RuleView } from '@/lib/oversight/rules/schema'
import { verifyNowAction } from './actions'

export const generateMetadata = titleOrMissing(OversightPage, async () => {
  const t = await getTranslations('oversight.home')
  return { title: t('page_title') }
})

export default orMissing(OversightPage)

/** Where to look first: the seal, what is red and why, and what came since the last visit. */
async function OversightPage() {
  const actor = await requireActorWho('log:read-network')
  const found = await viewHome(actor)
  if (!found.ok) notFound()
  const home = found.value
  const seal = await viewSeal(actor)
  const t = await getTranslations('oversight.home')
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={t('title')}
        facts={home.since === null ? t('first_visit') : t('since', { day: format.moment(new Date(home.since)) })}
      />
      {seal.ok ? <SealLine seal={seal.value} /> : null}
      <Section title={t('look_first')}>
        <LookTable items={home.look} />
      </Section>
      <Rules home={home} />
      <div className="grid items-start gap-x-10 lg:grid-cols-2">
        <Findings home={home} />
        <div>
          <Complaints home={home} />
          <Sample sample={home.sample} />
        </div>
      </div>
      <p className="text-note text-ink-2">{t('no_names')}</p>
    </>
  )
}

async function SealLine({ seal }: { readonly seal: SealView }) {
  const t = await getTranslations('oversight.home')
  const words = await getTranslations('audit.seal')
  const format = await getFormat()
  const { verification: check } = seal
  return (
    <section aria-label={t('seal')} className="mb-8 flex flex-wrap items-center gap-x-4 gap-y-2">
      <Pill {...SEAL_LOOK[seal.state]}>{words(`state.${seal.state}`)}</Pill>
      <span>{t('sealed', { count: seal.size })}</span>
      <span className="text-ink-2">
        {check === null ? words('checked_never') : t('checked', { when: format.moment(new Date(check.at)) })}
      </span>
      {seal.checking ? (
        <span role="status">{words('checking')}</span>
      ) : (
        <ActionForm
          action={verifyNowAction}
          initial={await initialForm({}, '/oversight')}
          submit={t('verify')}
          tone="secondary"
          label={t('verify')}
        />
      )}
      <LinkButton href="/admin/seal">{t('proof')}</LinkButton>
    </section>
  )
}

async function Rules({ home }: { readonly home: HomeView }) {
  const t = await getTranslations('oversight.home')
  const rules = await getTranslations('oversight.rules')
  const format = await getFormat()
  const trendWords = ({ trend }: RuleView) =>
    t('trend_says', {
      way: directionOf(trend),
      before: trend.at(-2)?.n ?? 0,
      now: trend.at(-1)?.n ?? 0,
    })
  return (
    <Section title={t('rules', { count: Object.values(home.byState).reduce((sum, n) => sum + n, 0) })}>
      <DataTable<RuleView>
        caption={t('rules_caption')}
        rows={home.broken}
        rowKey={({ key }) => key}
        columns={[
          {
            key: 'rule',
            head: rules('rule'),
            cell: ({ key, title }) => <AppLink href={`/oversight/rules/${key}`}>{title}</AppLink>,
          },
          { key: 'state', head: rules('state_label'), cell: ({ state }) => <RuleStatePill state={state} /> },
          {
            key: 'now',
            head: rules('this_month'),
            align: 'end',
            cell: ({ trend }) => format.number(trend.at(-1)?.n ?? 0),
          },
          {
            key: 'before',
            head: rules('last_month'),
            align: 'end',
            cell: ({ trend }) => format.number(trend.at(-2)?.n ?? 0),
          },
          {
            key: 'trend',
            head: t('trend'),
            cell: (rule) => <Sparkline label={trendWords(rule)} values={rule.trend.map(({ n }) => n)} />,
          },
        ]}
        empty={<EmptyState title={t('rules_hold')} />}
      />
      <p className="mt-3">
        <AppLink href="/oversight/rules">{t('holding', { count: home.byState.holds })}</AppLink>
      </p>
    </Section>
  )
}

async function Findings({ home }: { readonly home: HomeView }) {
  const t = await getTranslations('oversight.home')
  const words = await getTranslations('findings.state')
  const { byState, late } = home.findings
  return (
    <Section title={t('findings')}>
      <Counts
        caption={t('findings_caption', { count: late })}
        rows={FINDING_STATES.map((state) => ({
          href: `/oversight/findings?state=${state}`,
          label: words(state),
          n: byState[state],
        }))}
      />
    </Section>
  )
}

/** How far the latest sample is read, and in how many files something is of concern. */
async function Sample({ sample }: Pick<HomeView, 'sample'>) {
  const t = await getTranslations('oversight.home')
  const words = await getTranslations('samples')
  const format = await getFormat()
  return (
    <Section title={t('sample')} aside={<AppLink href="/oversight/samples">{t('all_samples')}</AppLink>}>
      {sample === null ? (
        <EmptyState
          title={words('empty')}
          act={<LinkButton href="/oversight/samples/new">{words('new.title')}</LinkButton>}
        />
      ) : (
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <RecordLink href={`/oversight/samples/${sample.code}`}>
            <Code code={sample.code} />
          </RecordLink>
          <span>{words('read_of', { read: sample.read, files: sample.files })}</span>
          <span>{t('sample_concerns', { count: sample.concerns })}</span>
          <span className="text-note text-ink-2">{format.moment(new Date(sample.drawnAt))}</span>
        </p>
      )}
    </Section>
  )
}

async function Complaints({ home }: { readonly home: HomeView }) {
  const t = await getTranslations('oversight.home')
  const words = await getTranslations('complaints.state')
  const { complaints } = home
  const rows = [
    { key: 'new', n: complaints.new },
    { key: 'looked_at', n: complaints.lookedAt },
    { key: 'answered', n: complaints.answered },
  ] as const
  return (
    <Section title={t('complaints')}>
      <Counts
        caption={t('complaints_fresh', { count: complaints.fresh })}
        rows={rows.map(({ key, n }) => ({ href: `/oversight/complaints?state=${key}`, label: words(key), n }))}
      />
    </Section>
  )
}

type CountsProps = {
  readonly caption: string
  readonly rows: readonly { readonly href: string; readonly label: string; readonly n: number }[]
}

/** How many are in each state: two columns, which fit beside each other everywhere. */
async function Counts({ caption, rows }: CountsProps) {
  const t = await getTranslations('oversight.home')
  const format = await getFormat()
  return (
    <table className="w-full border-collapse">
      <caption className="pb-2 text-start text-note text-ink-2">{caption}</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">{t('complaint_state')}</th>
          <th scope="col">{t('how_many')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ href, label, n }) => (
          <tr key={href} className="border-b border-line">
            <th scope="row" className="py-cell text-start font-normal">
              <AppLink href={href}>{label}</AppLink>
            </th>
            <td className="py-cell text-end tabular-nums">{format.number(n)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
