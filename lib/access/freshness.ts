import 'server-only'
import { refuse, type Refused } from '@/lib/platform/result'

import { ActorEnded, type ActorTx } from './with-actor'

/**
 * A refusal with `step_up_required` unless the actor has shown within the last five minutes that it is them (requirement
 * A11); null when they have. For what a session left open, or stolen, must not do: administer members, export, open a
 * case in an emergency, move keys. A token never has, whoever it is of.
 *
 * Ask inside the transaction of the use case, before anything is looked up. A form that is refused so leads to
 * `/confirm` and back, with what was typed. Throws `ActorEnded` when their session was ended since the use case began:
 * who is no member any more has nothing to confirm.
 */
export async function requireFresh(tx: ActorTx): Promise<Refused | null> {
  const rows = await tx.$queryRaw<{ fresh: boolean; ended: boolean }[]>`
    SELECT app.is_fresh() AS fresh, app.session_has_ended() AS ended`
  if (rows[0]?.ended === true) throw new ActorEnded('The session was ended meanwhile')
  return rows[0]?.fresh === true ? null : refuse('step_up_required')
}
