import 'server-only'
import { masterVersionOf, unwrapAgencyKey, type AgencyKeyKind } from '@/lib/platform/crypto/key-tree'
import type { SealingKey } from '@/lib/platform/crypto/envelope'
import { masterKeys } from '@/lib/platform/crypto/master-keys'

import { actorOf, type ActorTx } from './with-actor'

type AgencyKeys = Readonly<Record<AgencyKeyKind, readonly SealingKey[]>>

/**
 * For so long an agency's newest key is taken to be the newest: another process may be changing it. What is wrapped
 * under the one before still opens, and stays there for an hour after a change (app.settle_key_rotation).
 */
const TRUSTED_MS = 30_000

// Unwrapped keys stay in this process's memory only; a version that isn't here yet is looked up again.
const cache = new Map<string, { readonly keys: AgencyKeys; readonly readAt: number }>()

/** The key that wraps the keys of the persons whom the actor's agency holds: the newest, or the version asked for. */
export function agencyDataKey(tx: ActorTx, version?: number): Promise<SealingKey> {
  return agencyKey(tx, 'data', version)
}

/** The key that makes the search tokens and digests of the actor's agency. */
export function agencyIndexKey(tx: ActorTx): Promise<SealingKey> {
  return agencyKey(tx, 'index')
}

async function agencyKey(tx: ActorTx, kind: AgencyKeyKind, version?: number): Promise<SealingKey> {
  const agency = actorOf(tx).agency
  const kept = cache.get(agency)
  const isFresh = version !== undefined || performance.now() - (kept?.readAt ?? 0) < TRUSTED_MS
  const known = isFresh ? pick(kept?.keys, kind, version) : undefined
  if (known !== undefined) return known

  const rows = await tx.agencyKey.findMany({ where: { agencyId: agency }, orderBy: { version: 'asc' } })
  const master = masterKeys(Math.max(1, ...rows.map(({ wrapped }) => masterVersionOf(wrapped))))
  const unwrap = (purpose: AgencyKeyKind) =>
    rows
      .filter((row) => row.purpose === purpose)
      .map((row) => unwrapAgencyKey(master, purpose, agency, row.version, row.wrapped))
  const keys: AgencyKeys = { data: unwrap('data'), index: unwrap('index') }
  cache.set(agency, { keys, readAt: performance.now() })
  const found = pick(keys, kind, version)
  if (found === undefined) throw new Error(`The agency has no ${kind} key`)
  return found
}

function pick(keys: AgencyKeys | undefined, kind: AgencyKeyKind, version?: number): SealingKey | undefined {
  return version === undefined ? keys?.[kind].at(-1) : keys?.[kind].find((key) => key.version === version)
}
