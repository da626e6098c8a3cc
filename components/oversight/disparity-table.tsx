import { getTranslations } from 'next-intl/server'
import { KeptBack } from '@/components/ui/bar-chart'
import type { Column } from '@/components/ui/data-table'
import { getFormat } from '@/lib/i18n/get-format'
import type { DisparityView, Group, GroupComparison } from '@/lib/oversight/disparities/schema'
import { TOGETHER } from '@/lib/reporting/cube/schema'
import { chance } from './chance'
import { ratioText, type DisparityWords } from './disparity-words'

/** A column of the figures: its text, and beneath it a smaller one with a name of its own. */
type Told = {
  readonly key: string
  readonly head: string
  readonly align?: 'end'
  readonly text: (group: Group) => string
  readonly note?: { readonly head: string; readonly text: (group: Group) => string | null }
}

const NOTHING = '—'

/** The table of an answer, as a page shows it. */
export async function disparityTable(view: DisparityView, words: DisparityWords): Promise<readonly Column<Group>[]> {
  const columns = await toldOf(view, words)
  return columns.map(({ key, head, align, text, note }, at) => ({
    key,
    head,
    ...(align === undefined ? {} : { align }),
    cell: (group: Group) => {
      if (group.kept && at > 0) return <KeptBack />
      const below = note?.text(group) ?? null
      return (
        <>
          <span className={align === 'end' ? 'tabular-nums' : undefined}>{text(group)}</span>
          {below === null ? null : <span className="block text-note text-ink-2">{below}</span>}
        </>
      )
    },
  }))
}

/** The same table as rows of text: same rounding, same order, and whatever is kept back as `[c]`. */
export async function disparityRows(
  view: DisparityView,
  words: DisparityWords,
): Promise<readonly (readonly string[])[]> {
  const columns = await toldOf(view, words)
  const heads = columns.flatMap(({ head, note }) => (note === undefined ? [head] : [head, `${head}, ${note.head}`]))
  const rows = view.groups.map((group) =>
    columns.flatMap(({ text, note }, at) => {
      const cells = group.kept && at > 0 ? ['[c]'] : [text(group)]
      return note === undefined ? cells : [...cells, group.kept ? (at > 0 ? '[c]' : '') : (note.text(group) ?? '')]
    }),
  )
  return [heads, ...rows]
}

async function toldOf(view: DisparityView, words: DisparityWords): Promise<readonly Told[]> {
  const t = await getTranslations('disparities')
  const chart = await getTranslations('disparities.chart')
  const say = await getTranslations('disparities.say')
  const format = await getFormat()
  const of = ({ group }: Group) => view.comparisons.find((one) => one.group === group)
  const isReference = ({ group }: Group) => group === view.comparisons[0]?.reference
  const ratio = (
    name: string,
    head: string,
    ratioOf: (one: GroupComparison) => GroupComparison['riskRatio'],
    pOf: (one: GroupComparison) => number | null,
  ): Told => ({
    key: name,
    head,
    text: (group) => {
      const one = of(group)
      if (isReference(group)) return chart('compared')
      return one === undefined ? NOTHING : ratioText(ratioOf(one))
    },
    note: {
      head: chart('p'),
      text: (group) => {
        const one = of(group)
        const p = one === undefined || ratioOf(one) === null ? null : pOf(one)
        return p === null ? null : `${chart('p')} ${chance(p)}`
      },
    },
  })
  const isShares = view.outcome === 'turned_away'
  const figures: readonly Told[] = [
    {
      key: 'group',
      head: chart('group'),
      text: ({ group }) => words.group(group),
      note: { head: chart('verdict'), text: ({ isWhole }) => (isWhole ? chart('flag_whole') : null) },
    },
    {
      key: 'people',
      head: chart('people'),
      align: 'end',
      text: ({ people }) => (people === null ? NOTHING : format.number(people)),
    },
    ...(isShares
      ? []
      : [{ key: 'n', head: chart('needs'), align: 'end' as const, text: ({ n }: Group) => format.number(n ?? 0) }]),
    {
      key: 'rate',
      head: isShares ? chart('share_of_all') : chart('rate'),
      align: 'end',
      text: ({ rate }) => (rate === null ? NOTHING : format.percent(rate)),
      note: {
        head: chart('interval'),
        text: ({ ci }) => (ci === null ? null : `${format.percent(ci[0])}–${format.percent(ci[1])}`),
      },
    },
  ]
  if (isShares) return figures
  return [
    ...figures,
    ratio(
      'crude',
      chart('crude'),
      ({ riskRatio }) => riskRatio,
      ({ adjustedP }) => adjustedP,
    ),
    ...(view.adjustFor.length === 0 || view.waiting !== null
      ? []
      : [
          ratio(
            'within',
            chart('within'),
            ({ mantelHaenszel }) => mantelHaenszel?.riskRatio ?? null,
            ({ withinAdjustedP }) => withinAdjustedP,
          ),
        ]),
    {
      key: 'seen',
      head: chart('seen'),
      align: 'end',
      text: (group) => {
        const least = of(group)?.detectable ?? null
        return least === null ? NOTHING : t('points', { value: format.number(Math.ceil(least * 100)) })
      },
    },
    {
      key: 'verdict',
      head: chart('verdict'),
      text: (group) => {
        const verdict = of(group)?.verdict
        if (verdict === undefined || group.group === TOGETHER) return NOTHING
        return say(verdict === 'not_shown' ? 'not_shown' : `${verdict}_short`)
      },
    },
  ]
}
