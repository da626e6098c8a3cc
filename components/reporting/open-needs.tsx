import { useTranslations } from 'next-intl'
import { CategoryTile } from '@/components/assistance/category-tile'
import { BarChart } from '@/components/ui/bar-chart'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import type { Format } from '@/lib/i18n/format'
import type { OpenNeeds } from '@/lib/reporting/dashboard/schema'

type OpenNeedsProps = {
  readonly needs: readonly OpenNeeds[]
  readonly source: string
  readonly format: Format
}

const URGENCIES = ['emergency', 'urgent', 'routine'] as const

/** The needs that somebody still has to do something about: by urgency as bars, by category as a table with those that are late. */
export function OpenNeedsFigures({ needs, source, format }: OpenNeedsProps) {
  const t = useTranslations('reports')
  const urgency = useTranslations('assistance.need.urgency.short')
  if (needs.length === 0) return <EmptyState title={t('needs_none')}>{t('needs_none_help')}</EmptyState>
  const late = needs.reduce((sum, need) => sum + need.late, 0)
  const all = needs.reduce((sum, need) => sum + need.n, 0)
  return (
    <div className="grid gap-8">
      <BarChart
        title={t('needs_say', { count: all, late })}
        description={t('needs_what')}
        labelHead={t('urgency')}
        valueHead={t('needs_head')}
        format={format.number}
        source={source}
        bars={URGENCIES.map((key) => ({
          key,
          label: urgency(key),
          value: needs.reduce((sum, need) => sum + need.byUrgency[key], 0),
        }))}
      />
      <DataTable<OpenNeeds>
        caption={t('needs_caption')}
        rows={needs}
        rowKey={({ category }) => category}
        rowTone={(need) => (need.late > 0 ? 'stop' : undefined)}
        columns={[
          {
            key: 'category',
            head: t('category'),
            cell: ({ category }) => (
              <AppLink href={`/needs?category=${category}&state=living`}>
                <CategoryTile category={category} />
              </AppLink>
            ),
          },
          ...URGENCIES.map((key) => ({
            key,
            head: urgency(key),
            align: 'end' as const,
            cell: (need: OpenNeeds) => format.number(need.byUrgency[key]),
          })),
          { key: 'late', head: t('late'), align: 'end', cell: (need) => format.number(need.late) },
        ]}
        empty={null}
      />
    </div>
  )
}
