import { scaleLinear } from 'd3-scale'
import { useId } from 'react'

type Point = { readonly time: number; readonly share: number }

export type WaitingLine = {
  readonly points: readonly Point[]
  readonly look: 'own' | 'in_question' | 'reference' | 'gone'
  /** Where the true share lies, at each step; null where it can't be told. */
  readonly band?: readonly { readonly time: number; readonly ci: readonly [number, number] | null }[]
}

type WaitingChartProps = {
  readonly title: string
  readonly description: string
  readonly lines: readonly WaitingLine[]
  /** The share before the first step: everybody waits, nobody was helped. */
  readonly from: 0 | 1
  /** People still waiting before each step, written under the axis. */
  readonly atRisk?: readonly { readonly time: number; readonly n: string }[]
  readonly percent: (share: number) => string
}

const WIDTH = 320
const LEFT = 44
const TOP = 8
const HEIGHT = 132
const LIMIT = 1
const LAST = 2

const LOOKS = {
  own: 'stroke-ink',
  in_question: 'stroke-action',
  reference: 'stroke-ink-3',
  gone: 'stroke-ink-2',
} as const

/** Shares over the time that an urgency allows, as steps, with a line at the limit. Time runs from the left in every language. */
export function WaitingChart({ title, description, lines, from, atRisk = [], percent }: WaitingChartProps) {
  const id = useId()
  const x = scaleLinear([0, LAST], [LEFT, WIDTH - 12])
  const y = scaleLinear([0, 1], [TOP + HEIGHT, TOP])
  const height = TOP + HEIGHT + (atRisk.length > 0 ? 48 : 28)
  return (
    <figure>
      <figcaption className="font-semibold">{title}</figcaption>
      <svg
        role="img"
        aria-labelledby={`${id}-t ${id}-d`}
        width={WIDTH}
        height={height}
        viewBox={`0 0 ${String(WIDTH)} ${String(height)}`}
        className="mt-1 block h-auto max-w-full"
      >
        <title id={`${id}-t`}>{title}</title>
        <desc id={`${id}-d`}>{description}</desc>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={LEFT} x2={WIDTH - 12} y1={y(share)} y2={y(share)} className="stroke-line" />
            <text x={LEFT - 6} y={y(share) + 4} fontSize="13" textAnchor="end" className="fill-ink-2 tabular-nums">
              {percent(share)}
            </text>
          </g>
        ))}
        <line x1={x(LIMIT)} x2={x(LIMIT)} y1={TOP} y2={TOP + HEIGHT} className="stroke-ink" />
        {['0', '½', '1', '2'].map((tick) => (
          <text
            key={tick}
            x={x(tick === '½' ? 0.5 : Number(tick))}
            y={TOP + HEIGHT + 18}
            fontSize="13"
            textAnchor="middle"
            className="fill-ink-2 tabular-nums"
          >
            {tick}
          </text>
        ))}
        {lines.map(({ band, look }) =>
          band === undefined ? null : (
            <path
              key={`${look} band`}
              d={areaOf(band, x, y)}
              className={look === 'in_question' ? 'fill-action' : 'fill-ink'}
              fillOpacity="0.12"
            />
          ),
        )}
        {lines.map(({ points, look }) => (
          <path
            key={look}
            d={stepsOf(points, from, x, y)}
            fill="none"
            strokeWidth="2"
            strokeDasharray={look === 'reference' || look === 'gone' ? '5 4' : undefined}
            className={LOOKS[look]}
          />
        ))}
        {atRisk.map(({ time, n }) => (
          <text
            key={time}
            x={x(time)}
            y={TOP + HEIGHT + 38}
            fontSize="13"
            textAnchor={time === LAST ? 'end' : 'middle'}
            className="fill-ink-3 tabular-nums"
          >
            {n}
          </text>
        ))}
      </svg>
    </figure>
  )
}

type Scale = (value: number) => number

function stepsOf(points: readonly Point[], from: number, x: Scale, y: Scale): string {
  const steps = points.map(({ time, share }) => `H${x(time).toFixed(1)}V${y(share).toFixed(1)}`)
  return `M${x(0).toFixed(1)},${y(from).toFixed(1)}${steps.join('')}H${x(LAST).toFixed(1)}`
}

/** One box from each step to the next, as wide as the step holds. */
function areaOf(band: NonNullable<WaitingLine['band']>, x: Scale, y: Scale): string {
  return band
    .map(({ time, ci }, at) => {
      if (ci === null) return ''
      const [left, right] = [x(time).toFixed(1), x(band[at + 1]?.time ?? LAST).toFixed(1)]
      return left === right ? '' : `M${left},${y(ci[1]).toFixed(1)}H${right}V${y(ci[0]).toFixed(1)}H${left}Z`
    })
    .join('')
}
