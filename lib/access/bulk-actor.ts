import 'server-only'
import { BulkConnection, type BulkTransaction } from '@/lib/platform/db/bulk'

import type { Actor, Credential } from './actor'
import { ActorEnded } from './with-actor'

declare const bulkTx: unique symbol

/** A transaction for sets of rows in which the database knows who is asking. Only `withBulkActor` makes one. */
export type BulkTx = BulkTransaction & { readonly [bulkTx]: true }

/** Runs one step in a transaction of its own, as the actor. `at` is domain time at its start. */
export type BulkSteps = <T>(step: (tx: BulkTx, at: Date) => Promise<T>) => Promise<T>

/**
 * Lets `work` run many transactions as the actor, at most three at once, on connections that can COPY. Each
 * opens the signed context anew, so that whoever loses the right in the middle stops at the next step, and no step
 * may take longer than the context is good for (five minutes).
 *
 * Throws `ActorEnded` when the credential opens nothing any more.
 */
export async function withBulkActor<T>(actor: Actor, work: (steps: BulkSteps) => Promise<T>): Promise<T> {
  const connection = new BulkConnection()
  const steps: BulkSteps = (step) =>
    connection.begin(async (plain) => {
      const opened = await openContext(plain, actor.credential)
      if (opened?.member !== actor.member) throw new ActorEnded('The actor may no longer act')
      return step(plain as BulkTx, opened.at)
    })
  try {
    return await work(steps)
  } finally {
    await connection.close()
  }
}

type OpenedRow = { readonly member: string; readonly at: Date }

async function openContext(sql: BulkTransaction, credential: Credential): Promise<OpenedRow | undefined> {
  const [row] = await openRows(sql, credential)
  return row
}

function openRows(sql: BulkTransaction, credential: Credential): Promise<readonly OpenedRow[]> {
  switch (credential.kind) {
    case 'session':
      return sql<OpenedRow[]>`
        SELECT o.member_id AS member, o.at, set_config('app.context', o.context, true), set_config('role', o.db_role, true)
        FROM app.open_session(${credential.hash}) o`
    case 'token':
      return sql<OpenedRow[]>`
        SELECT o.member_id AS member, o.at, set_config('app.context', o.context, true), set_config('role', o.db_role, true)
        FROM app.open_token(${credential.hash}) o`
    case 'operator':
      return sql<OpenedRow[]>`
        SELECT o.member_id AS member, o.at, set_config('app.context', o.context, true), set_config('role', o.db_role, true)
        FROM app.open_operator(${credential.email}) o`
  }
}
