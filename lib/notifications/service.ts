import 'server-only'
import type { ActorTx } from '@/lib/access/with-actor'

import { insertNotices } from './data'
import type { NoticeKind } from './schema'

export type NewNotice = {
  readonly kind: NoticeKind
  /** Ids of members of the actor's agency; others, and those who left, are passed over. */
  readonly to: readonly string[]
  /** The code of the record it is about; anything else is refused by the database (W10). */
  readonly subject?: string
  /** By mail at any hour, whatever the member prefers. */
  readonly urgent?: boolean
}

/**
 * Tells members something, in this transaction: they have the notice when it commits, and nobody ever hears of it when
 * it doesn't. By mail as each of them wishes. Functions of the database call `app.notify` in its place.
 */
export async function notify(tx: ActorTx, { kind, to, subject, urgent = false }: NewNotice): Promise<void> {
  if (to.length > 0) await insertNotices(tx, to, kind, subject ?? null, urgent)
}
