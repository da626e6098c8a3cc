type SparklineProps = {
  /** What the line says, in a sentence: the line itself is for whoever sees it. */
  readonly label: string
  readonly values: readonly number[]
}

const WIDTH = 84
const HEIGHT = 20
const GAP = 1

/** A year in the height of a line of text: a bar a month from zero. The numbers stand beside it or in a table. */
export function Sparkline({ label, values }: SparklineProps) {
  const most = Math.max(1, ...values)
  const step = WIDTH / Math.max(1, values.length)
  return (
    <svg
      role="img"
      aria-label={label}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      className="fill-ink-2"
    >
      {values.map((value, at) => {
        const height = value === 0 ? 1 : Math.max(2, (value / most) * HEIGHT)
        return <rect key={at} x={at * step} y={HEIGHT - height} width={Math.max(1, step - GAP)} height={height} />
      })}
    </svg>
  )
}
