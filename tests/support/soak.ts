import postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'
import type { TestDatabase } from '@/tests/support/database'
import type { OneCase } from '@/tests/support/seed-one-case'

/** How a transaction of the soak ends. */
const ENDS = [
  'ok',
  'ok',
  'ok',
  'unique',
  'policy',
  'division',
  'thrown',
  'refused',
  'killed',
  'slow',
  'caught',
  'nested',
] as const
type End = (typeof ENDS)[number]

export type SoakReport = {
  readonly ran: number
  readonly byEnd: Readonly<Record<string, number>>
  /** Transactions that saw a row of an agency other than their own, or another actor. */
  readonly crossed: readonly string[]
  /** Marks of transactions that said they were done and left no trace, or left one and said they were not. */
  readonly lost: readonly string[]
  readonly leftOver: readonly string[]
}

class Fault extends Error {}

/**
 * Runs transactions of two agencies side by side over the application's own pool, and ends them in every way there is:
 * done, refused, failed in the database in four ways, failed in the program, and with their backend killed. Each
 * writes a mark into the log; afterwards exactly the marks of those that said they were done may stand there.
 */
export async function soak(
  database: TestDatabase,
  sides: readonly [OneCase, OneCase],
  count: number,
): Promise<SoakReport> {
  const superuser = postgres(database.superuserUrl, { max: 2, onnotice: () => undefined })
  const byEnd: Record<string, number> = {}
  const crossed: string[] = []
  const done = new Set<string>()
  const failed = new Set<string>()
  let next = 0
  try {
    const worker = async () => {
      for (let n = next++; n < count; n = next++) {
        const side = sides[n % 2 === 0 ? 0 : 1]
        const actor = [side.caseworker, side.supervisor][(n >> 1) % 2] ?? side.caseworker
        // Another factor than the two above, so that every actor meets every end.
        const end = ENDS[Math.floor(n / 4) % ENDS.length] ?? 'ok'
        const mark = `soak_${String(n)}`
        byEnd[end] = (byEnd[end] ?? 0) + 1
        const result = await one(superuser, actor, side, end, mark, crossed).catch(() => null)
        ;(result?.ok === true ? done : failed).add(mark)
      }
    }
    await Promise.all(Array.from({ length: 12 }, worker))
    const rows = await superuser<{ basis: string }[]>`
      SELECT basis FROM audit_event WHERE basis LIKE 'soak\\_%' AND type = 'case.listed'`
    const written = rows.map(({ basis }) => basis)
    return {
      ran: done.size + failed.size,
      byEnd,
      crossed,
      lost: [...done].filter((mark) => written.filter((basis) => basis === mark).length !== 1),
      leftOver: written.filter((basis) => !done.has(basis)),
    }
  } finally {
    await superuser.end()
  }
}

function one(
  superuser: postgres.Sql,
  actor: Actor,
  side: OneCase,
  end: End,
  mark: string,
  crossed: string[],
): Promise<Result<string>> {
  return withActor(actor, async (tx) => {
    await look(tx, actor, mark, crossed)
    await tx.need.updateMany({ where: { caseId: side.case }, data: { version: { increment: 1 } } })
    await record(tx, { type: 'case.listed', basis: mark })
    const refused = await finish(superuser, tx, actor, side, end)
    // Not after a failure that was caught: the transaction's own end has to tell.
    if (end !== 'caught') await look(tx, actor, mark, crossed)
    return refused ? refuse('conflict', 'wrong_state') : ok(mark)
  })
}

async function look(tx: ActorTx, actor: Actor, mark: string, crossed: string[]): Promise<void> {
  const cases = await tx.caseFile.findMany({ select: { agencyId: true } })
  const [who] = await tx.$queryRaw<{ member: string; agency: string }[]>`
    SELECT app.member_id() AS member, app.agency_id() AS agency`
  const isOwn = cases.length > 0 && cases.every(({ agencyId }) => agencyId === actor.agency)
  if (!isOwn || who?.member !== actor.member || who.agency !== actor.agency) crossed.push(mark)
}

/** Ends a transaction the way that was drawn; true says that the use case refuses. */
async function finish(superuser: postgres.Sql, tx: ActorTx, actor: Actor, side: OneCase, end: End): Promise<boolean> {
  switch (end) {
    case 'ok':
      return false
    case 'refused':
      return true
    case 'thrown':
      throw new Fault('Thrown on purpose')
    case 'caught':
      // A failed statement spoils its transaction: whoever catches the error must not come out as done.
      await tx.$executeRaw`SELECT 1 / 0`.catch(() => undefined)
      return false
    case 'nested':
      return !(await withActor(actor, () => Promise.resolve(ok(undefined)))).ok
    case 'division':
      await tx.$executeRaw`SELECT 1 / 0`
      return false
    case 'unique':
      await tx.caseContent.createMany({
        data: [{ caseId: side.case, personId: side.person, agencyId: actor.agency, holderAgencyId: actor.agency }],
      })
      return false
    case 'policy':
      await tx.$executeRaw`UPDATE case_content SET agency_id = gen_random_uuid()`
      return false
    case 'slow':
      await tx.$executeRaw`SET LOCAL statement_timeout = 20`
      await tx.$executeRaw`SELECT pg_sleep(1)`
      return false
    case 'killed': {
      const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
      await superuser`SELECT pg_terminate_backend(${row?.pid ?? 0}, 2000)`
      await tx.$executeRaw`SELECT 1`
      return false
    }
  }
}
