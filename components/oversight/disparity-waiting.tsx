import { getTranslations } from 'next-intl/server'
import { DataTable, type Column } from '@/components/ui/data-table'
import { Details } from '@/components/ui/details'
import { Notice } from '@/components/ui/notice'
import { Section } from '@/components/ui/page-header'
import { getFormat } from '@/lib/i18n/get-format'
import type { DisparityView, Waiting, WaitingGroup } from '@/lib/oversight/disparities/schema'
import { chance } from './chance'
import { LEVEL, type DisparityWords } from './disparity-words'
import { WaitingChart } from './waiting-chart'

type Props = { readonly view: DisparityView; readonly words: DisparityWords }

/** How long people wait: the test in words, a panel a group beside the one compared with, and what became of them. */
export async function DisparityWaiting({ view, words }: Props) {
  const { waiting } = view
  if (waiting === null) return null
  const t = await getTranslations('disparities.waiting')
  const reference = view.comparisons[0]?.reference
  return (
    <Section title={t('title')}>
      <p className="measure mb-3">{t('intro')}</p>
      <Tests waiting={waiting} adjusters={words.adjusters} />
      <div className="my-6 grid gap-x-8 gap-y-6 md:grid-cols-2">
        {waiting.groups
          .toSorted((one, other) => Number(other.group === reference) - Number(one.group === reference))
          .map((group) => (
            <Panel key={group.group} view={view} waiting={waiting} group={group} words={words} />
          ))}
      </div>
      {waiting.groups.some(({ curve }) => curve.some(({ gone }) => gone === null)) ? (
        <p className="measure text-note text-ink-2">{t('gone_kept')}</p>
      ) : null}
      <Details summary={t('table')} open>
        <CurveTable waiting={waiting} words={words} />
      </Details>
    </Section>
  )
}

async function Tests({ waiting, adjusters }: { readonly waiting: Waiting; readonly adjusters: string }) {
  const t = await getTranslations('disparities.waiting')
  const { logRank, stratifiedLogRank } = waiting
  return (
    <div className="grid gap-2">
      {logRank === null ? null : (
        <Notice tone={logRank.adjustedP < LEVEL ? 'warn' : 'info'}>
          {t(logRank.adjustedP < LEVEL ? 'differs' : 'alike', { p: chance(logRank.adjustedP) })}
        </Notice>
      )}
      {stratifiedLogRank === null ? null : (
        <Notice tone={stratifiedLogRank.adjustedP < LEVEL ? 'warn' : 'info'}>
          {t(stratifiedLogRank.adjustedP < LEVEL ? 'within_differs' : 'within_alike', {
            adjusters,
            p: chance(stratifiedLogRank.adjustedP),
          })}
        </Notice>
      )}
    </div>
  )
}

type PanelProps = Props & { readonly waiting: Waiting; readonly group: WaitingGroup }

async function Panel({ view, waiting, group, words }: PanelProps) {
  const t = await getTranslations('disparities.waiting')
  const format = await getFormat()
  const compared = view.comparisons[0]?.reference ?? ''
  const beside = group.group === compared ? undefined : waiting.groups.find((one) => one.group === compared)
  const isInQuestion = view.comparisons.some((one) => one.group === group.group && one.verdict !== 'not_shown')
  const look = isInQuestion ? 'in_question' : 'own'
  const still = ({ curve }: WaitingGroup) => curve.map(({ time, waiting: share }) => ({ time, share }))
  const name = words.group(group.group)
  const atLimit = group.curve.findLast(({ time }) => time <= 1)?.waiting ?? 1
  const hasLeft = group.curve.every(({ gone }) => gone !== null)
  return (
    <div className="grid gap-4">
      <WaitingChart
        title={t('group', { group: name })}
        description={t('describe', {
          group: name,
          reference: words.group(compared),
          share: format.percent(atLimit),
        })}
        from={1}
        lines={[
          ...(beside === undefined ? [] : [{ points: still(beside), look: 'reference' as const }]),
          { points: still(group), look, band: group.curve.map(({ time, ci }) => ({ time, ci })) },
        ]}
        atRisk={group.curve.map(({ time, atRisk }) => ({ time, n: format.number(atRisk) }))}
        percent={(share) => format.percent(share)}
      />
      {hasLeft ? (
        <WaitingChart
          title={t('became', { group: name })}
          description={t('became_describe', { group: name })}
          from={0}
          lines={[
            { points: group.curve.map(({ time, came }) => ({ time, share: came })), look },
            { points: group.curve.map(({ time, gone }) => ({ time, share: gone ?? 0 })), look: 'gone' },
          ]}
          percent={(share) => format.percent(share)}
        />
      ) : null}
    </div>
  )
}

type Row = WaitingGroup['curve'][number] & { readonly group: string }

async function CurveTable({ waiting, words }: { readonly waiting: Waiting; readonly words: DisparityWords }) {
  const t = await getTranslations('disparities.waiting')
  const chart = await getTranslations('disparities.chart')
  const format = await getFormat()
  const times = (time: number) => t('times', { times: format.number(time) })
  const columns: readonly Column<Row>[] = [
    { key: 'group', head: chart('group'), cell: ({ group }) => words.group(group) },
    { key: 'step', head: t('step'), cell: ({ time }) => times(time) },
    { key: 'risk', head: t('at_risk'), align: 'end', cell: ({ atRisk }) => format.number(atRisk) },
    {
      key: 'waiting',
      head: t('waiting'),
      align: 'end',
      cell: ({ waiting: share, ci }) => (
        <>
          {format.percent(share)}
          {ci === null ? null : (
            <span className="block text-note text-ink-2">{`${format.percent(ci[0])}–${format.percent(ci[1])}`}</span>
          )}
        </>
      ),
    },
    { key: 'came', head: t('came'), align: 'end', cell: ({ came }) => format.percent(came) },
    {
      key: 'gone',
      head: t('gone'),
      align: 'end',
      cell: ({ gone }) => (gone === null ? '—' : format.percent(gone)),
    },
  ]
  return (
    <>
      <DataTable
        caption={t('table')}
        columns={columns}
        rows={waiting.groups.flatMap(({ group, curve }) => curve.map((step): Row => ({ ...step, group })))}
        rowKey={({ group, time }) => `${group} ${String(time)}`}
        empty={null}
      />
      <ul className="mt-3 grid gap-1 text-note">
        {waiting.groups.map(({ group, median }) => (
          <li key={group}>
            {words.group(group)}, {t('median')}: {median === null ? t('not_reached') : times(median)}
          </li>
        ))}
      </ul>
    </>
  )
}
