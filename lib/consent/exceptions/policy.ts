import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/**
 * Whether the actor's role may share without consent at all. Whether this member may is a permission of their own,
 * which the database checks; a token never does.
 */
export function mayMakeExceptions(actor: Pick<Actor, 'roles' | 'credential'>): boolean {
  return holds(actor, 'exception:make') && actor.credential.kind !== 'token'
}

/** Whether the actor looks afterwards at what was shared without consent. */
export function mayReviewExceptions(actor: Pick<Actor, 'roles' | 'credential'>): boolean {
  return holds(actor, 'exception:review') && actor.credential.kind !== 'token'
}

/** Whether the actor says which colleagues may share without consent. */
export function mayGivePermission(actor: Pick<Actor, 'roles' | 'credential'>): boolean {
  return holds(actor, 'agency:administer-own') && actor.credential.kind !== 'token'
}
