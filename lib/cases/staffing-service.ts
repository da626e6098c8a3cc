import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import type { AbsenceView, CoverView } from '@/lib/agencies/staffing-schema'
import { absencesIn, coversIn } from '@/lib/agencies/staffing-service'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countWaitingIn } from './hand-over/service'
import { listLoad } from './today-data'
import type { LoadLine } from './today-schema'

/** What a supervisor needs to keep the unit staffed. */
export type StaffingView = {
  readonly load: readonly LoadLine[]
  readonly covers: readonly CoverView[]
  readonly absences: readonly AbsenceView[]
  /** How many cases wait for a new team. */
  readonly waiting: number
}

/** The supervisor's unit: what each carries, who covers, who is away, what waits. Refuses with `forbidden`. */
export async function viewStaffing(actor: Actor): Promise<Result<StaffingView>> {
  if (!holds(actor, 'team:lead')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    await record(tx, { type: 'team.listed' })
    return ok({
      load: await listLoad(tx),
      covers: await coversIn(tx),
      absences: await absencesIn(tx),
      waiting: await countWaitingIn(tx),
    })
  })
}

/** What each member of the supervisor's unit carries, within a view that shows it beside other figures. */
export function unitLoadIn(tx: ActorTx): Promise<readonly LoadLine[]> {
  return listLoad(tx)
}
