import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

import type { AgreementState, OwnStanding } from './schema'

type Asking = Pick<Actor, 'roles' | 'credential'>

/** Whether the actor signs for their agency at all. A token doesn't: whoever found one would bind the agency. */
export function maySignAgreements(actor: Asking): boolean {
  return holds(actor, 'agreement:sign') && actor.credential.kind !== 'token'
}

type Standing = { readonly state: AgreementState; readonly own: OwnStanding | null }

/** Whether the actor's signature is what this agreement waits for. */
export function maySign(actor: Asking, { state, own }: Standing): boolean {
  return maySignAgreements(actor) && state === 'proposed' && own === 'asked'
}

/** Whether the actor may decline the proposal, or leave what is in force. */
export function mayEnd(actor: Asking, { state, own }: Standing): boolean {
  const isOpen = state === 'proposed' || state === 'coming' || state === 'in_force'
  return maySignAgreements(actor) && isOpen && (own === 'asked' || own === 'signed')
}
