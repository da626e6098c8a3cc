import 'server-only'
import { isDeepStrictEqual } from 'node:util'

import { z } from 'zod'

import type { IdentityRecord } from '@/lib/people/identity-schema'
import { profileViewOf, safeContactViewOf } from '@/lib/people/facts-service'
import { open, type SealingKey } from '@/lib/platform/crypto/envelope'
import { masterVersionOf, unwrapAgencyKey, unwrapPersonKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { unwrapReferralKey } from '@/lib/platform/crypto/referral-keys'
import { workerSql, type WorkerTx } from '@/lib/platform/db/worker'
import type { QueueHandler } from '@/lib/platform/jobs/queue'

import {
  caseFact,
  needFact,
  profileFact,
  serviceFact,
  type CaseFactsNow,
  type NeedFactNow,
  type ServiceFactNow,
} from './facts-rules'
import { identityFacts } from './identity-rules'
import { tokensOfFacts } from './index-service'
import { openFact, sealFact } from './keys'

type Due = {
  readonly referral: string
  readonly holder: string
  readonly receiver: string
  /** What the other agency may open now. */
  readonly open: readonly string[]
  readonly finds_by_name: boolean
  readonly key_id: string
  readonly wrap_version: number
  readonly wrapped: Uint8Array
  readonly preview_key_id: string
  readonly preview_wrap_version: number
  readonly preview_wrapped: Uint8Array
  readonly person_key_version: number
  readonly person_wrap_version: number
  readonly person_wrapped: Uint8Array
  readonly identity_version: number
  readonly identity: Uint8Array
  readonly contact_version: number | null
  readonly contact: Uint8Array | null
  readonly contact_at: Date | null
  readonly birth_band: number | null
  readonly profile: unknown
  readonly on_case: CaseFactsNow
  readonly needs: readonly NeedFactNow[] | null
}

type Part = 'preview' | 'package'

const payload = z.object({ person: z.uuid() })

/**
 * Seals anew what changed of a person, their case, their needs and the help that they had since their living referrals were
 * sent, above all how to reach them safely, and lets whoever may find them by name find them by the one that they have now.
 * Works on sealed values that the database hands to the worker; a field that says the same gets no version.
 */
export async function renewPackages(person: string): Promise<void> {
  await workerSql().begin(async (tx) => {
    const due = await tx<Due[]>`SELECT * FROM app.packages_to_renew(${person})`
    for (const one of due) await renewOne(tx, person, one)
  })
}

/** The queue of this part. */
export const REFERRAL_QUEUES: readonly QueueHandler[] = [
  { queue: 'referral-renewal', handle: (data) => renewPackages(payload.parse(data).person) },
]

async function renewOne(tx: WorkerTx, person: string, one: Due): Promise<void> {
  const agencyKeys = await tx<{ version: number; wrapped: Uint8Array }[]>`
    SELECT version, wrapped FROM app.keys_of_renewal(${one.holder})`
  const under = (version: number): SealingKey => {
    const found = agencyKeys.find((key) => key.version === version)
    if (found === undefined) throw new Error('The agency has no data key of this version')
    return unwrapAgencyKey(masterKeys(masterVersionOf(found.wrapped)), 'data', one.holder, version, found.wrapped)
  }
  const personKey = unwrapPersonKey(under(one.person_wrap_version), person, one.person_key_version, one.person_wrapped)
  const keys: Readonly<Record<Part, SealingKey>> = {
    package: unwrapReferralKey(under(one.wrap_version), 'package', one.key_id, one.wrapped),
    preview: unwrapReferralKey(under(one.preview_wrap_version), 'preview', one.preview_key_id, one.preview_wrapped),
  }
  const services = await tx<ServiceFactNow[]>`
    SELECT category, type, delivered_on AS "deliveredOn", status FROM app.services_to_renew(${one.referral})`
  const nowOf = factsNow(person, personKey, one, services)
  const kept = await tx<{ field: string; part: Part; version: number; sealed: Uint8Array }[]>`
    SELECT field, part, version, sealed FROM app.package_versions(${one.referral})`
  const facts = new Map<string, unknown>()
  const renewed = kept.flatMap(({ field, part, version, sealed }) => {
    const before = openFact(keys[part], one.holder, `${one.referral}:${field}:${String(version)}`, sealed)
    const now = nowOf(field)
    facts.set(field, now === undefined ? before : now)
    if (now === undefined || isSame(before, now)) return []
    const next = version + 1
    const place = `${one.referral}:${field}:${String(next)}`
    return [{ field, part, version: next, sealed: sealFact(keys[part], one.holder, place, now) }]
  })
  if (renewed.length > 0) await tx`SELECT app.keep_renewed(${one.referral}, ${JSON.stringify(renewed)}::text::jsonb)`
  const shared = new Map([...facts].filter(([field]) => one.open.includes(field)))
  const tokens = one.finds_by_name ? await tokensFor(tx, one.receiver, shared) : []
  const digests = tokens.map((token) => Buffer.from(token).toString('hex'))
  await tx`SELECT app.renew_grant_tokens(${one.referral}, ARRAY(SELECT decode(d, 'hex') FROM unnest(${digests}::text[]) d))`
}

/** What each field holds now; undefined for a field that isn't carried on. */
function factsNow(
  person: string,
  personKey: SealingKey,
  one: Due,
  services: readonly ServiceFactNow[],
): (field: string) => unknown {
  const opened = (table: 'person_identity' | 'safe_contact', version: number, sealed: Uint8Array): unknown => {
    const place = { table, column: 'sealed', row: `${person}:${String(version)}`, agency: one.holder }
    return JSON.parse(open(personKey, place, sealed).toString('utf8'))
  }
  const who = identityFacts(opened('person_identity', one.identity_version, one.identity) as IdentityRecord)
  const contact =
    one.contact === null || one.contact_version === null || one.contact_at === null
      ? undefined
      : safeContactViewOf(opened('safe_contact', one.contact_version, one.contact), one.contact_at, one.contact_version)
  const profile = profileViewOf(one.profile, one.birth_band)
  return (field) => {
    if (field === 'contact.rules') return contact
    if (field in who) return who[field] ?? null
    return (
      profileFact(field, profile) ??
      caseFact(field, one.on_case) ??
      needFact(field, one.needs ?? []) ??
      serviceFact(field, services)
    )
  }
}

/** Whether two facts say the same; the order of their parts says nothing. */
function isSame(before: unknown, now: unknown): boolean {
  return isDeepStrictEqual(before, JSON.parse(JSON.stringify(now)))
}

async function tokensFor(
  tx: WorkerTx,
  agency: string,
  facts: ReadonlyMap<string, unknown>,
): Promise<readonly Uint8Array[]> {
  const [found] = await tx<{ version: number; wrapped: Uint8Array; country: string }[]>`
    SELECT version, wrapped, country FROM app.index_of_receiver(${agency})`
  if (found === undefined) return []
  const { version, wrapped, country } = found
  const index = unwrapAgencyKey(masterKeys(masterVersionOf(wrapped)), 'index', agency, version, wrapped)
  return tokensOfFacts(index, country, facts)
}
