import { scaleLinear } from 'd3-scale'
import { useTranslations } from 'next-intl'
import { useId, type ReactNode } from 'react'
import { CATEGORY_FILLS } from './category-fills'

export type Bar = {
  readonly key: string
  readonly label: string
  /** Null is kept back to protect people, and drawn as a hatched block that says nothing of its size. */
  readonly value: number | null
  /** A category's own colour; groups of people never get one. */
  readonly category?: 'legal' | 'psychological' | 'medical' | 'social' | 'residency' | 'reintegration'
}

type BarChartProps = {
  /** The finding, as a sentence. */
  readonly title: string
  /** What is measured, in one sentence. */
  readonly description: string
  readonly bars: readonly Bar[]
  readonly labelHead: string
  readonly valueHead: string
  readonly format: (value: number) => string
  readonly source?: ReactNode
}

const ROW = 48
/** How much of the width the longest bar takes, in per cent; the rest is for its number. */
const LONGEST = 80
const TABLE_OPENS_ABOVE = 12

/** Bars from zero with the number at the end, and the same numbers as a table. */
export function BarChart({ title, description, bars, labelHead, valueHead, format, source }: BarChartProps) {
  const t = useTranslations('ui.chart')
  const hasKeptBack = bars.some(({ value }) => value === null)
  return (
    <figure>
      <figcaption>
        <h3 className="text-lead font-semibold">{title}</h3>
        <p className="text-note text-ink-2">{description}</p>
      </figcaption>
      <Drawing bars={bars} title={title} description={description} format={format} />
      <details open={bars.length > TABLE_OPENS_ABOVE} className="fold mt-2">
        <summary className="inline-flex min-h-6 items-center gap-2 text-note text-action-ink underline">
          <span className="fold-mark" aria-hidden="true" />
          {t('table')}
        </summary>
        <table className="mt-1 border-collapse text-note">
          <caption className="unseen">{title}</caption>
          <thead>
            <tr className="border-b border-edge">
              <th scope="col" className="py-1 pe-8 text-start">
                {labelHead}
              </th>
              <th scope="col" className="py-1 text-end">
                {valueHead}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ key, label, value }) => (
              <tr key={key} className="border-b border-line">
                <th scope="row" className="py-1 pe-8 text-start font-normal">
                  {label}
                </th>
                <td className="py-1 text-end tabular-nums">{value === null ? <KeptBack /> : format(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {hasKeptBack ? <p className="mt-1 text-note text-ink-2">{t('legend')}</p> : null}
      </details>
      {source === undefined ? null : <p className="mt-1 text-note text-ink-3">{source}</p>}
    </figure>
  )
}

/** Every kept-back cell reads the same, so that the label tells nothing of the number. */
export function KeptBack() {
  const t = useTranslations('ui.chart')
  return (
    <>
      <span aria-hidden="true">[c]</span>
      <span className="unseen">{t('kept_back')}</span>
    </>
  )
}

type DrawingProps = Pick<BarChartProps, 'bars' | 'title' | 'description' | 'format'>

/**
 * Each label stands above its bar, so that the longest one has room. Lengths are in per cent, so that bars follow the
 * width of a phone or of half a page and text keeps its size.
 */
function Drawing({ bars, title, description, format }: DrawingProps) {
  const id = useId()
  // The end of the scale comes from shown values alone: a kept-back one may not stretch it.
  const largest = Math.max(1, ...bars.map(({ value }) => value ?? 0))
  const length = scaleLinear([0, largest], [0, LONGEST])
  return (
    <svg
      role="img"
      aria-labelledby={`${id}-t ${id}-d`}
      width="100%"
      height={bars.length * ROW}
      className="mt-3 block max-w-lg"
    >
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{description}</desc>
      {bars.some(({ value }) => value === null) ? (
        <defs>
          <pattern id={`${id}-h`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2" height="6" className="fill-ink-3" />
          </pattern>
        </defs>
      ) : null}
      {bars.map(({ key, label, value, category }, index) => {
        const y = index * ROW
        const fill = category === undefined ? 'fill-ink-2' : CATEGORY_FILLS[category]
        // A single one among thousands still shows.
        const share = value === null || value === 0 ? 0 : Math.max(0.3, length(value))
        const end = `${share.toFixed(1)}%`
        return (
          <g key={key}>
            <text x="0" y={y + 16} fontSize="14" className="fill-ink">
              {label}
            </text>
            {value === null ? (
              <rect x="0" y={y + 22} width="40" height="20" fill={`url(#${id}-h)`} />
            ) : (
              <rect x="0" y={y + 22} width={end} height="20" className={fill} />
            )}
            <text x={value === null ? 40 : end} dx="8" y={y + 37} fontSize="14" className="fill-ink tabular-nums">
              {value === null ? '[c]' : format(value)}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
