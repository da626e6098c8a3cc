import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { ownPlacesIn } from '@/lib/agencies/staffing-service'
import { ok, type Result } from '@/lib/platform/result'

import { workerHandle } from './data'
import { countWaitingIn } from './hand-over/service'
import { listCasesIn } from './list-service'
import { countLateOfOthers } from './tasks/data'
import { listTasksIn } from './tasks/service'
import { listLoad } from './today-data'
import type { TodayPlace, TodayView } from './today-schema'

/** How many tasks and cases the first page shows; the rest stands behind "all". */
const TASKS = 100
const CASES = 8

/**
 * A member's first page: what is late, what is due today, their cases with the next date first; for supervisors also
 * what the unit carries and what is late in it. Refuses with `forbidden` for roles without cases.
 */
export async function viewToday(actor: Actor): Promise<Result<TodayView>> {
  return withActor(actor, async (tx) => {
    const tasks = await listTasksIn(tx, { scope: 'mine', limit: TASKS })
    if (!tasks.ok) return tasks
    const cases = await listCasesIn(tx, { tab: 'mine', status: 'open', limit: CASES })
    if (!cases.ok) return cases
    const isSupervisor = actor.roles.includes('supervisor')
    const team = isSupervisor ? await listTasksIn(tx, { scope: 'team', limit: CASES * 2 }) : null
    if (team !== null && !team.ok) return team
    return ok({
      today: todayIn(tx),
      places: await placesIn(tx),
      late: tasks.value.items.filter(({ state }) => state === 'late'),
      dueToday: tasks.value.items.filter(({ state }) => state === 'today'),
      lateTotal: tasks.value.late,
      cases: cases.value,
      team:
        team === null
          ? null
          : {
              load: await listLoad(tx),
              late: team.value.items.filter(({ state, owner }) => state === 'late' && !owner.isMe),
              lateTotal: await countLateOfOthers(tx),
              waiting: await countWaitingIn(tx),
            },
    })
  })
}

async function placesIn(tx: ActorTx): Promise<readonly TodayPlace[]> {
  const places = await ownPlacesIn(tx)
  return places.map((place) =>
    place.kind === 'cover'
      ? place
      : { kind: place.kind, name: place.name, handle: workerHandle(place.memberId), until: place.until },
  )
}
