import 'server-only'
import { z } from 'zod'

import type { IdentityRecord } from '@/lib/people/identity-schema'
import { safeContactViewOf } from '@/lib/people/facts-service'
import { open, type SealingKey } from '@/lib/platform/crypto/envelope'
import { masterVersionOf, unwrapAgencyKey, unwrapPersonKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { unwrapReferralKey } from '@/lib/platform/crypto/referral-keys'
import { workerSql, type WorkerTx } from '@/lib/platform/db/worker'
import type { QueueHandler } from '@/lib/platform/jobs/queue'

import { identityFacts } from './identity-rules'
import { openFact, sealFact } from './keys'

type Due = {
  readonly referral: string
  readonly holder: string
  readonly fields: readonly string[]
  readonly key_id: string
  readonly wrap_version: number
  readonly wrapped: Uint8Array
  readonly person_key_version: number
  readonly person_wrap_version: number
  readonly person_wrapped: Uint8Array
  readonly identity_version: number
  readonly identity: Uint8Array
  readonly contact_version: number | null
  readonly contact: Uint8Array | null
  readonly contact_at: Date | null
}

const payload = z.object({ person: z.uuid() })

/**
 * Seals anew what changed of a person since their living referrals were sent: names and numbers, and above all how to reach
 * them safely. Works on sealed values that the database hands to the worker; a field that says the same gets no version.
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
  const key = unwrapReferralKey(under(one.wrap_version), 'package', one.key_id, one.wrapped)
  const opened = (table: 'person_identity' | 'safe_contact', version: number, sealed: Uint8Array): unknown => {
    const place = { table, column: 'sealed', row: `${person}:${String(version)}`, agency: one.holder }
    return JSON.parse(open(personKey, place, sealed).toString('utf8'))
  }
  const identity = opened('person_identity', one.identity_version, one.identity) as IdentityRecord
  const contact =
    one.contact === null || one.contact_version === null || one.contact_at === null
      ? null
      : safeContactViewOf(opened('safe_contact', one.contact_version, one.contact), one.contact_at, one.contact_version)
  const now: Readonly<Record<string, unknown>> = {
    ...identityFacts(identity),
    ...(contact === null ? {} : { 'contact.rules': contact }),
  }
  const kept = await tx<{ field: string; version: number; sealed: Uint8Array }[]>`
    SELECT field, version, sealed FROM app.package_versions(${one.referral})`
  const renewed = kept.flatMap(({ field, version, sealed }) => {
    if (!(field in now)) return []
    const before = openFact(key, one.holder, `${one.referral}:${field}:${String(version)}`, sealed)
    if (JSON.stringify(before) === JSON.stringify(now[field])) return []
    const next = version + 1
    return [
      {
        field,
        version: next,
        sealed: sealFact(key, one.holder, `${one.referral}:${field}:${String(next)}`, now[field]),
      },
    ]
  })
  if (renewed.length > 0) await tx`SELECT app.keep_renewed(${one.referral}, ${JSON.stringify(renewed)}::text::jsonb)`
}
