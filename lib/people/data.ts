import { Prisma } from '@/generated/prisma/client'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'

import type { PreparedPerson, TokenRow } from './prepare-service'
import type { ProfileColumns } from './profile-rules'

/** A person as the actor's agency may know of them; `team` says whether the actor works with them. */
export type PersonRow = {
  readonly id: string
  readonly code: string
  readonly agency_id: string
  readonly birth_band: number | null
  readonly version: number
  readonly created_at: Date
  readonly erased_at: Date | null
  readonly registered_by: string | null
  readonly team: boolean
}

/** The person behind a code; null when absent and when out of sight, by the same statement. */
export async function findPerson(tx: ActorTx, code: string): Promise<PersonRow | null> {
  const rows = await tx.$queryRaw<PersonRow[]>`
    SELECT p.id, p.code, p.holder_agency_id AS agency_id, p.birth_band, p.version, p.created_at, p.erased_at,
      m.display_name AS registered_by, app.person_team(p.id) AS team
    FROM person p LEFT JOIN member m ON m.agency_id = p.agency_id AND m.id = p.registered_by_id
    WHERE p.code = ${code}`
  const row = rows[0]
  return row?.code === code ? row : null
}

/** The ids behind several codes of persons with whom the actor works. */
export async function listTeamPersons(
  tx: ActorTx,
  codes: readonly string[],
): Promise<readonly { readonly id: string; readonly code: string }[]> {
  return tx.$queryRaw<{ id: string; code: string }[]>`
    SELECT p.id, p.code FROM person p WHERE p.code = ANY (${[...codes]}::text[]) AND app.person_team(p.id)`
}

export async function insertPerson(tx: ActorTx, rows: PreparedPerson): Promise<void> {
  // createMany asks for nothing back: identity may be written by whoever may not read it directly.
  await tx.person.createMany({ data: [rows.person] })
  await tx.personKey.createMany({ data: [rows.personKey] })
  await tx.personIdentity.createMany({ data: [rows.identity] })
  if (rows.safeContact !== null) await tx.safeContact.createMany({ data: [rows.safeContact] })
  await tx.personProfile.createMany({ data: [rows.profile] })
  if (rows.tokens.length > 0) await tx.searchToken.createMany({ data: [...rows.tokens] })
}

/** Moves a person on by one version; false when it changed since `version`. */
export async function markChanged(
  tx: ActorTx,
  id: string,
  version: number,
  birthBand: number | null,
): Promise<boolean> {
  const { count } = await tx.person.updateMany({
    where: { id, version },
    data: { version: { increment: 1 }, birthBand },
  })
  return count === 1
}

const PROFILE = {
  birthState: true,
  genderState: true,
  gender: true,
  citizenshipState: true,
  citizenships: true,
  languageState: true,
  languages: true,
  interpreterState: true,
  interpreterNeeded: true,
  disabilityState: true,
  disabilities: true,
  pregnancyState: true,
  pregnant: true,
  dependantsState: true,
  dependants: true,
  migrationState: true,
  migrationStatus: true,
  displacementState: true,
  displacement: true,
} as const

/** The profile of a person with whom the actor works. */
export async function findProfile(tx: ActorTx, person: string): Promise<ProfileColumns | null> {
  return tx.personProfile.findUnique({ where: { personId: person }, select: PROFILE })
}

/** The profiles of several persons; those out of sight are left out. */
export async function listProfiles(tx: ActorTx, persons: readonly string[]) {
  return tx.personProfile.findMany({
    where: { personId: { in: [...persons] } },
    select: { ...PROFILE, person: { select: { id: true, code: true, birthBand: true } } },
  })
}

export async function changeProfile(
  tx: ActorTx,
  person: string,
  columns: Partial<ProfileColumns>,
  at: Date,
): Promise<void> {
  await tx.personProfile.updateMany({ where: { personId: person }, data: { ...columns, updatedAt: at } })
}

/** A version of a sealed record as it is stored. */
export type SealedVersion = { readonly version: number; readonly sealed: Uint8Array; readonly writtenAt: Date }

/** The newest safe contact of a person with whom the actor works. */
export async function findSafeContact(tx: ActorTx, person: string): Promise<SealedVersion | null> {
  return tx.safeContact.findFirst({
    where: { personId: person },
    orderBy: { version: 'desc' },
    select: { version: true, sealed: true, writtenAt: true },
  })
}

type NewVersion = PreparedPerson['identity']

export async function insertIdentity(tx: ActorTx, row: NewVersion): Promise<void> {
  await tx.personIdentity.createMany({ data: [row] })
}

export async function insertSafeContact(tx: ActorTx, row: NewVersion): Promise<void> {
  await tx.safeContact.createMany({ data: [row] })
}

/** Puts the tokens of a changed identity in place of the old ones. */
export async function replaceTokens(tx: ActorTx, person: string, tokens: readonly TokenRow[]): Promise<void> {
  await tx.searchToken.deleteMany({ where: { personId: person, holderAgencyId: actorOf(tx).agency } })
  if (tokens.length > 0) await tx.searchToken.createMany({ data: [...tokens] })
}

export type IdentityRow = { readonly person_id: string; readonly version: number; readonly sealed: Uint8Array }

/** The newest identities of those persons with whom the actor works; the database writes the look before it answers. */
export async function readIdentities(tx: ActorTx, persons: readonly string[], look: string): Promise<IdentityRow[]> {
  return tx.$queryRaw<IdentityRow[]>`
    SELECT person_id, version, sealed FROM app.read_identity(${[...persons]}::uuid[], ${look}::jsonb)`
}

export type CaseRow = {
  readonly code: string
  readonly number: number
  readonly status: string
  readonly stage: string
  readonly risk: string | null
  readonly restricted: boolean
  readonly openedOn: Date
}

/** The skeletons of a person's cases, as far as the actor may know of them, newest first. */
export async function listCasesOf(tx: ActorTx, person: string): Promise<CaseRow[]> {
  return tx.caseFile.findMany({
    where: { personId: person, holderAgencyId: actorOf(tx).agency },
    orderBy: [{ number: 'desc' }],
    take: 100,
    select: { code: true, number: true, status: true, stage: true, risk: true, restricted: true, openedOn: true },
  })
}

export type LookRow = {
  readonly id: bigint
  readonly at: Date
  readonly type: string
  readonly who: string | null
  readonly agency: string | null
  readonly subject: string | null
  readonly fields: string[]
}

/** The events about a person that the actor may read, those of other agencies too, newest first, from before `before`. */
export async function listLooks(
  tx: ActorTx,
  person: string,
  limit: number,
  before: bigint | null,
  types: readonly string[] | null,
): Promise<LookRow[]> {
  const { agency } = actorOf(tx)
  const wanted = Prisma.sql`e.person_id = ${person}::uuid AND (${before}::bigint IS NULL OR e.id < ${before}::bigint)
    AND (${types === null ? null : [...types]}::text[] IS NULL OR e.type = ANY (${types === null ? null : [...types]}::text[]))`
  return tx.$queryRaw<LookRow[]>`
    SELECT e.id, e.at, e.type, CASE WHEN e.agency_id = ${agency}::uuid THEN m.display_name ELSE a.name END AS who, a.name AS agency,
      e.subject, e.fields
    FROM (
      (SELECT e.* FROM audit_event e WHERE e.agency_id = ${agency}::uuid AND ${wanted} ORDER BY e.id DESC LIMIT ${limit})
      UNION ALL
      (SELECT e.* FROM audit_event e WHERE e.holder_agency_id = ${agency}::uuid AND e.agency_id <> ${agency}::uuid AND ${wanted}
        ORDER BY e.id DESC LIMIT ${limit})
    ) e LEFT JOIN member m ON m.id = e.actor_id AND m.agency_id = ${agency}::uuid LEFT JOIN agency a ON a.id = e.agency_id
    ORDER BY e.id DESC LIMIT ${limit}`
}

const countries = new Map<string, string>()

/** The country of the actor's agency: where phone numbers without a + belong. It doesn't change while the process runs. */
export async function countryOfAgency(tx: ActorTx): Promise<string> {
  const { agency } = actorOf(tx)
  const known = countries.get(agency)
  if (known !== undefined) return known
  const row = await tx.agency.findUniqueOrThrow({ where: { id: agency }, select: { country: true } })
  countries.set(agency, row.country)
  return row.country
}
