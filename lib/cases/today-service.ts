import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { todayIn, withActor } from '@/lib/access/with-actor'
import { ok, type Result } from '@/lib/platform/result'

import { listCasesIn } from './list-service'
import { countLateOfOthers } from './tasks/data'
import { listTasksIn } from './tasks/service'
import { listLoad } from './today-data'
import type { TodayView } from './today-schema'

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
            },
    })
  })
}
