import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whether the actor may say that a task is done or put it off: whoever works on its case. */
export function mayWorkOn(actor: Actor, task: { readonly onTeam: boolean }): boolean {
  return holds(actor, 'task:work') && task.onTeam
}
