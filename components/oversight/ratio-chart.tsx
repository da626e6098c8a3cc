import { scaleLog } from 'd3-scale'
import { useId } from 'react'

type Ratio = { readonly estimate: number; readonly ci: readonly [number, number] }

export type RatioRow = {
  readonly key: string
  readonly label: string
  /** At the end of its line: the figure in numbers. */
  readonly figure?: string
  readonly crude: Ratio | null
  /** Held equal; null where nothing was, or where it is kept back. */
  readonly within: Ratio | null
  /** Whether it is a group in question. */
  readonly isMarked: boolean
}

type RatioChartProps = {
  readonly title: string
  readonly description: string
  readonly rows: readonly RatioRow[]
}

const ROW = 48
const AXIS = 28
const TICKS = [0.1, 0.2, 0.5, 0.8, 1, 1.25, 2, 5, 10]

/** Each group beside the reference, a row a group: hollow as it is, filled held equal, the line of "alike" at 1. */
export function RatioChart({ title, description, rows }: RatioChartProps) {
  return (
    <figure>
      <figcaption>
        <h2 className="text-lead font-semibold">{title}</h2>
        <p className="measure text-note text-ink-2">{description}</p>
      </figcaption>
      <Drawing width={320} className="mt-3 block md:hidden" title={title} description={description} rows={rows} />
      <Drawing width={720} className="mt-3 hidden md:block" title={title} description={description} rows={rows} />
    </figure>
  )
}

function Drawing({
  width,
  className,
  title,
  description,
  rows,
}: RatioChartProps & { readonly width: number; readonly className: string }) {
  const id = useId()
  const ends = rows.flatMap(({ crude, within }) => [...(crude?.ci ?? []), ...(within?.ci ?? [])])
  const domain = [Math.max(0.05, Math.min(0.5, ...ends)), Math.min(20, Math.max(2, ...ends))]
  const x = scaleLog(domain, [12, width - 12]).clamp(true)
  const height = rows.length * ROW + AXIS
  const ticks = TICKS.filter((tick) => tick >= (domain[0] ?? 0) && tick <= (domain[1] ?? 0))
  return (
    <svg
      role="img"
      aria-labelledby={`${id}-t ${id}-d`}
      width={width}
      height={height}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      className={`h-auto max-w-full ${className}`}
    >
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{description}</desc>
      {(width < 500 ? ticks.filter((tick) => tick !== 0.8 && tick !== 1.25) : ticks).map((tick) => (
        <g key={tick}>
          <line
            x1={x(tick)}
            x2={x(tick)}
            y1="0"
            y2={height - AXIS}
            className={tick === 1 ? 'stroke-ink' : 'stroke-line'}
          />
          <text x={x(tick)} y={height - 8} fontSize="13" textAnchor="middle" className="fill-ink-2 tabular-nums">
            {tick}
          </text>
        </g>
      ))}
      {rows.map(({ key, label, figure, crude, within, isMarked }, index) => {
        const top = index * ROW
        const tone = isMarked ? 'stroke-action fill-action' : 'stroke-ink fill-ink'
        return (
          <g key={key}>
            <text x="0" y={top + 15} fontSize="14" className={isMarked ? 'fill-ink font-semibold' : 'fill-ink'}>
              {label}
            </text>
            {figure === undefined ? null : (
              <text
                x={width}
                y={top + 15}
                fontSize="13"
                textAnchor="end"
                className={isMarked ? 'fill-ink font-semibold tabular-nums' : 'fill-ink-2 tabular-nums'}
              >
                {figure}
              </text>
            )}
            {crude === null ? null : (
              <g className={isMarked ? 'stroke-action' : 'stroke-ink'} fill="none">
                <line x1={x(crude.ci[0])} x2={x(crude.ci[1])} y1={top + 26} y2={top + 26} strokeDasharray="4 3" />
                <circle cx={x(crude.estimate)} cy={top + 26} r="5" className="fill-surface" strokeWidth="2" />
              </g>
            )}
            {within === null ? null : (
              <g className={tone}>
                <line x1={x(within.ci[0])} x2={x(within.ci[1])} y1={top + 38} y2={top + 38} strokeWidth="2" />
                <circle cx={x(within.estimate)} cy={top + 38} r="5" />
              </g>
            )}
          </g>
        )
      })}
    </svg>
  )
}
