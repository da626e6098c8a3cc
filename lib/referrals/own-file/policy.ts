import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** What decides about an own file, as the database says it of the referral. */
export type OwnFileStanding = {
  readonly kind: string
  readonly side: string
  /** Whether the actor answers for the receiving service now. */
  readonly answers: boolean
  /** Whether the package may be opened now. */
  readonly isOpen: boolean
}

/** Whether the actor may open a file of their agency's own: whoever answers for the referral, while its package is open. */
export function mayOpenOwnFile(actor: Actor, { kind, side, answers, isOpen }: OwnFileStanding): boolean {
  return mayKeepOwnFiles(actor) && kind === 'help' && side === 'receiver' && answers && isOpen
}

/** Whether the actor's role ever keeps files of its own. */
export function mayKeepOwnFiles(actor: Actor): boolean {
  return holds(actor, 'referral:answer') && holds(actor, 'person:register') && holds(actor, 'case:open')
}
