import 'server-only'
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import type { MasterKeys } from '@/lib/platform/crypto/key-tree'
import { latestMasterKeys, masterKeys } from '@/lib/platform/crypto/master-keys'
import { isLockTimeout } from '@/lib/platform/db/failures'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { claimKey, findKey, keepOutcome } from './idempotency-data'

/** A POST that carries an `Idempotency-Key`. */
export type Repeatable = {
  readonly key: string
  /** Method and address, without the query. */
  readonly route: string
  readonly body: unknown
  readonly run: () => Promise<Result<unknown>>
  /** Renders what the first request made, under what the member may see now. */
  readonly replay: (made: string) => Promise<Result<unknown>>
}

/** Keys are chosen by the sender: any printable ASCII, as the header allows, and short enough to index. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/

/**
 * Runs a POST once for each key of a member. The key is claimed first, in the same transaction as the work, so that a
 * key in flight is waited for and a request that failed or was refused leaves its key free.
 *
 * Refuses with `invalid` when the key came with another address or body before, and with `conflict` (`in_flight`)
 * when the first request takes longer than ten seconds.
 */
export async function runOnce(actor: Actor, request: Repeatable): Promise<Result<unknown>> {
  const first = await claimAndRun(actor, request).catch((error: unknown) => {
    if (error instanceof KeyInFlight) return refuse('conflict', 'in_flight')
    throw error
  })
  if (!first.ok) return first
  return first.value.kind === 'done' ? ok(first.value.view) : request.replay(first.value.made)
}

/** Whether this same request of the member has been done before: what `runOnce` would answer without running it again. */
export async function wasDone(actor: Actor, request: Pick<Repeatable, 'key' | 'route' | 'body'>): Promise<boolean> {
  const found = await withActor(actor, async (tx) => {
    const stored = await findKey(tx, request.key)
    return ok(stored !== null && isSameRequest(actor, request, stored))
  })
  return found.ok && found.value
}

/** What came of a key: the work was done now, or by an earlier request that made this. */
type Outcome = { readonly kind: 'done'; readonly view: unknown } | { readonly kind: 'earlier'; readonly made: string }

function claimAndRun(actor: Actor, request: Repeatable): Promise<Result<Outcome>> {
  return withActor<Outcome>(actor, async (tx) => {
    const [digest] = digests(actor, request)
    if (digest === undefined) throw new Error('There is no master key')
    let ours: boolean
    try {
      ours = await claimKey(tx, request.key, request.route, digest)
    } catch (error) {
      if (isLockTimeout(error)) throw new KeyInFlight('The first request with this key has not ended', { cause: error })
      throw error
    }
    if (!ours) {
      const stored = await findKey(tx, request.key)
      if (stored === null || !isSameRequest(actor, request, stored)) {
        return refuse('invalid', 'idempotency_key_reused', { 'Idempotency-Key': ['errors.api.key_reused'] })
      }
      return ok({ kind: 'earlier', made: stored.outcome ?? '' })
    }
    const result = await request.run()
    if (!result.ok) return result
    await keepOutcome(tx, request.key, codeOf(result.value))
    return ok({ kind: 'done', view: result.value })
  })
}

class KeyInFlight extends Error {
  override readonly name = 'KeyInFlight'
}

function codeOf(view: unknown): string {
  return typeof view === 'object' && view !== null && 'code' in view && typeof view.code === 'string' ? view.code : ''
}

function isSameRequest(
  actor: Actor,
  request: Pick<Repeatable, 'route' | 'body'>,
  stored: { route: string; bodyHash: Uint8Array },
): boolean {
  if (stored.route !== request.route) return false
  return digests(actor, request, latestMasterKeys()).some(
    (digest) => digest.byteLength === stored.bodyHash.byteLength && timingSafeEqual(digest, stored.bodyHash),
  )
}

/**
 * Keyed digests of the body, the newest master key's first: a plain hash of a body with a name in it could be guessed
 * from a stolen table. Older keys count too, and those that another process has by now, so that a change of the key in
 * between changes nothing.
 */
function digests(
  actor: Actor,
  { body }: Pick<Repeatable, 'body'>,
  { current, byVersion }: MasterKeys = masterKeys(),
): Uint8Array<ArrayBuffer>[] {
  return [current, ...[...byVersion.values()].filter((key) => key !== current)].map((key) => {
    const secret = Buffer.from(hkdfSync('sha256', key.bytes, '', 'amparo:idempotency', 32))
    return Uint8Array.from(
      createHmac('sha256', secret)
        .update(`${actor.member}\0${canonical(body)}`, 'utf8')
        .digest(),
    )
  })
}

/** The body with the keys of its objects in order, so that two spellings of one body are one. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
