import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { whoLookedAt } from '@/lib/audit/who-looked/service'
import { consentsOnIn } from '@/lib/consent/service'
import { disclosuresOfIn } from '@/lib/consent/sharing/service'
import { readIdentity } from '@/lib/people/identity-service'
import { findVisible, personView } from '@/lib/people/service'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { ownFilesOfIn } from '@/lib/referrals/own-file/service'

import { hasFreshStatement, insertStatement, listCasesOfStatement } from './data'
import { fieldsOfStatement } from './rules'
import type { MakeStatementInput, PrintStatementInput, StatementInput, StatementView } from './schema'

const LINES = 500

/**
 * What stands in a person's statement, before it is made: how much, and nothing of it. Refuses with `not_found` as
 * `viewPerson` does, `forbidden` off the team, and `conflict` (`erased`) when the person's key was destroyed.
 */
export async function prepareStatement(
  actor: Actor,
  input: StatementInput,
): Promise<Result<{ readonly code: string; readonly cases: number }>> {
  return withActor(actor, async (tx) => {
    const found = await findForStatement(tx, actor, input.person)
    if (!found.ok) return found
    const { id, code, holder } = found.value
    const cases = await listCasesOfStatement(tx, id)
    await record(tx, { type: 'statement.viewed', subject: code, personId: id, holderAgencyId: holder })
    return ok({ code, cases: cases.length })
  })
}

/**
 * Makes a person's statement: writes on the ledger, and in the log, that it was printed for them. The same member may
 * print it for a quarter of an hour from then on. Refuses like `prepareStatement`.
 */
export async function makeStatement(
  actor: Actor,
  input: MakeStatementInput,
): Promise<Result<{ readonly code: string; readonly person: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findForStatement(tx, actor, input.person)
    if (!found.ok) return found
    const { id, code } = found.value
    const line = await insertStatement(tx, id, fieldsOfStatement(await listCasesOfStatement(tx, id)))
    return ok({ code: line, person: code })
  })
}

/**
 * The statement that was just made, with who the person is; the look at the identity is written as every other. It holds
 * what the actor's teams hold: cases of the person that they aren't on are not in it.
 *
 * Refuses like `prepareStatement`, and with `conflict` (`not_made`) where this member has not just made it.
 */
export async function printStatement(actor: Actor, input: PrintStatementInput): Promise<Result<StatementView>> {
  return withActor(actor, async (tx) => {
    const found = await findForStatement(tx, actor, input.person)
    if (!found.ok) return found
    const { id, code, row } = found.value
    const line = parseCode(input.line, 'DIS')
    if (line === null || !(await hasFreshStatement(tx, id, line))) return refuse('conflict', 'not_made')
    const identity = await readIdentity(actor, { person: code })
    if (!identity.ok) return identity
    const { profile, safeContact } = await personView(tx, row)
    if (profile === null) return refuse('forbidden')
    const cases = await listCasesOfStatement(tx, id)
    const consents = []
    for (const one of cases) consents.push(...(await consentsOnIn(tx, one.code)))
    const received = await disclosuresOfIn(tx, id, LINES)
    return ok({
      code,
      agency: actor.agencyName,
      by: actor.displayName,
      on: todayIn(tx),
      line,
      identity: identity.value,
      profile,
      safeContact,
      cases,
      consents,
      looked: await whoLookedAt(tx, id),
      received: received.items,
      isCut: received.isCut,
      ownFiles: await ownFilesOfIn(tx, id),
    })
  })
}

type Found = NonNullable<Awaited<ReturnType<typeof findVisible>>>

async function findForStatement(
  tx: ActorTx,
  actor: Actor,
  person: string,
): Promise<Result<{ readonly id: string; readonly code: string; readonly holder: string; readonly row: Found }>> {
  const row = holds(actor, 'statement:make') ? await findVisible(tx, person) : null
  if (row === null) return refuse('not_found')
  if (!row.team) return refuse('forbidden')
  if (row.erased_at !== null) return refuse('conflict', 'erased')
  return ok({ id: row.id, code: row.code, holder: row.agency_id, row })
}
