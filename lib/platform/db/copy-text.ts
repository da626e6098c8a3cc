export type Cell = string | number | boolean | null | Date | Uint8Array | readonly string[] | readonly Uint8Array[]

/** One row as a line of COPY's text format. */
export function copyLine(cells: readonly Cell[]): string {
  return `${cells.map(textOf).join('\t')}\n`
}

function textOf(cell: Cell): string {
  if (cell === null) return '\\N'
  if (typeof cell === 'string') return escaped(cell)
  if (typeof cell === 'number') return String(cell)
  if (typeof cell === 'boolean') return cell ? 't' : 'f'
  if (cell instanceof Date) return cell.toISOString()
  if (cell instanceof Uint8Array) return `\\\\x${hexOf(cell)}`
  return `{${cell.map(itemOf).join(',')}}`
}

/** An item of an array: quoted for the array first, and that as a whole for COPY. */
function itemOf(item: string | Uint8Array): string {
  if (typeof item !== 'string') return `"\\\\\\\\x${hexOf(item)}"`
  return escaped(`"${item.replace(/["\\]/g, '\\$&')}"`)
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

function escaped(text: string): string {
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign) : text
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
