import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'

import { reportCsv, type ReportLine } from '@/lib/exchange/htcds/report'
import people from '@/lib/i18n/messages/en/people.json'

const REASONS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(people.import).map(([reason, words]) => [`people.import.${reason}`, words]),
)
const SHOWN = 20

/**
 * The report of an import, written as it comes. It names lines, columns and reasons and never a value, so it may be
 * mailed; still it is for its owner's eyes. Without a file the first refused rows go to stderr.
 */
export class ImportReport {
  #shown = 0

  private constructor(
    private readonly file: WriteStream | null,
    private readonly isJson: boolean,
  ) {}

  /** Opens the file anew; a name that can't be written fails before anything is imported. */
  static async open(path: string | undefined): Promise<ImportReport> {
    if (path === undefined) return new ImportReport(null, false)
    const file = createWriteStream(path, { mode: 0o600 })
    await once(file, 'open')
    const isJson = path.endsWith('.json')
    if (!isJson) file.write(reportCsv([], () => ''))
    return new ImportReport(file, isJson)
  }

  readonly add = (lines: readonly ReportLine[]): void => {
    if (this.file === null) this.#show(lines)
    else this.file.write(this.isJson ? this.#asJson(lines) : this.#asCsv(lines))
  }

  /** A reason in words. */
  reasonText(reason: string): string {
    return REASONS[`people.import.${reason}`] ?? reason
  }

  async close(): Promise<void> {
    if (this.file === null) return
    this.file.end()
    await once(this.file, 'close')
  }

  #asJson(lines: readonly ReportLine[]): string {
    return lines.map((line) => `${JSON.stringify({ ...line, text: this.reasonText(line.reason) })}\n`).join('')
  }

  #asCsv(lines: readonly ReportLine[]): string {
    const [, ...rows] = reportCsv(lines, (reason) => this.reasonText(reason)).split(/(?<=\r\n)/)
    return rows.join('')
  }

  #show(lines: readonly ReportLine[]): void {
    for (const { line, column, severity, reason } of lines) {
      if (severity !== 'refused') continue
      this.#shown += 1
      const where = `Line ${String(line)}${column === '' ? '' : `, ${column}`}`
      if (this.#shown <= SHOWN) process.stderr.write(`${where}: ${this.reasonText(reason)}\n`)
      if (this.#shown === SHOWN + 1) process.stderr.write('More was refused; --report FILE writes all of it.\n')
    }
  }
}
