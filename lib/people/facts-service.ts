import 'server-only'
import { nowIn, type ActorTx } from '@/lib/access/with-actor'

import { findSafeContact, listProfiles } from './data'
import { agesOfBand, profileView, type ProfileColumns } from './profile-rules'
import { openSafeContact } from './records'
import type { PersonFacts } from './schema'
import type { ProfileView } from './profile-schema'
import { safeContactView } from './safe-contact-rules'
import type { SafeContactRecord, SafeContactView } from './safe-contact-schema'

/**
 * What the page of a case shows of its person: profile and safe contact. Null when the actor is off the team. Three
 * statements, no event: the use case that calls it records its own look.
 */
export async function personFactsIn(tx: ActorTx, person: string): Promise<PersonFacts | null> {
  const [found] = await listProfiles(tx, [person])
  if (found === undefined) return null
  const { birthBand, code } = found.person
  const safeContact = await openSafeContact(tx, person, await findSafeContact(tx, person))
  return { code, birthBand, profile: profileView(found, birthBand), safeContact }
}

/** The facts of one line of a list: "Woman, 25-34, Tigrinya". */
export type PersonLine = {
  readonly code: string
  readonly birthBand: number | null
  readonly gender: ProfileView['gender']
  readonly languages: ProfileView['languages']
}

/** The lines of several persons by their id, in one statement; those off the actor's teams are left out. */
export async function personLinesIn(tx: ActorTx, persons: readonly string[]): Promise<ReadonlyMap<string, PersonLine>> {
  if (persons.length === 0) return new Map()
  const rows = await listProfiles(tx, [...new Set(persons)])
  return new Map(
    rows.map((row) => {
      const { gender, languages } = profileView(row, row.person.birthBand)
      return [row.person.id, { code: row.person.code, birthBand: row.person.birthBand, gender, languages }]
    }),
  )
}

/** The facts by which help is looked for, and no others: each undefined where nobody stated it. */
export type FitFacts = {
  readonly ages?: { readonly from: number; readonly to: number }
  readonly gender?: string
  readonly languages?: readonly string[]
}

/** The same of one person; empty for whoever is off the team. The use case that calls it records its own look. */
export async function fitFactsIn(tx: ActorTx, person: string): Promise<FitFacts> {
  const [found] = await listProfiles(tx, [person])
  if (found === undefined) return {}
  const { birthBand } = found.person
  const { gender, languages } = profileView(found, birthBand)
  return {
    ...(birthBand === null ? {} : { ages: agesOfBand(birthBand, nowIn(tx).getUTCFullYear()) }),
    ...(gender.state === 'stated' && gender.value !== 'NonSpecifiedUnknown' ? { gender: gender.value } : {}),
    ...(languages.state === 'stated' ? { languages: languages.values } : {}),
  }
}

/** Safe contact as it was opened, for a job that carries it on to where it was shared. */
export function safeContactViewOf(record: unknown, writtenAt: Date, version: number): SafeContactView {
  return safeContactView({ record: record as SafeContactRecord, writtenAt, version }, writtenAt)
}

/** A profile as a job reads its columns, for one that carries it on to where it was shared. */
export function profileViewOf(columns: unknown, birthBand: number | null): ProfileView {
  return profileView(columns as ProfileColumns, birthBand)
}
