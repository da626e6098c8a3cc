import { getTranslations } from 'next-intl/server'
import { DataTable } from '@/components/ui/data-table'
import { Details } from '@/components/ui/details'
import { Section } from '@/components/ui/page-header'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { DisparityView, GroupComparison, StratumView } from '@/lib/oversight/disparities/schema'
import { TOGETHER } from '@/lib/reporting/cube/schema'
import { chance } from './chance'
import { LEVEL, ratioText, type DisparityWords } from './disparity-words'
import { RatioChart } from './ratio-chart'

type Props = {
  readonly view: DisparityView
  readonly words: DisparityWords
}

/** Whether a difference is the same wherever what is held equal is the same: in words, and a row for each stratum. */
export async function DisparityStrata({ view, words }: Props) {
  const shown = view.comparisons.filter(({ strata }) => strata.length > 0)
  if (shown.length === 0) return null
  const t = await getTranslations('disparities.strata')
  const nameOf = await stratumNames(view)
  return (
    <Section title={t('title')}>
      <div className="grid gap-1">
        {shown.map((one) => (
          <Details
            key={one.group}
            summary={words.group(one.group)}
            value={ratioText(one.mantelHaenszel?.riskRatio ?? null)}
          >
            <Strata one={one} words={words} nameOf={nameOf} />
          </Details>
        ))}
      </div>
    </Section>
  )
}

type StrataProps = {
  readonly one: GroupComparison
  readonly words: DisparityWords
  readonly nameOf: (stratum: StratumView) => string
}

async function Strata({ one, words, nameOf }: StrataProps) {
  const t = await getTranslations('disparities.strata')
  const chart = await getTranslations('disparities.chart')
  const format = await getFormat()
  const [group, reference] = [words.group(one.group), words.group(one.reference)]
  const test = one.mantelHaenszel?.breslowDay ?? null
  const share = ({ n, events }: StratumView['group']) =>
    `${n === 0 ? '—' : format.percent(events / n)} (${chart('of_all', { count: format.number(events), all: format.number(n) })})`
  return (
    <div className="grid gap-4">
      <p className="measure">
        {test === null ? t('one', { group }) : t(test.p < LEVEL ? 'differs' : 'alike', { group, p: chance(test.p) })}
      </p>
      <RatioChart
        title={t('chart', { group, reference })}
        description={t('describe')}
        rows={[
          ...one.strata.map((stratum) => ({
            key: stratum.names.join('|'),
            label: nameOf(stratum),
            figure: ratioText(stratum.riskRatio),
            crude: stratum.riskRatio,
            within: null,
            isMarked: false,
          })),
          {
            key: 'pooled',
            label: t('pooled'),
            figure: ratioText(one.mantelHaenszel?.riskRatio ?? null),
            crude: null,
            within: one.mantelHaenszel?.riskRatio ?? null,
            isMarked: true,
          },
        ]}
      />
      <DataTable<StratumView>
        caption={t('chart', { group, reference })}
        rows={one.strata}
        rowKey={({ names }) => names.join('|')}
        empty={null}
        columns={[
          { key: 'stratum', head: t('stratum'), cell: nameOf },
          { key: 'group', head: group, align: 'end', cell: (stratum) => share(stratum.group) },
          { key: 'reference', head: reference, align: 'end', cell: (stratum) => share(stratum.reference) },
          { key: 'ratio', head: chart('crude'), align: 'end', cell: ({ riskRatio }) => ratioText(riskRatio) },
        ]}
      />
    </div>
  )
}

async function stratumNames({ adjustFor, agencyNames }: DisparityView) {
  const t = await getTranslations('disparities.strata')
  const format = await getFormat()
  const { text } = await getKeyTranslator()
  return ({ names }: StratumView) =>
    names.every((name) => name === TOGETHER)
      ? t('rest')
      : format.list(
          names.map((name, at) => {
            if (name === TOGETHER) return t('rest')
            return adjustFor[at] === 'category' ? text(`mandate.categories.${name}`) : (agencyNames[name] ?? name)
          }),
        )
}
