import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { chance } from '@/components/oversight/chance'
import { groupWords } from '@/components/oversight/group-words'
import { RatioChart } from '@/components/oversight/ratio-chart'
import { LinkButton } from '@/components/ui/button'
import { KeptBack } from '@/components/ui/bar-chart'
import { Code } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import type { DisparityView, Group, GroupComparison } from '@/lib/oversight/disparities/schema'
import { viewDisparity } from '@/lib/oversight/disparities/service'
import { TOGETHER } from '@/lib/reporting/cube/schema'

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
  const words = await wordsOf(view)
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
        ]}
      />
      <div className="my-6 measure">
        <Sentences view={view} words={words} />
      </div>
      <Chart view={view} words={words} />
      <Section title={t('chart.verdict')}>
        <DataTable
          caption={t(`measure.${view.outcome}`)}
          columns={await columns(view, words)}
          rows={view.groups.filter(({ kept }) => !kept)}
          rowKey={({ group }) => group}
          rowTone={({ group }) => (toneOf(view, group) === 'worse' ? 'warn' : undefined)}
          empty={<EmptyState title={t('say.few')}>{t('caveat.restricted')}</EmptyState>}
        />
        <KeptGroups view={view} words={words} />
      </Section>
      <Caveats view={view} words={words} />
      <Rest view={view} />
    </>
  )
}

type Words = {
  readonly title: string
  readonly period: string
  readonly scope: string
  readonly adjusters: string
  readonly group: (level: string) => string
}

async function wordsOf(view: DisparityView): Promise<Words> {
  const t = await getTranslations('disparities')
  const categories = await getTranslations('mandate.categories')
  const format = await getFormat()
  const where = [
    ...(view.category === null ? [] : [categories(view.category)]),
    ...(view.agencyName === null ? [] : [view.agencyName]),
  ]
  return {
    title: t('of', { outcome: t(`outcome.${view.outcome}`), ground: t(`ground.${view.ground}`) }),
    period: view.period,
    scope: where.length === 0 ? t('network') : format.list(where),
    adjusters: format.list(view.adjustFor.map((one) => t(`adjuster.${one}`))),
    group: await groupWords(view.ground),
  }
}

type Part = { readonly view: DisparityView; readonly words: Words }

async function Sentences({ view, words }: Part) {
  const t = await getTranslations('disparities.say')
  const told = view.comparisons.flatMap((one) => sentencesOf(one))
  if (view.comparisons.length === 0) return <p>{t('few')}</p>
  if (told.length === 0) return <p>{t('none')}</p>
  return (
    <ul className="grid gap-2">
      {told.map(({ key, says, one }) => (
        <li key={key}>
          <Notice tone={says === 'worse' || says === 'appears' || says === 'turned' ? 'warn' : 'info'}>
            {t(says, {
              group: words.group(one.group),
              reference: words.group(one.reference),
              adjusters: words.adjusters,
              ratio: ratioOf(one),
            })}
          </Notice>
        </li>
      ))}
    </ul>
  )
}

type Saying = 'worse' | 'better' | 'gone' | 'appears' | 'turned' | 'four_fifths'

function sentencesOf(one: GroupComparison) {
  const says: Saying[] = [
    ...(one.verdict === 'not_shown' ? [] : [one.verdict]),
    ...(one.change === 'none' ? [] : [one.change]),
    ...(one.verdict === 'worse' && one.fourFifths?.passes === false ? (['four_fifths'] as const) : []),
  ]
  return says.map((saying) => ({ key: `${one.group} ${saying}`, says: saying, one }))
}

function ratioOf({ mantelHaenszel, riskRatio }: GroupComparison): string {
  return (mantelHaenszel?.riskRatio ?? riskRatio)?.estimate.toFixed(2) ?? '—'
}

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

async function columns(view: DisparityView, words: Words): Promise<readonly Column<Group>[]> {
  const t = await getTranslations('disparities')
  const format = await getFormat()
  const of = (group: string) => view.comparisons.find((one) => one.group === group)
  const shown = (kept: boolean, value: ReactNode) => (kept ? <KeptBack /> : value)
  const ratio = (found: { estimate: number; ci: readonly [number, number] } | null | undefined, p: number | null) =>
    found === null || found === undefined ? (
      '—'
    ) : (
      <span className="tabular-nums">
        {`${found.estimate.toFixed(2)} (${found.ci[0].toFixed(2)}–${found.ci[1].toFixed(2)})`}
        {p === null ? null : <span className="block text-note text-ink-2">{`${t('chart.p')} ${chance(p)}`}</span>}
      </span>
    )
  return [
    {
      key: 'group',
      head: t('chart.group'),
      cell: ({ group, isWhole }) => (
        <>
          {words.group(group)}
          {isWhole ? <span className="block text-note text-ink-2">{t('chart.flag_whole')}</span> : null}
        </>
      ),
    },
    { key: 'n', head: t('chart.needs'), align: 'end', cell: ({ n, kept }) => shown(kept, format.number(n ?? 0)) },
    {
      key: 'rate',
      head: t('chart.rate'),
      align: 'end',
      cell: ({ rate, ci, kept }) =>
        shown(
          kept,
          rate === null ? (
            '—'
          ) : (
            <>
              {format.percent(rate)}
              <span className="block text-note text-ink-2">
                {ci === null ? null : `${format.percent(ci[0])}–${format.percent(ci[1])}`}
              </span>
            </>
          ),
        ),
    },
    {
      key: 'crude',
      head: t('chart.crude'),
      cell: ({ group, kept }) => shown(kept, ratio(of(group)?.riskRatio, of(group)?.adjustedP ?? null)),
    },
    ...(view.adjustFor.length === 0
      ? []
      : [
          {
            key: 'within',
            head: t('chart.within'),
            cell: ({ group, kept }: Group) => {
              const one = of(group)
              return shown(
                kept || one?.mantelHaenszel === null,
                ratio(one?.mantelHaenszel?.riskRatio, one?.withinAdjustedP ?? null),
              )
            },
          },
        ]),
    {
      key: 'seen',
      head: t('chart.seen'),
      align: 'end',
      cell: ({ group, kept }) => {
        const least = of(group)?.detectable
        return shown(
          kept,
          least === null || least === undefined ? '—' : t('points', { value: format.number(Math.ceil(least * 100)) }),
        )
      },
    },
    {
      key: 'verdict',
      head: t('chart.verdict'),
      cell: ({ group, kept }) => {
        const verdict = toneOf(view, group)
        if (kept) return <KeptBack />
        if (verdict === undefined || group === TOGETHER) return '—'
        return t(verdict === 'not_shown' ? 'say.not_shown' : `say.${verdict}_short`)
      },
    },
  ]
}

async function Caveats({ view, words }: Part) {
  const t = await getTranslations('disparities.caveat')
  const say = await getTranslations('disparities.say')
  const format = await getFormat()
  const partly = view.comparisons.filter(({ heldEqual }) => heldEqual !== null && heldEqual < 1)
  return (
    <Section title={t('title')}>
      <ul className="measure grid list-disc gap-1 ps-5">
        <li>{t('looked', { count: view.looked })}</li>
        <li>{t('cause')}</li>
        {view.category === null ? <li>{t('unit')}</li> : null}
        {view.adjustFor.includes('agency') ? <li>{t('agency')}</li> : null}
        {partly.map(({ group, heldEqual }) => (
          <li key={group}>{say('partly', { group: words.group(group), share: format.percent(heldEqual ?? 0) })}</li>
        ))}
        <li>{view.refused === null ? t('refused_kept') : t('refused', { count: view.refused })}</li>
        <li>{t('restricted')}</li>
      </ul>
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
      <Notice tone={made.repeats ? 'go' : 'stop'}>{t(made.repeats ? 'repeats' : 'differs')}</Notice>
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
