import { useTranslations } from 'next-intl'
import { BarChart } from '@/components/ui/bar-chart'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import type { Bottleneck, DeskView } from '@/lib/referrals/desk/schema'
import { CategoryTile } from '@/components/assistance/category-tile'

type BottlenecksProps = {
  readonly bottlenecks: readonly Bottleneck[]
  readonly declines: DeskView['declines']
}

/** Where it sticks: by kind of help, and why agencies declined. */
export function Bottlenecks({ bottlenecks, declines }: BottlenecksProps) {
  const t = useTranslations('desk')
  const types = useTranslations('mandate')
  const typeOf = ({ category, type }: Bottleneck) =>
    types(`types.${category}.${type}` as 'types.legal.information_advice')
  return (
    <section aria-labelledby="sticks" className="mt-8 grid gap-4">
      <h2 id="sticks" className="text-lead font-semibold">
        {t('sticks.title')}
      </h2>
      <DataTable
        caption={t('sticks.caption')}
        isCaptionHidden
        rows={bottlenecks}
        rowKey={({ category, type }) => `${category}.${type}`}
        rowTone={({ offeredBy, late }) => (offeredBy === 0 || late > 0 ? 'warn' : undefined)}
        columns={[
          {
            key: 'type',
            head: t('sticks.type'),
            cell: (row) => <CategoryTile category={row.category} label={typeOf(row)} />,
          },
          { key: 'waiting', head: t('sticks.waiting'), align: 'end', cell: ({ waiting }) => waiting },
          { key: 'late', head: t('sticks.late'), align: 'end', cell: ({ late }) => late },
          { key: 'no_room', head: t('sticks.no_room'), align: 'end', cell: ({ noRoom }) => noRoom },
          {
            key: 'offered',
            head: t('sticks.offered'),
            cell: ({ offeredBy }) =>
              offeredBy === 0 ? <strong>{t('sticks.nobody')}</strong> : t('sticks.agencies', { count: offeredBy }),
          },
        ]}
        empty={<EmptyState title={t('sticks.empty')} />}
      />
      <div className="grid gap-6 lg:grid-cols-2">
        {bottlenecks.some(({ needs }) => needs > 0) ? (
          <BarChart
            title={t('sticks.needs_title')}
            description={t('sticks.needs_help')}
            labelHead={t('sticks.type')}
            valueHead={t('sticks.needs')}
            format={String}
            bars={bottlenecks
              .filter(({ needs }) => needs > 0)
              .map((row) => ({
                key: `${row.category}.${row.type}`,
                label: typeOf(row),
                value: row.needs,
                category: row.category,
              }))}
          />
        ) : null}
        {declines.length > 0 ? (
          <BarChart
            title={t('sticks.declines_title')}
            description={t('sticks.declines_help')}
            labelHead={t('sticks.reason')}
            valueHead={t('sticks.declines')}
            format={String}
            bars={declines.map(({ reason, n }) => ({ key: reason, label: t(`declined.${reason}`), value: n }))}
          />
        ) : null}
      </div>
    </section>
  )
}
