import type { RowIssue } from '../htcds/parse-row'
import type { RowOutcome, RowReason } from '../htcds/reader'
import { reportLines, type ReportLine } from '../htcds/report'
import type { Stored } from './batch'
import type { ImportFault } from './map-row'
import type { ImportOptions, ImportProgress } from './schema'

/** Counts what becomes of rows, and passes on what the report says of them. */
export class Tally {
  #counts: ImportProgress = { rows: 0, imported: 0, alreadyThere: 0, repeated: 0, refused: 0 }

  constructor(private readonly options: Pick<ImportOptions, 'onProgress' | 'onReport'>) {}

  get counts(): ImportProgress {
    return this.#counts
  }

  addRow(outcome: RowOutcome): void {
    this.#add({
      rows: 1,
      repeated: outcome.outcome === 'repeated' ? 1 : 0,
      refused: outcome.outcome === 'refused' ? 1 : 0,
    })
    this.#report(reportLines(outcome))
  }

  /** Refuses a row that could be read, and says why. */
  refuse(line: number, issues: readonly RowIssue<RowReason | ImportFault>[]): void {
    this.#add({ refused: 1 })
    this.#report(issues.map(({ column, reason }) => ({ line, column, severity: 'refused', reason })))
  }

  addStored({ imported, alreadyThere, refused }: Stored): void {
    this.#add({ imported, alreadyThere, refused: refused.length })
    this.#report(refused)
    this.options.onProgress?.(this.#counts)
  }

  #add(more: Partial<ImportProgress>): void {
    const { rows, imported, alreadyThere, repeated, refused } = this.#counts
    this.#counts = {
      rows: rows + (more.rows ?? 0),
      imported: imported + (more.imported ?? 0),
      alreadyThere: alreadyThere + (more.alreadyThere ?? 0),
      repeated: repeated + (more.repeated ?? 0),
      refused: refused + (more.refused ?? 0),
    }
  }

  #report(lines: readonly ReportLine[]): void {
    if (lines.length > 0) this.options.onReport?.(lines)
  }
}
