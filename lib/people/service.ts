import 'server-only'
import { agencyDataKey, agencyIndexKey } from '@/lib/access/agency-keys'
import type { Actor } from '@/lib/access/actor'
import { aboutSubject, actorOf, nowIn, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import {
  countryOfAgency,
  findPerson,
  findProfile,
  findSafeContact,
  insertPerson,
  listCasesOf,
  listLooks,
  type PersonRow,
} from './data'
import { EMPTY_IDENTITY, isBornLater, withIdentity } from './identity-rules'
import { mayRegister, maySee } from './policy'
import { preparePerson, type HoldingKeys, type PreparedPerson } from './prepare-service'
import { BLANK_PROFILE, profileView } from './profile-rules'
import { openSafeContact } from './records'
import type { LookView, PersonView, RegisterPersonInput } from './schema'
import { lookView } from './looks'

/** Registers a person with whatever is known, as a record that the actor's agency holds. See `registerPersonIn`. */
export async function registerPerson(actor: Actor, input: RegisterPersonInput): Promise<Result<PersonView>> {
  return withActor(actor, async (tx) => {
    const made = await registerPersonIn(tx, input)
    return made.ok ? ok(await personView(tx, made.value.row)) : made
  })
}

/** What registering gives to a use case that goes on in the same transaction. */
export type RegisteredPerson = {
  readonly id: string
  readonly code: string
  readonly prepared: PreparedPerson
  readonly row: PersonRow
}

/**
 * Writes person, key, sealed identity, safe contact, profile and search tokens, and records it. The registering member
 * is the team until the first case.
 *
 * Refuses with `forbidden` for roles without cases, and with `invalid` for a birth date that lies ahead.
 */
export async function registerPersonIn(tx: ActorTx, input: RegisterPersonInput): Promise<Result<RegisteredPerson>> {
  const actor = actorOf(tx)
  if (!mayRegister(actor)) return refuse('forbidden')
  const ahead = refuseBirthAhead(tx, input)
  if (ahead !== null) return ahead

  const at = nowIn(tx)
  const prepared = preparePerson(await holdingKeys(tx), input, {
    agency: actor.agency,
    country: await countryOfAgency(tx),
    member: actor.member,
    at,
  })
  const { id, code, birthBand } = prepared.person
  await insertPerson(tx, prepared)
  await record(tx, {
    type: 'person.registered',
    subject: code,
    personId: id,
    holderAgencyId: actor.agency,
    fields: fieldsOf(input),
  })
  const row: PersonRow = {
    id,
    code,
    agency_id: actor.agency,
    birth_band: birthBand,
    version: 1,
    created_at: at,
    erased_at: null,
    registered_by: actor.displayName,
    team: true,
  }
  return ok({ id, code, prepared, row })
}

/** The keys under which the actor's agency holds persons: for `preparePerson`. */
export async function holdingKeys(tx: ActorTx): Promise<HoldingKeys> {
  return { data: await agencyDataKey(tx), index: await agencyIndexKey(tx) }
}

/**
 * A person: skeleton for the agency's case roles, profile and safe contact for the team. Never the identity.
 *
 * Refuses with `not_found` alike when there is none, when another agency holds them, and when a restricted case hides
 * them from the actor.
 */
export async function viewPerson(actor: Actor, input: { readonly person: string }): Promise<Result<PersonView>> {
  return withActor(actor, async (tx) => {
    const person = await findVisible(tx, input.person)
    if (person === null) return refuse('not_found')
    const view = await personView(tx, person)
    await record(tx, {
      type: 'person.viewed',
      subject: person.code,
      personId: person.id,
      holderAgencyId: person.agency_id,
      fields: person.team ? ['profile', 'safeContact'] : [],
    })
    return ok(view)
  })
}

/** The person behind a typed code whom the actor may know of; null for all others alike. */
export async function findVisible(tx: ActorTx, typed: string): Promise<PersonRow | null> {
  const code = parseCode(typed, 'AMP')
  if (code === null || !maySee(actorOf(tx))) return null
  aboutSubject(tx, code)
  return findPerson(tx, code)
}

/** The view of a row that was found in this transaction; writes no event of its own. */
export async function personView(tx: ActorTx, person: PersonRow): Promise<PersonView> {
  const { agencyKey, agencyName } = actorOf(tx)
  const isOpen = person.team && person.erased_at === null
  const profile = isOpen ? ((await findProfile(tx, person.id)) ?? BLANK_PROFILE) : null
  const safeContact = isOpen ? await openSafeContact(tx, person.id, await findSafeContact(tx, person.id)) : null
  const cases = await listCasesOf(tx, person.id)
  return {
    code: person.code,
    version: person.version,
    agency: agencyKey,
    agencyName,
    team: person.team,
    registeredAt: person.created_at.toISOString(),
    registeredBy: person.registered_by ?? '',
    birthBand: person.birth_band,
    erasedAt: person.erased_at?.toISOString() ?? null,
    cases: cases.map(({ openedOn, ...line }) => ({ ...line, openedOn: openedOn.toISOString().slice(0, 10) })),
    profile: profile === null ? null : profileView(profile, person.birth_band),
    safeContact,
    identity: {
      access: person.erased_at !== null ? 'erased' : person.team ? 'press' : 'held',
      last: isOpen ? await lastLook(tx, person.id) : null,
    },
  }
}

async function lastLook(tx: ActorTx, person: string): Promise<LookView | null> {
  const [row] = await listLooks(tx, person, 1, null, ['identity.read', 'identity.listed'])
  return row === undefined ? null : lookView(row)
}

/** Refuses a birth date later than today in the agency's zone; null when there is nothing to refuse. */
export function refuseBirthAhead(tx: ActorTx, { identity, profile }: RegisterPersonInput): Refused | null {
  const today = todayIn(tx)
  const { birthDate } = withIdentity(EMPTY_IDENTITY, identity ?? {})
  if (isBornLater({ birthDate }, today)) {
    const field = typeof identity?.birthDate !== 'string' ? 'identity.birthYear' : 'identity.birthDate'
    return refuse('invalid', 'birth_ahead', { [field]: ['persons.errors.birth_ahead'] })
  }
  if (profile?.birth?.state === 'stated' && profile.birth.value > Number(today.slice(0, 4))) {
    return refuse('invalid', 'birth_ahead', { 'profile.birth.value': ['persons.errors.birth_ahead'] })
  }
  return null
}

/** The names of what was given, for the log: never what stands in it. */
export function fieldsOf(input: RegisterPersonInput): string[] {
  return [
    ...Object.keys(input.identity ?? {}).map((part) => `identity.${part}`),
    ...Object.keys(input.profile ?? {}).map((question) => `profile.${question}`),
    ...(input.safeContact === undefined ? [] : ['safeContact']),
  ]
}
