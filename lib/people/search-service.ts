import 'server-only'
import { createHash, randomBytes } from 'node:crypto'

import { agencyDataKey, agencyIndexKey } from '@/lib/access/agency-keys'
import type { Actor } from '@/lib/access/actor'
import { actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { openText, sealText, sealedUnder, type SealingKey } from '@/lib/platform/crypto/envelope'
import { indexToken } from '@/lib/platform/crypto/tokens'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countryOfAgency, findPerson } from './data'
import { queryTokens, scoreMatches, type Match, type QueryToken, type SearchQuery } from './names/query'
import { maySearch } from './policy'
import type { PersonHitView, PersonSearchView, RegisterPersonInput, SearchPersonInput, SharedHitView } from './schema'
import {
  findCaseOf,
  findHandle,
  keepHandle,
  listCandidates,
  listGranted,
  listHits,
  type WantedToken,
} from './search-data'

/** How many persons one search shows; more would be a list to browse. */
export const MOST_HITS = 20
const HANDLE_MINUTES = 15
const ORDER = { strong: 2, likely: 1, possible: 0 } as const

/**
 * Proposes persons of the actor's agency by names in any script, phone, document, e-mail or code, best first, at most
 * twenty. Persons hidden by a restricted case are not among them for whoever is off the team. The text itself is never
 * written anywhere: the one event says only what kinds of things were looked for.
 */
export async function searchPersons(actor: Actor, input: SearchPersonInput): Promise<Result<PersonSearchView>> {
  return withActor(actor, async (tx) => {
    if (!maySearch(actor)) return refuse('forbidden')
    return ok(await searchFor(tx, [queryTokens(input.query, await countryOfAgency(tx))]))
  })
}

/**
 * Persons who are probably the one about to be registered: a hint before saving, never a bar to it. One search, as far
 * as the log is concerned.
 */
export async function findAlike(
  actor: Actor,
  { identity }: RegisterPersonInput,
): Promise<Result<readonly PersonHitView[]>> {
  return withActor(actor, async (tx) => {
    if (!maySearch(actor)) return refuse('forbidden')
    const year = identity?.birthDate?.slice(0, 4) ?? identity?.birthYear?.toString() ?? ''
    const texts = [
      ...[...(identity?.names ?? []), ...(identity?.aliases ?? [])].slice(0, 4).map(({ value }) => `${value} ${year}`),
      ...(identity?.phones ?? []).slice(0, 3).map(({ value }) => value),
      ...(identity?.documents ?? []).slice(0, 3).map(({ number }) => number),
    ]
    if (texts.length === 0) return ok([])
    const country = await countryOfAgency(tx)
    const { hits } = await searchFor(
      tx,
      texts.map((text) => queryTokens(text, country)),
    )
    return ok(hits.filter(({ strength }) => strength === 'strong'))
  })
}

async function searchFor(tx: ActorTx, queries: readonly SearchQuery[]): Promise<PersonSearchView> {
  const best = new Map<string, Match>()
  for (const query of queries) {
    for (const [person, match] of await matchesOf(tx, query)) {
      const known = best.get(person)
      if (known === undefined || isBetter(match, known)) best.set(person, match)
    }
  }
  const ranked = [...best].sort(([, a], [, b]) => (isBetter(a, b) ? -1 : isBetter(b, a) ? 1 : 0))
  const shown = ranked.slice(0, MOST_HITS)
  const rows = new Map(
    (
      await listHits(
        tx,
        shown.map(([id]) => id),
      )
    ).map((row) => [row.id, row]),
  )
  await record(tx, { type: 'person.searched', fields: kindsOf(queries), purpose: 'casework' })
  const hits = shown.flatMap(([id, { strength }]): PersonHitView[] => {
    const row = rows.get(id)
    if (row === undefined) return []
    return [{ code: row.code, strength, birthBand: row.birth_band, responsible: row.responsible ?? '', team: row.team }]
  })
  return { hits, shared: await sharedHits(tx, queries), more: ranked.length > shown.length }
}

async function matchesOf(tx: ActorTx, query: SearchQuery): Promise<readonly (readonly [string, Match])[]> {
  if (query.code !== null) {
    const person = parseCode(query.code, 'AMP') === null ? null : await findPerson(tx, query.code)
    return person === null ? [] : [[person.id, { strength: 'strong', score: 1 }]]
  }
  const candidates = await listCandidates(tx, await wantedOf(tx, query))
  return candidates.flatMap(({ id, matched }) => {
    const match = scoreMatches(query, new Set(matched))
    return match === null ? [] : [[id, match] as const]
  })
}

/** What to look for, under the agency's own key. */
async function wantedOf(tx: ActorTx, { tokens }: SearchQuery): Promise<readonly WantedToken[]> {
  const index = await agencyIndexKey(tx)
  return tokens.map(({ kind, value, weight }) => ({
    digest: indexToken(index, kind, value),
    weight: kind === 'birth_year' ? 0.5 : weight,
    proposes: kind !== 'birth_year',
  }))
}

/** Whom the actor was told of by name, with what they answer for: the database asks the engine of each. */
async function sharedHits(tx: ActorTx, queries: readonly SearchQuery[]): Promise<readonly SharedHitView[]> {
  const best = new Map<string, SharedHitView & { readonly match: Match }>()
  for (const query of queries) {
    for (const { code, from_agency: fromAgency, matched } of await listGranted(tx, await wantedOf(tx, query))) {
      const match = scoreMatches(query, new Set(matched))
      const known = best.get(code)
      if (match !== null && (known === undefined || isBetter(match, known.match)))
        best.set(code, { referral: code, strength: match.strength, fromAgency, match })
    }
  }
  return [...best.values()]
    .sort((a, b) => (isBetter(a.match, b.match) ? -1 : 1))
    .slice(0, MOST_HITS)
    .map(({ match: _match, ...hit }) => hit)
}

/** The country of the actor's agency, for parts that make tokens of what was shared with it. */
export function countryOfOwnAgency(tx: ActorTx): Promise<string> {
  return countryOfAgency(tx)
}

function isBetter(a: Match, b: Match): boolean {
  return ORDER[a.strength] > ORDER[b.strength] || (a.strength === b.strength && a.score > b.score)
}

/** What was looked for, in kinds: `name`, `phone`, `code`. */
function kindsOf(queries: readonly SearchQuery[]): string[] {
  const kinds = queries.flatMap(({ code, tokens }) => (code === null ? tokens.map(kindOf) : ['code']))
  return [...new Set(kinds)].sort()
}

function kindOf({ kind }: QueryToken): string {
  if (kind === 'sound' || kind === 'bones') return 'name'
  return kind === 'phone_tail' ? 'phone' : kind
}

// ---- a search text never stands in an address: it is kept sealed for a quarter of an hour, under a random handle

/** Keeps a search text for this member and gives the handle that opens it. Nothing is searched yet. */
export async function keepSearch(actor: Actor, input: SearchPersonInput): Promise<Result<string>> {
  return withActor(actor, async (tx) => {
    if (!maySearch(actor)) return refuse('forbidden')
    const handle = randomBytes(18).toString('base64url')
    const hash = hashOf(handle)
    const sealed = Uint8Array.from(sealText(await agencyDataKey(tx), placeOf(tx, hash), input.query))
    await keepHandle(tx, hash, sealed, HANDLE_MINUTES)
    return ok(handle)
  })
}

export type KeptSearchView = PersonSearchView & {
  /** What the member had typed, for the field on the page of the answer. */
  readonly query: string
  /** Whether the text is a name, with which a registration may begin. */
  readonly isName: boolean
}

/** Runs the search behind a handle. Refuses with `not_found` when it ran out, never was, or is another member's. */
export async function searchByHandle(actor: Actor, handle: string): Promise<Result<KeptSearchView>> {
  return withActor(actor, async (tx) => {
    const opened = await openHandle(tx, handle)
    if (opened === null) return refuse('not_found')
    if (!maySearch(actor)) return refuse('forbidden')
    const { query, parsed } = opened
    return ok({ ...(await searchFor(tx, [parsed])), query, isName: isPlainName(query, parsed) })
  })
}

/**
 * The name with which a registration begins: what was searched for, if that was a name and nothing else. Refuses with
 * `not_found` when the search ran out, so that nobody registers without having searched.
 */
export async function nameSearchedFor(actor: Actor, handle: string): Promise<Result<string | null>> {
  return withActor(actor, async (tx) => {
    const opened = await openHandle(tx, handle)
    if (opened === null || !maySearch(actor)) return refuse('not_found')
    return ok(isPlainName(opened.query, opened.parsed) ? opened.query : null)
  })
}

async function openHandle(tx: ActorTx, handle: string) {
  if (!/^[A-Za-z0-9_-]{24}$/.test(handle)) return null
  const hash = hashOf(handle)
  const sealed = await findHandle(tx, hash)
  if (sealed === null) return null
  const key: SealingKey = await agencyDataKey(tx, sealedUnder(sealed).version)
  const query = openText(key, placeOf(tx, hash), sealed)
  return { query, parsed: queryTokens(query, await countryOfAgency(tx)) }
}

function isPlainName(query: string, { words }: SearchQuery): boolean {
  return words > 0 && !/\p{N}/u.test(query)
}

function hashOf(handle: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(handle, 'utf8').digest())
}

function placeOf(tx: ActorTx, hash: Uint8Array) {
  return {
    table: 'search_handle',
    column: 'sealed',
    row: Buffer.from(hash).toString('hex'),
    agency: actorOf(tx).agency,
  }
}

// ---- codes typed into the search field go straight to their record

/** Where a typed text leads when it is the code of a record: the page's address; null when it is no code of ours. */
export function pageOfCode(text: string): string | null {
  const code = parseCode(text)
  if (code?.startsWith('AMP-') === true) return `/persons/${code}`
  if (code?.startsWith('CAS-') === true) return `/cases/${code}`
  return code !== null && kindOfCode(code) !== null ? `/search/${code}` : null
}

/** The records of a case that have a page in it, by the first letters of their codes. */
const IN_A_CASE = { 'NED-': 'need', 'SVC-': 'service', 'CON-': 'consent' } as const

function kindOfCode(code: string) {
  return Object.entries(IN_A_CASE).find(([start]) => code.startsWith(start))?.[1] ?? null
}

const PATHS = { need: '/needs#', service: '/services/', consent: '/consents/' } as const

/**
 * The address of a need, a service or a consent by its code. Refuses with `not_found` alike for a code that is none, names
 * nothing, or names what the actor may not know of. The page it leads to records the look.
 */
export async function locateRecord(actor: Actor, typed: string): Promise<Result<string>> {
  return withActor(actor, async (tx) => {
    const code = parseCode(typed)
    const kind = code === null ? null : kindOfCode(code)
    if (code === null || kind === null || !maySearch(actor)) return refuse('not_found')
    const inCase = await findCaseOf(tx, kind, code)
    if (inCase === null) return refuse('not_found')
    return ok(`/cases/${inCase}${PATHS[kind]}${code}`)
  })
}
