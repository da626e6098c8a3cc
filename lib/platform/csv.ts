/**
 * Rows as a CSV file (RFC 4180). A cell that a spreadsheet would work out as a formula, and that is no number, begins with an
 * apostrophe: names of agencies and places are typed by somebody.
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map((cell) => quoted(plain(cell))).join(',')}\r\n`).join('')
}

function plain(cell: string): string {
  return /^[=@\t\r]|^[+-](?![\d.,\s%]*$)/.test(cell) ? `'${cell}` : cell
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
