import 'server-only'
import { agencyIndexKey } from '@/lib/access/agency-keys'
import type { Actor } from '@/lib/access/actor'
import { actorOf, nowIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { recordAll, type AuditEntry } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'

import {
  changeProfile,
  countryOfAgency,
  findPerson,
  findSafeContact,
  insertIdentity,
  insertSafeContact,
  markChanged,
  replaceTokens,
  type PersonRow,
} from './data'
import { birthYearOf, changedParts, withIdentity } from './identity-rules'
import type { IdentityRecord } from './identity-schema'
import { lookAtIdentity } from './identity-service'
import { mayChange } from './policy'
import { sealRecord, tokenRows } from './prepare-service'
import { birthBandOf, columnsOf } from './profile-rules'
import { NOT_ASKED, safeContactRecord } from './safe-contact-rules'
import type { ChangePersonInput, PersonView } from './schema'
import { personKey } from './sealing'
import { findVisible, personView, refuseBirthAhead } from './service'

/**
 * Changes what is known of a person. Identity and safe contact get a new version each, and the search tokens follow
 * the identity; a change of identity is a look at it as well, since what isn't given stays as it is.
 *
 * Refuses with `not_found` as `viewPerson` does, `forbidden` off the team, `conflict` (`erased`), `invalid` for a birth
 * date ahead, and `stale` when the person changed since `version`.
 */
export async function changePerson(actor: Actor, input: ChangePersonInput): Promise<Result<PersonView>> {
  return withActor(actor, async (tx) => {
    const person = await findVisible(tx, input.person)
    if (person === null) return refuse('not_found')
    if (!mayChange(actor, person)) return refuse('forbidden')
    if (person.erased_at !== null) return refuse('conflict', 'erased')
    const ahead = refuseBirthAhead(tx, input)
    if (ahead !== null) return ahead
    if (person.version !== input.version) return refuse('stale')

    // Whether a birth date is known decides what an answer about the year of birth may say.
    const needsIdentity = input.identity !== undefined || input.profile?.birth !== undefined
    const before = needsIdentity ? await lookAtIdentity(tx, person) : null
    const after = before === null ? null : withIdentity(before.identity, input.identity ?? {})
    const birthBand = bandAfter(person, after, input)
    // The version is taken first, so that of two changes at once the second waits here and then writes nothing.
    if (!(await markChanged(tx, person.id, input.version, birthBand))) return refuse('stale')

    const events: AuditEntry[] = []
    const about = { subject: person.code, personId: person.id, holderAgencyId: person.agency_id }
    if (input.identity !== undefined && before !== null && after !== null) {
      const fields = changedParts(before.identity, after)
      if (fields.length > 0) await writeIdentity(tx, person, before.version + 1, after)
      events.push({ ...about, type: 'identity.changed', fields })
    }
    const columns = { ...columnsOf(input.profile ?? {}), ...birthState(after, input) }
    if (Object.keys(columns).length > 0) {
      await changeProfile(tx, person.id, columns, nowIn(tx))
      events.push({ ...about, type: 'person.changed', fields: Object.keys(columns) })
    }
    if (input.safeContact !== undefined) {
      await writeSafeContact(tx, person, input.safeContact)
      events.push({ ...about, type: 'safe-contact.changed', fields: Object.keys(input.safeContact) })
    }
    await recordAll(tx, events.length > 0 ? events : [{ ...about, type: 'person.changed', fields: [] }])
    const now = await findPerson(tx, person.code)
    return now === null ? refuse('not_found') : ok(await personView(tx, now))
  })
}

/** The band after the change: of the birth date where one is known, else of the profile's answer, else as it was. */
function bandAfter(
  person: PersonRow,
  after: IdentityRecord | null,
  { profile, identity }: ChangePersonInput,
): number | null {
  const known = after === null ? null : birthYearOf(after)
  if (known !== null) return birthBandOf(known)
  if (profile?.birth !== undefined) return profile.birth.state === 'stated' ? birthBandOf(profile.birth.value) : null
  return isBirthTakenBack(identity) ? null : person.birth_band
}

function birthState(after: IdentityRecord | null, { identity, profile }: ChangePersonInput) {
  if (after !== null && birthYearOf(after) !== null) return { birthState: 'stated' } as const
  return profile?.birth === undefined && isBirthTakenBack(identity) ? ({ birthState: 'unknown' } as const) : {}
}

function isBirthTakenBack(identity: ChangePersonInput['identity']): boolean {
  return identity?.birthDate === null || identity?.birthYear === null
}

async function writeIdentity(tx: ActorTx, person: PersonRow, version: number, identity: IdentityRecord): Promise<void> {
  const { agency, member } = actorOf(tx)
  const held = { personId: person.id, holderAgencyId: agency, agencyId: agency }
  const key = await personKey(tx, person.id)
  const sealed = sealRecord(key, 'person_identity', agency, version, identity)
  await insertIdentity(tx, { ...held, version, sealed, writtenById: member, writtenAt: nowIn(tx) })
  await replaceTokens(tx, person.id, tokenRows(await agencyIndexKey(tx), identity, await countryOfAgency(tx), held))
}

async function writeSafeContact(
  tx: ActorTx,
  person: PersonRow,
  input: NonNullable<ChangePersonInput['safeContact']>,
): Promise<void> {
  const { agency, member } = actorOf(tx)
  const version = ((await findSafeContact(tx, person.id))?.version ?? 0) + 1
  const record = safeContactRecord(input) ?? NOT_ASKED
  const sealed = sealRecord(await personKey(tx, person.id), 'safe_contact', agency, version, record)
  const held = { personId: person.id, holderAgencyId: agency, agencyId: agency }
  await insertSafeContact(tx, { ...held, version, sealed, writtenById: member, writtenAt: nowIn(tx) })
}
