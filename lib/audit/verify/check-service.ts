import 'server-only'

import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'
import { log } from '@/lib/platform/log'

import type { Query } from '../seal/data'
import { verifyDatabase } from './from-database'
import { findVerifier, readHeld } from './keys'

/**
 * Verifies the whole log once a day, and when somebody asks for it, and keeps what was found; a fault that is new is
 * told to all who administer or oversee. Returns how many checks were made: one or none.
 */
export async function checkSeal(): Promise<number> {
  const query = workerQuery()
  const [begun] = await query<{ id: string | null }>('SELECT app.begin_seal_check()::text AS id')
  if (begun?.id === undefined || begun.id === null) return 0
  const found = await findVerifier(query)
  const verifiers = found === null ? [] : [found.verifier]
  const { size, fault } = await verifyDatabase(query, 'function', { verifiers, held: await readHeld() })
  if (fault !== null) log.error({ fault: fault.kind, position: fault.position }, 'the log does not hold')
  await query('SELECT app.finish_seal_check($1, $2, $3, $4, $5, $6)', [
    begun.id,
    size,
    fault?.kind ?? null,
    fault?.position ?? null,
    fault?.code ?? null,
    fault?.size ?? null,
  ])
  return 1
}

/** The jobs of this part: whether a check is due is asked every minute. */
export const CHECK_JOBS: readonly Job[] = [{ name: 'check-seal', everySeconds: 60, run: checkSeal }]

function workerQuery(): Query {
  return async <Row>(text: string, values: readonly unknown[] = []) =>
    (await workerSql().unsafe(text, [...values] as never[])) as unknown as Row[]
}
