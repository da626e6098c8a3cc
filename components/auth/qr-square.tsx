import { encode } from 'uqr'

/** A text as a square to scan, drawn by the server. Black on white in every theme, since readers of it expect that. */
export function QrSquare({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { border: 4 })
  const path = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${String(x)} ${String(y)}h1v1h-1z`] : [])),
  )
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      width="220"
      height="220"
      shapeRendering="crispEdges"
      className="h-auto max-w-full border border-line"
    >
      <path d={`M0 0h${String(size)}v${String(size)}h-${String(size)}z`} fill="white" />
      <path d={path.join('')} fill="black" />
    </svg>
  )
}
