import type { HttpMeasured } from './drive'
import { logLine, type LogMeasured } from './log'
import { lagLine, type LagMeasured } from './rollup-lag'
import type { Measured } from './samples'

export type Line = {
  readonly operation: string
  readonly connections: number
  readonly http: HttpMeasured
  /** The same statements, sent by bare connections in the same run. */
  readonly sql: Measured
  /** The server's p50 over that of the statements alone. */
  readonly ratio: number
}

export type BenchResult = {
  readonly machine: {
    readonly cores: number
    readonly memoryGb: number
    readonly node: string
    readonly postgresql: string
  }
  readonly persons: number
  readonly services: number
  readonly loadedInSeconds: number
  readonly lines: readonly Line[]
  /** What the server sends to the database for one page of a case. */
  readonly casePageStatements: number | null
  readonly log: LogMeasured | null
  readonly lag: LagMeasured | null
}

const HEADINGS = [
  'operation',
  'conn.',
  'p50 ms',
  'p95 ms',
  'a second',
  'bytes',
  'SQL p50',
  'SQL p95',
  'SQL a second',
  'p50 ratio',
]

/** The result for people. */
export function printTable(result: BenchResult): string {
  const { machine, persons, services, loadedInSeconds, lines, casePageStatements, log, lag } = result
  const notes = [
    `${grouped(persons)} persons, ${grouped(services)} services, loaded in ${grouped(loadedInSeconds)} s`,
    `${String(machine.cores)} cores, ${String(machine.memoryGb)} GB, Node.js ${machine.node}, PostgreSQL ${machine.postgresql}`,
  ]
  const more = [
    ...(casePageStatements === null ? [] : [`A case's page takes ${String(casePageStatements)} statements.`]),
    ...(log === null ? [] : [logLine(log)]),
    ...(lag === null ? [] : [lagLine(lag)]),
    'SQL is the same statements in the same transactions, sent by bare connections from one process in the same run.',
  ]
  return `${[...notes, '', ...table([HEADINGS, ...lines.map(cellsOf)]), '', ...more].join('\n')}\n`
}

function cellsOf({ operation, connections, http, sql, ratio }: Line): string[] {
  return [
    operation,
    String(connections),
    http.p50.toFixed(2),
    http.p95.toFixed(2),
    http.perSecond.toFixed(1),
    grouped(http.bytes),
    sql.p50.toFixed(2),
    sql.p95.toFixed(2),
    sql.perSecond.toFixed(1),
    ratio.toFixed(2),
  ]
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
}

function grouped(value: number): string {
  return value.toLocaleString('en')
}
