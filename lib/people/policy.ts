import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** What of a person decides whether a member works with them; the database says it of each row. */
export type OnTeam = { readonly team: boolean }

/** Whether the member's role knows persons at all; which ones, the database decides. */
export function maySee(actor: Pick<Actor, 'roles'>): boolean {
  return holds(actor, 'person:read')
}

export function mayRegister(actor: Pick<Actor, 'roles'>): boolean {
  return holds(actor, 'person:register')
}

export function maySearch(actor: Pick<Actor, 'roles'>): boolean {
  return holds(actor, 'person:search')
}

/** Profile, safe contact and identity are the team's to change. */
export function mayChange(actor: Pick<Actor, 'roles'>, person: OnTeam): boolean {
  return holds(actor, 'person:change') && person.team
}

/** Identity is the team's to read. */
export function mayReadIdentity(actor: Pick<Actor, 'roles'>, person: OnTeam): boolean {
  return holds(actor, 'identity:read') && person.team
}
