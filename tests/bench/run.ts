import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'

import { closeAppClient } from '@/lib/platform/db/client'
import { loadVolume } from '@/prisma/seed/volume'
import { startApplication, unusedPort, type Application } from '@/tests/support/application'
import { disparityLines, measureDisparities } from './disparities'
import { driveHttp, driveSql } from './drive'
import { openInstance, type Instance } from './instance'
import { measureLog, type LogMeasured } from './log'
import { makeCaller, prepareOperation, type Caller, type Operation } from './operations'
import { readOptions, type BenchOptions } from './options'
import { countStatements } from './page-statements'
import { printTable, type BenchResult, type Line } from './report'
import { lagWhile, type LagMeasured } from './rollup-lag'
import { rounded } from './samples'
import { measureVerification, verifyLine } from './verify'

const CONNECTIONS = [1, 16]

/**
 * Measures the built application against a loaded database of its own. Nothing here passes or fails: it prints what it
 * found, and how that stands to the same work done by bare SQL in the same run.
 */
export async function runBench(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  const verify = options.verify ? await measureVerification(tell) : null
  if (verify !== null) process.stdout.write(verifyLine(verify))
  const disparities = options.disparities ? await measureDisparities(options.persons, tell) : null
  if (disparities !== null) process.stdout.write(disparityLines(disparities))
  const pages = options.only.length === 0 ? null : await measurePages(options)
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ ...pages, verify, disparities }, null, 2)}\n`)
}

async function measurePages(options: BenchOptions): Promise<BenchResult> {
  const instance = await openInstance(options, tell, (url) => loadVolume(url, { ...options, onProgress: tell }))
  let server: Application | undefined
  try {
    tell('Building and starting the application')
    server = await startApplication({ dataDirectory: instance.dataDirectory, port: await unusedPort() })
    const result = await measure(instance, server.origin, options)
    process.stdout.write(printTable(result))
    return result
  } finally {
    await server?.end('SIGTERM')
    await closeAppClient()
    await instance.close()
  }
}

async function measure(instance: Instance, origin: string, options: BenchOptions): Promise<BenchResult> {
  const caller = await makeCaller(instance)
  const lines: Line[] = []
  let casePageStatements: number | null = null
  let log: LogMeasured | null = null
  let lag: LagMeasured | null = null
  for (const name of options.only) {
    const operation = await prepareOperation(name, caller, instance.owner)
    for (const connections of CONNECTIONS) {
      const line = await lagWhile(instance.owner, () => measureLine(origin, operation, connections, options.seconds))
      lines.push(line.done)
      if (name === 'create') lag = line.lag
    }
    if (name === 'case-page') casePageStatements = await statementsOfPage(instance, origin, caller)
    if (name === 'create')
      log = await measureLog(operation, lines.at(-CONNECTIONS.length)?.http.p50 ?? 0, caller, options.seconds)
  }
  const [version] = await instance.owner<{ server_version: string }[]>`SHOW server_version`
  return {
    machine: {
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      postgresql: version?.server_version ?? '',
    },
    persons: instance.persons,
    services: instance.services,
    loadedInSeconds: instance.loadedInSeconds,
    lines,
    casePageStatements,
    log,
    lag,
  }
}

async function measureLine(origin: string, operation: Operation, connections: number, seconds: number): Promise<Line> {
  tell(`Measuring ${operation.name} at ${String(connections)}`)
  const http = await driveHttp(origin, operation.requests, { connections, seconds, status: operation.status })
  const sql = await driveSql(operation.sql, { connections, seconds })
  return { operation: operation.name, connections, http, sql, ratio: rounded(http.p50 / sql.p50) }
}

async function statementsOfPage(instance: Instance, origin: string, { cases, cookie }: Caller): Promise<number> {
  return countStatements(instance, async () => {
    const answer = await fetch(`${origin}/cases/${cases[0] ?? ''}`, { headers: { cookie }, redirect: 'manual' })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`The page answered ${String(answer.status)}`)
  })
}

function tell(what: string): void {
  process.stderr.write(`${what} …\n`)
}
