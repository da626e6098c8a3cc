import 'server-only'
import { AsyncLocalStorage } from 'node:async_hooks'

import { appClient, TRANSACTION_LIMITS, type Transaction } from '@/lib/platform/db/client'
import { parseCode } from '@/lib/platform/ids'
import type { Refused, Result } from '@/lib/platform/result'
import { dayIn } from '@/lib/platform/zone'

import type { Actor } from './actor'
import { openContext, type Opened } from './open-context'

declare const actorTx: unique symbol

/** A transaction in which the database knows who is asking. Only `withActor` makes one, so no query goes without. */
export type ActorTx = Transaction & { readonly [actorTx]: true }

type Scope = { readonly tx: ActorTx; readonly actor: Actor; readonly opened: Opened }

const current = new AsyncLocalStorage<Scope>()
const scopes = new WeakMap<object, Scope>()

/** Thrown when the credential no longer opens a context: the session, token, member or agency ended meanwhile. */
export class ActorEnded extends Error {
  override readonly name = 'ActorEnded'
}

/**
 * Runs one use case in one transaction, as the actor.
 *
 * The database checks the credential again, switches to the narrower role and sets a signed context, all local to the
 * transaction. When the use case refuses, whatever it had written is rolled back, and the refusal itself is recorded
 * and committed. A call inside another joins the outer transaction: decide first, write after, since a refusal that
 * the outer use case passes over does not undo what the inner one had written.
 *
 * Throws `ActorEnded` when the credential opens nothing any more, and when a statement failed although the use case
 * went on.
 */
export async function withActor<T>(actor: Actor, work: (tx: ActorTx) => Promise<Result<T>>): Promise<Result<T>> {
  const outer = current.getStore()
  if (outer?.actor.member === actor.member) return work(outer.tx)

  return appClient().$transaction(async (plain) => {
    const opened = await openContext(plain, actor.credential)
    if (opened?.member !== actor.member) throw new ActorEnded('The actor may no longer act')
    const tx = plain as ActorTx
    const scope: Scope = { tx, actor, opened }
    scopes.set(plain, scope)

    await plain.$executeRaw`SAVEPOINT use_case`
    const result = await current.run(scope, () => work(tx))
    if (result.ok) {
      // PostgreSQL ends a transaction in which a statement has failed by undoing it, also at COMMIT and without an
      // error. A use case that caught the failure would be told that all is stored; this statement fails instead.
      await plain.$executeRaw`RELEASE SAVEPOINT use_case`
    } else {
      await plain.$executeRaw`ROLLBACK TO SAVEPOINT use_case`
      await recordRefusal(plain, result)
    }
    return result
  }, TRANSACTION_LIMITS)
}

/** The actor of a transaction. */
export function actorOf(tx: ActorTx): Actor {
  return scopeOf(tx).actor
}

/** Domain time as of the start of the transaction; the moved clock of demonstration and test data counts. */
export function nowIn(tx: ActorTx): Date {
  return scopeOf(tx).opened.at
}

/** Today's date in the agency's time zone, as `YYYY-MM-DD`. */
export function todayIn(tx: ActorTx): string {
  const { actor, opened } = scopeOf(tx)
  return dayIn(actor.timeZone, opened.at)
}

/** Where the request of a transaction came from, as the database's functions take it for the events that they write. */
export function originOf(tx: ActorTx): string {
  return JSON.stringify(actorOf(tx).origin ?? {})
}

/** Says which record a refusal was about, so that the log can. Only a well-formed code is kept, never other text. */
export function aboutSubject(tx: ActorTx, subject: string): void {
  subjects.set(scopeOf(tx), subject)
}

const subjects = new WeakMap<Scope, string>()

function scopeOf(tx: ActorTx): Scope {
  const scope = scopes.get(tx)
  if (scope === undefined) throw new Error('This transaction was not opened by withActor')
  return scope
}

async function recordRefusal(plain: Transaction, refused: Refused): Promise<void> {
  const scope = scopes.get(plain)
  const subject = scope === undefined ? undefined : subjects.get(scope)
  const event = {
    type: 'access.refused',
    outcome: refused.refusal,
    basis: refused.reason,
    subject: subject === undefined ? undefined : (parseCode(subject) ?? undefined),
    ...scope?.actor.origin,
  }
  await plain.$queryRaw`SELECT app.record_event(${JSON.stringify(event)}::jsonb)`
}
