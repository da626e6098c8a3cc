import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { lookOf } from '@/lib/audit/record'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { listTeamPersons, readIdentities, type PersonRow } from './data'
import { checkTexts } from './free-text/service'
import { birthYearOf } from './identity-rules'
import type {
  IdentityRecord,
  IdentityView,
  ListedIdentity,
  ListIdentitiesInput,
  ReadIdentityInput,
} from './identity-schema'
import { mayReadIdentity } from './policy'
import { openIdentity } from './records'
import { personKey, personKeys, sealUnder } from './sealing'
import { findVisible } from './service'

/**
 * Shows who a person is. The database checks the team and writes the look before it gives out anything, in this
 * transaction (invariant 2). A reason, where one is given, goes sealed into that event; the view tells when it seems to
 * hold identity itself.
 *
 * Refuses with `not_found` as `viewPerson` does, with `forbidden` for a colleague off the team, and with `conflict`
 * (`erased`) when the person's key was destroyed.
 */
export async function readIdentity(actor: Actor, input: ReadIdentityInput): Promise<Result<IdentityView>> {
  return withActor(actor, async (tx) => {
    const person = await findVisible(tx, input.person)
    if (person === null) return refuse('not_found')
    if (!mayReadIdentity(actor, person)) return refuse('forbidden')
    if (person.erased_at !== null) return refuse('conflict', 'erased')
    const { identity, version } = await lookAtIdentity(tx, person, input.reason)
    const { told } = await checkTexts(tx, person.id, { reason: { text: input.reason, kept: undefined } }, 'warn')
    return ok({
      ...told,
      code: person.code,
      version: person.version,
      identityVersion: version,
      ...identity,
      birthYear: birthYearOf(identity),
    })
  })
}

/** Reads the newest identity of a person of the team, with its look. */
export async function lookAtIdentity(
  tx: ActorTx,
  person: PersonRow,
  reason?: string,
): Promise<{ readonly identity: IdentityRecord; readonly version: number }> {
  const key = await personKey(tx, person.id)
  const place = { table: 'audit_event', column: 'reason', row: person.id }
  const sealed = reason === undefined ? undefined : sealUnder(key, actorOf(tx).agency, place, reason)
  const [row] = await readIdentities(tx, [person.id], lookOf(tx, 'casework', sealed))
  if (row?.person_id !== person.id) throw new Error('The identity of a person of the team could not be read')
  return { identity: openIdentity(tx, key, row), version: row.version }
}

/**
 * The names of the team's own persons, for a list whose names are hidden until asked for: one press, one look recorded
 * for each person. Codes that aren't the team's are left out without a word.
 */
export async function listIdentities(
  actor: Actor,
  input: ListIdentitiesInput,
): Promise<Result<readonly ListedIdentity[]>> {
  return withActor(actor, async (tx) => {
    if (!mayReadIdentity(actor, { team: true })) return refuse('forbidden')
    const codes = input.persons.flatMap((typed) => parseCode(typed, 'AMP') ?? [])
    const persons = await listTeamPersons(tx, codes)
    if (persons.length === 0) return ok([])
    const ids = persons.map(({ id }) => id)
    const keys = await personKeys(tx, ids)
    const rows = await readIdentities(tx, ids, lookOf(tx, 'list'))
    const names = new Map(
      rows.flatMap((row) => {
        const key = keys.get(row.person_id)
        return key === undefined ? [] : [[row.person_id, openIdentity(tx, key, row).names[0] ?? null] as const]
      }),
    )
    return ok(persons.map(({ id, code }) => ({ code, name: names.get(id) ?? null })))
  })
}
