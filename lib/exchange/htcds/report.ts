import type { RowOutcome } from './reader'

/** One line of the report about a file: where, which column, and why. Values never stand in it. */
export type ReportLine = {
  readonly line: number
  readonly column: string
  readonly severity: 'refused' | 'notice'
  /** A message key under `people.import`. */
  readonly reason: string
}

/** The lines of the report that a row gives; none for a row that was read whole. */
export function reportLines(outcome: RowOutcome): readonly ReportLine[] {
  const { line } = outcome
  switch (outcome.outcome) {
    case 'read':
      return outcome.notices.map(({ column, reason }) => ({ line, column, severity: 'notice', reason }))
    case 'refused':
      return outcome.issues.map(({ column, reason }) => ({ line, column, severity: 'refused', reason }))
    case 'repeated':
      return [{ line, column: '', severity: 'notice', reason: 'row_repeated' }]
  }
}

/** A line of the report as CSV. Headers come from the file, so what a spreadsheet would run as a formula is quoted. */
export function reportCsv(lines: readonly ReportLine[], reasonText: (reason: string) => string): string {
  const rows = lines.map(({ line, column, severity, reason }) => [String(line), column, severity, reasonText(reason)])
  return (
    [['line', 'column', 'result', 'reason'], ...rows].map((cells) => cells.map(csvCell).join(',')).join('\r\n') + '\r\n'
  )
}

function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
