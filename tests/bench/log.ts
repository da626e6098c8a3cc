import pg from 'pg'

import { identify } from '@/lib/access/identify'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { settings } from '@/lib/platform/env'
import { ok } from '@/lib/platform/result'

import { captureStatements } from './capture'
import { driveSql } from './drive'
import type { Caller, Operation } from './operations'
import { rounded, Samples } from './samples'

/** What the log costs (requirement L09). */
export type LogMeasured = {
  /** Of the statement that writes the event of a logged service, in milliseconds. */
  readonly p50: number
  readonly p95: number
  /** Its share of the whole answer at one connection. */
  readonly share: number
  /** How many transactions that write one event each the members of one agency commit in a second, and by how many connections. */
  readonly perSecond: number
  readonly connections: number
}

const ROUNDS = 300
const CONNECTIONS = 8

export async function measureLog(
  operation: Operation,
  whole: number,
  caller: Caller,
  seconds: number,
): Promise<LogMeasured> {
  const times = await timesOfEvents(operation)
  const p50 = rounded(times.percentile(0.5))
  const actor = await identify({ kind: 'session', hash: digestOf(caller.session) })
  if (actor === null) throw new Error('The session of the bench did not open')
  const statements = await captureStatements(() =>
    withActor(actor, async (tx) => {
      await record(tx, { type: 'notice.listed' })
      return ok()
    }),
  )
  const { perSecond } = await driveSql(() => statements, { connections: CONNECTIONS, seconds })
  return {
    p50,
    p95: rounded(times.percentile(0.95)),
    share: rounded(p50 / whole),
    perSecond,
    connections: CONNECTIONS,
  }
}

async function timesOfEvents(operation: Operation): Promise<Samples> {
  const client = new pg.Client({ connectionString: settings.appUrl })
  await client.connect()
  const times = new Samples()
  for (let round = 0; round < ROUNDS; round += 1) {
    let spent = 0
    for (const { text, config } of operation.sql()) {
      const begun = performance.now()
      await client.query(config as pg.QueryConfig)
      if (/app\.record_events?\(/.test(text)) spent += performance.now() - begun
    }
    times.add(spent)
  }
  await client.end()
  return times
}

/** The result for people. */
export function logLine({ p50, p95, share, perSecond, connections }: LogMeasured): string {
  return `L09: the log takes ${p50.toFixed(2)} ms (p95 ${p95.toFixed(2)} ms) of logging a service, ${(share * 100).toFixed(0)} % of the answer at one connection; one agency commits ${perSecond.toFixed(0)} transactions with an event each a second, from ${String(connections)} connections.`
}
