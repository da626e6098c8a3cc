import type { ReportLine } from '../htcds/report'

/** How an import runs. */
export type ImportOptions = {
  /** Reads and checks everything, and writes nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: ImportProgress) => void
  /** What was refused, left out or changed, line by line as it is found. */
  readonly onReport?: (lines: readonly ReportLine[]) => void
}

/** How many rows have become what. */
export type ImportProgress = {
  /** Rows with content that have been read so far. */
  readonly rows: number
  /** New persons, each with a case; in a dry run, how many there would be. */
  readonly imported: number
  /** Rows that an earlier run had brought in. */
  readonly alreadyThere: number
  /** Rows that stand in the file more than once. */
  readonly repeated: number
  readonly refused: number
}

export type ImportSummary = ImportProgress & {
  /** The run's code, by which the log names it; null in a dry run. */
  readonly run: string | null
  readonly dryRun: boolean
  /** Headers that are no field of the standard; their columns were left out. */
  readonly unknownColumns: readonly string[]
  readonly seconds: number
}
