import { scaleLinear } from 'd3-scale'
import { useTranslations } from 'next-intl'
import { useId, type ReactNode } from 'react'
import { CategoryIcon, CategoryTile, type Category } from '@/components/assistance/category-tile'
import { CATEGORY_FILLS } from '@/components/ui/category-fills'
import { Details } from '@/components/ui/details'
import type { Format } from '@/lib/i18n/format'
import type { CategoryFigures } from '@/lib/reporting/figures/schema'

type MonthPanelsProps = {
  /** The finding, as a sentence. */
  readonly title: string
  /** What is measured, in one sentence. */
  readonly description: string
  readonly categories: readonly CategoryFigures[]
  readonly format: Format
  readonly source: ReactNode
}

const WIDTH = 288
const HEIGHT = 96
/** Room for the highest month's number above, and for the months below. */
const ABOVE = 20
const BELOW = 20
const STEP = WIDTH / 12

/** How a year went, a small panel for each category on one scale, and the same numbers as a table. */
export function MonthPanels({ title, description, categories, format, source }: MonthPanelsProps) {
  const t = useTranslations('reports')
  const names = useTranslations('mandate.categories')
  const months = format.monthNames()
  const largest = Math.max(1, ...categories.flatMap((category) => category.months))
  return (
    <figure>
      <figcaption>
        <h3 className="text-lead font-semibold">{title}</h3>
        <p className="text-note text-ink-2">{description}</p>
      </figcaption>
      <ul className="mt-3 grid gap-6 md:grid-cols-2 xl:grid-cols-3">
        {categories.map((category) => {
          const key = category.key as Category
          const highest = Math.max(...category.months)
          return (
            <li key={key} className="min-w-0">
              <p className="mb-1 flex flex-wrap items-center gap-2">
                <CategoryTile category={key} />
                <span className="text-note text-ink-2 tabular-nums">{format.number(category.services)}</span>
              </p>
              <Panel
                months={category.months}
                largest={largest}
                fill={CATEGORY_FILLS[key]}
                label={t('panel', { category: names(key), count: category.services })}
                says={t('panel_says', {
                  month: months[category.months.indexOf(highest)] ?? '',
                  count: highest,
                })}
                format={format.number}
              />
            </li>
          )
        })}
      </ul>
      <Details open summary={t('months_table')} className="mt-2">
        <table className="border-collapse text-note">
          <caption className="unseen">{title}</caption>
          <thead>
            <tr className="border-b border-edge">
              <th scope="col" className="py-1 pe-1 text-start md:pe-3">
                {t('month')}
              </th>
              {categories.map(({ key }) => (
                <th key={key} scope="col" className="py-1 ps-1 text-end align-bottom font-normal md:ps-3">
                  {/* On a phone the sign alone, so that six columns fit; the panels name it. */}
                  <CategoryIcon category={key as Category} size="sm" />
                  <span className="ms-1 max-md:unseen">{names(key as Category)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {months.map((name, at) => (
              <tr key={name} className="border-b border-line">
                <th scope="row" className="py-1 pe-1 text-start font-normal md:pe-3">
                  {name}
                </th>
                {categories.map((category) => (
                  <td key={category.key} className="py-1 ps-1 text-end tabular-nums md:ps-3">
                    {format.number(category.months[at] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Details>
      <p className="mt-1 text-note text-ink-3">{source}</p>
    </figure>
  )
}

type PanelProps = {
  readonly months: readonly number[]
  /** The end of the scale that all panels share. */
  readonly largest: number
  readonly fill: string
  readonly label: string
  readonly says: string
  readonly format: (value: number) => string
}

/** Twelve columns from zero; the highest has its number. Months are numbered, which needs no short names. */
function Panel({ months, largest, fill, label, says, format }: PanelProps) {
  const id = useId()
  const height = scaleLinear([0, largest], [0, HEIGHT - ABOVE - BELOW])
  const base = HEIGHT - BELOW
  const highest = Math.max(...months)
  return (
    <svg
      role="img"
      aria-labelledby={`${id}-t ${id}-d`}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      className="block h-auto max-w-full"
    >
      <title id={`${id}-t`}>{label}</title>
      <desc id={`${id}-d`}>{says}</desc>
      <line x1="0" x2={WIDTH} y1={base} y2={base} className="stroke-edge" />
      {months.map((value, at) => {
        const middle = at * STEP + STEP / 2
        return (
          <g key={at}>
            {value === 0 ? null : (
              <rect
                x={at * STEP + 3}
                y={base - Math.max(1, height(value))}
                width={STEP - 6}
                height={Math.max(1, height(value))}
                className={fill}
              />
            )}
            {value === highest && months.indexOf(highest) === at ? (
              <text
                x={middle}
                y={base - height(value) - 5}
                fontSize="13"
                textAnchor="middle"
                className="fill-ink tabular-nums"
              >
                {format(value)}
              </text>
            ) : null}
            <text x={middle} y={HEIGHT - 4} fontSize="12" textAnchor="middle" className="fill-ink-2 tabular-nums">
              {at + 1}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
