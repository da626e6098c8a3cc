import 'server-only'
import { z } from 'zod'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import {
  insertToken,
  listOwnSessions,
  listOwnTokens,
  markOtherSessionsEnded,
  markOwnSessionEnded,
  markTokenEnded,
  updateSettings,
} from './account-data'
import type { AccountView, CreateTokenInput, EndSessionInput, EndTokenInput, SettingsInput } from './account-schema'

/** One's own living sessions and tokens. */
export async function viewAccount(actor: Actor): Promise<Result<AccountView>> {
  return withActor(actor, async (tx) => ok({ sessions: await listOwnSessions(tx), tokens: await listOwnTokens(tx) }))
}

/** Changes how one's own screens look and speak. */
export async function changeSettings(actor: Actor, input: SettingsInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    await updateSettings(tx, input)
    await record(tx, { type: 'member.changed', fields: ['locale', 'theme', 'density', 'shortcuts'] })
    return ok()
  })
}

/** Ends one of one's own sessions (also the present one). `not_found` when it isn't one's own or is over. */
export async function endOwnSession(actor: Actor, input: EndSessionInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => ((await markOwnSessionEnded(tx, input.session)) ? ok() : refuse('not_found')))
}

/** Ends all of one's own sessions but the present one. */
export async function endOtherSessions(actor: Actor): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    await markOtherSessionsEnded(tx)
    return ok()
  })
}

/** One's own tokens that still open something. */
export async function listTokens(actor: Actor): Promise<Result<AccountView['tokens']>> {
  return withActor(actor, async (tx) => ok(await listOwnTokens(tx)))
}

/**
 * Makes a token that may do what its member may, until it expires or the member leaves, changes roles or changes the
 * password. The token is given here, once: the same `key` a second time, as from a page loaded again, is refused with
 * `conflict`. Refuses with `forbidden` a request that itself came with a token.
 */
export async function createToken(
  actor: Actor,
  input: CreateTokenInput,
  key: string | null = null,
): Promise<Result<{ readonly token: string }>> {
  if (!holds(actor, 'token:own') || actor.credential.kind === 'token') return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const token = newSecret()
    const id = z.uuid().safeParse(key).data ?? newId()
    const done = await insertToken(tx, { id, hash: digestOf(token), ...input })
    return done ? ok({ token }) : refuse('conflict', 'made_already')
  })
}

/** Ends one of one's own tokens. `not_found` when it isn't one's own or is over. */
export async function endToken(actor: Actor, input: EndTokenInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => ((await markTokenEnded(tx, input.token)) ? ok() : refuse('not_found')))
}
