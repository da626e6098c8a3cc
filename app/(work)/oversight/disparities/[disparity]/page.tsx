import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { DisparityStrata } from '@/components/oversight/disparity-strata'
import { DisparityRegression } from '@/components/oversight/disparity-regression'
import { DisparitySentences } from '@/components/oversight/disparity-sentences'
import { disparityTable } from '@/components/oversight/disparity-table'
import { DisparityWaiting } from '@/components/oversight/disparity-waiting'
import { disparityWords, ratioText, type DisparityWords } from '@/components/oversight/disparity-words'
import { RatioChart } from '@/components/oversight/ratio-chart'
import { KeptBack } from '@/components/ui/bar-chart'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { Details, Disclosure } from '@/components/ui/details'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { OUTCOMES, type DisparityView } from '@/lib/oversight/disparities/schema'
import { viewDisparity } from '@/lib/oversight/disparities/service'
import { TOGETHER } from '@/lib/reporting/cube/schema'
import { runDisparityAction } from '../actions'

const PATH = '/oversight/disparities'

type Props = PageProps<'/oversight/disparities/[disparity]'>

export const generateMetadata = titleOrMissing(DisparityPage, async ({ params }: Props) => {
  const t = await getTranslations('disparities')
  return { title: t('view_page_title', { code: (await params).disparity }) }
})

export default orMissing(DisparityPage)

/** What a frozen period answered: in sentences first, then drawn and as a table, with what it rests on. */
async function DisparityPage({ params }: Props) {
  const found = await viewDisparity(await requireActor(), { disparity: (await params).disparity })
  if (!found.ok) notFound()
  const view = found.value
  const t = await getTranslations('disparities')
  const findings = await getTranslations('findings')
  const words = await disparityWords(view)
  const reference = view.comparisons[0]?.reference
  return (
    <>
      <PageHeader
        title={words.title}
        crumbs={[{ label: t('title'), href: PATH }]}
        facts={<Code code={view.code} />}
        secondary={
          <LinkButton href={`/oversight/findings/new?from=disparity&code=${view.code}`}>{findings('open')}</LinkButton>
        }
      />
      <Facts
        facts={[
          { label: t('period_label'), value: words.period },
          { label: t('scope_label'), value: words.scope },
          ...(view.adjustFor.length === 0 ? [] : [{ label: t('adjust_label'), value: words.adjusters }]),
          ...(reference === undefined ? [] : [{ label: t('reference.label'), value: words.group(reference) }]),
        ]}
      />
      <div className="my-6 measure">
        <DisparitySentences view={view} words={words} />
      </div>
      <Chart view={view} words={words} />
      <Section title={t('chart.verdict')}>
        <DataTable
          caption={t(`measure.${view.outcome}`)}
          columns={await disparityTable(view, words)}
          rows={view.groups.filter(({ kept }) => !kept)}
          rowKey={({ group }) => group}
          rowTone={({ group }) => (toneOf(view, group) === 'worse' ? 'warn' : undefined)}
          empty={<EmptyState title={t('say.few')}>{t('caveat.restricted')}</EmptyState>}
        />
        <KeptGroups view={view} words={words} />
        <p className="mt-3 flex flex-wrap gap-4 no-print">
          <AppLink href={`${PATH}/${view.code}/table`}>{t('chart.download')}</AppLink>
          {view.waiting === null ? (
            <AppLink href={`${PATH}/new?outcome=time_to_service&ground=${view.ground}&period=${view.period}`}>
              {t('waiting.link')}
            </AppLink>
          ) : null}
        </p>
        <OtherReference view={view} words={words} />
      </Section>
      <DisparityWaiting view={view} words={words} />
      <DisparityStrata view={view} words={words} />
      <DisparityRegression view={view} words={words} />
      <WhyDeclined view={view} words={words} />
      <Caveats view={view} words={words} />
      <Rest view={view} />
    </>
  )
}

type Part = { readonly view: DisparityView; readonly words: DisparityWords }

async function Chart({ view, words }: Part) {
  const t = await getTranslations('disparities')
  const [first] = view.comparisons
  if (first === undefined) return null
  const reference = words.group(first.reference)
  return (
    <div className="my-6">
      <RatioChart
        title={t('chart.title_ratio', { reference })}
        description={t(view.adjustFor.length === 0 ? 'chart.ratio_measure_crude' : 'chart.ratio_measure', {
          reference,
          adjusters: words.adjusters,
        })}
        rows={view.comparisons.map(({ group, riskRatio, mantelHaenszel, verdict }) => ({
          key: group,
          label: words.group(group),
          figure: ratioText(mantelHaenszel?.riskRatio ?? riskRatio),
          crude: riskRatio,
          within: mantelHaenszel?.riskRatio ?? null,
          isMarked: verdict !== 'not_shown',
        }))}
      />
    </div>
  )
}

/** The groups of which nothing may be shown, by name: a row for each would say no more. */
async function KeptGroups({ view, words }: Part) {
  const kept = view.groups.filter((one) => one.kept)
  if (kept.length === 0) return null
  const t = await getTranslations('disparities.chart')
  const chart = await getTranslations('ui.chart')
  const format = await getFormat()
  return (
    <div className="mt-3 grid gap-1">
      <p className="measure">
        <KeptBack />{' '}
        {t('kept_groups', { count: kept.length, names: format.list(kept.map(({ group }) => words.group(group))) })}
      </p>
      <p className="text-note text-ink-2">{chart('legend')}</p>
    </div>
  )
}

function toneOf(view: DisparityView, group: string) {
  return view.comparisons.find((one) => one.group === group)?.verdict
}

/** The same question again beside another group, of those that stand alone here. */
async function OtherReference({ view, words }: Part) {
  const others = view.groups.filter(({ kept, group, n }) => !kept && group !== TOGETHER && (n ?? 0) > 0)
  if (view.comparisons.length === 0 || others.length < 2) return null
  const t = await getTranslations('disparities.reference')
  const { outcome, ground, period, category, agency, adjustFor } = view
  const more = {
    ...(category === null ? {} : { category }),
    ...(agency === null ? {} : { agency }),
    ...(adjustFor.length === 0 ? {} : { adjustFor: adjustFor.join(',') }),
  }
  return (
    <Details summary={t('title')} className="mt-2 no-print">
      <ActionForm
        action={runDisparityAction}
        initial={await initialForm({ reference: view.comparisons[0]?.reference }, `${PATH}/${view.code}`)}
        submit={t('submit')}
        tone="secondary"
        hidden={{ outcome, ground, period, ...more }}
        label={t('title')}
      >
        <Select
          name="reference"
          label={t('label')}
          options={others.map(({ group }) => ({ value: group, label: words.group(group) }))}
        />
      </ActionForm>
    </Details>
  )
}

/** Beside whether referrals were accepted: why not. */
async function WhyDeclined({ view, words }: Part) {
  if (OUTCOMES[view.outcome].family !== 'referral') return null
  const t = await getTranslations('disparities.declines')
  const chart = await getTranslations('disparities.chart')
  const format = await getFormat()
  const told = (n: number | null) => (n === null ? <KeptBack /> : format.number(n))
  const isCoarse = view.declines.some(({ capacity, unfit, person }) => [capacity, unfit, person].includes(null))
  return (
    <Section title={t('title')}>
      <DataTable
        caption={t('title')}
        rows={view.declines}
        rowKey={({ group }) => group}
        columns={[
          { key: 'group', head: chart('group'), cell: ({ group }) => words.group(group) },
          { key: 'capacity', head: t('capacity'), align: 'end', cell: ({ capacity }) => told(capacity) },
          { key: 'unfit', head: t('unfit'), align: 'end', cell: ({ unfit }) => told(unfit) },
          { key: 'person', head: t('person'), align: 'end', cell: ({ person }) => told(person) },
          { key: 'else', head: t('else'), align: 'end', cell: (row) => told(row.else) },
        ]}
        empty={<EmptyState title={t('none')} />}
      />
      {isCoarse ? <p className="mt-2 text-note text-ink-2">{t('note')}</p> : null}
    </Section>
  )
}

async function Caveats({ view, words }: Part) {
  const t = await getTranslations('disparities.caveat')
  const say = await getTranslations('disparities.say')
  const format = await getFormat()
  const isDoor = OUTCOMES[view.outcome].family === 'door'
  const partly = view.comparisons.filter(({ heldEqual }) => heldEqual !== null && heldEqual < 1)
  return (
    <Section title={t('title')}>
      <ul className="measure grid list-disc gap-1 ps-5">
        {view.looked === 0 ? null : <li>{t('looked', { count: view.looked })}</li>}
        <li>{t('cause')}</li>
        {isDoor ? <li>{t('door')}</li> : null}
        {view.category === null && !isDoor ? <li>{t('unit')}</li> : null}
        {view.category === null && !isDoor && view.comparisons.length > 0 ? (
          <li>
            {view.clustered === null
              ? t('persons_not')
              : t('persons', { factor: format.number(view.clustered.factor) })}
          </li>
        ) : null}
        {isDoor ? null : <li>{t('people')}</li>}
        <li>{t('unstated')}</li>
        {view.adjustFor.includes('agency') ? <li>{t('agency')}</li> : null}
        {view.adjustFor.includes('category') ? <li>{t('category')}</li> : null}
        {isDoor ? null : <li>{view.refused === null ? t('refused_kept') : t('refused', { count: view.refused })}</li>}
        {isDoor ? null : <li>{t('restricted')}</li>}
      </ul>
      {partly.length === 0 ? null : (
        <div className="mt-3">
          <Disclosure summary={t('partly', { count: partly.length })}>
            <ul className="grid gap-1">
              {partly.map(({ group, heldEqual }) => (
                <li key={group}>
                  {say('partly', { group: words.group(group), share: format.percent(heldEqual ?? 0) })}
                </li>
              ))}
            </ul>
          </Disclosure>
        </div>
      )}
    </Section>
  )
}

async function Rest({ view }: { readonly view: DisparityView }) {
  const t = await getTranslations('disparities.rest')
  const format = await getFormat()
  const { reproduction: made } = view
  const digest = (hash: string) => <span className="break-all font-code">{hash}</span>
  return (
    <Section title={t('title')}>
      {made.repeats === null ? (
        <Notice>{t('earlier')}</Notice>
      ) : (
        <Notice tone={made.repeats ? 'go' : 'stop'}>{t(made.repeats ? 'repeats' : 'differs')}</Notice>
      )}
      <div className="mt-4">
        <Facts
          facts={[
            { label: t('cube'), value: <Code code={made.cube} /> },
            { label: t('as_of'), value: format.moment(new Date(made.asOf)) },
            { label: t('version'), value: `${made.cubeVersion}, ${made.codeVersion}` },
            { label: t('extract'), value: digest(made.extractHash) },
            { label: t('tables'), value: digest(made.tablesHash) },
            { label: t('figures'), value: digest(made.figuresHash) },
          ]}
        />
      </div>
      <p className="mt-2 text-note text-ink-2">{t('csv')}</p>
    </Section>
  )
}
