import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { nowIn, todayIn, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { addDays, dayIn } from '@/lib/platform/zone'

import { notableRuns } from '../disparities/service'
import { summariseFindings } from '../findings/service'
import { RULE_STATES, type RuleState, type RuleView } from '../rules/schema'
import { listRules } from '../rules/service'
import { latestSampleIn } from '../samples/service'
import { countComplaints, countRuleCases, findLastVisit, type ComplaintCount, type RuleCount } from './data'
import { COMPLAINT_DAYS, daysBetween, lookFirst } from './rules'
import type { HomeView, LookItem } from './schema'

/** What was not there before counts as new for as long as this, on a first visit. */
const FIRST_DAYS = 30

/**
 * The auditor's first page: what is red and why, where to look first, and what came since they last looked, which is when
 * they opened it in an earlier session. Refuses with `not_found` everybody else.
 */
export async function viewHome(actor: Actor): Promise<Result<HomeView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'log:read-network')) return refuse('not_found')
    const since = await findLastVisit(tx)
    const now = nowIn(tx)
    const today = todayIn(tx)
    const fresh = since ?? new Date(now.getTime() - FIRST_DAYS * 86_400_000)
    const rules = await listRules(actor)
    if (!rules.ok) return rules
    const { items } = rules.value
    // This month and the last one, by which a rule stands.
    const from = `${addDays(`${today.slice(0, 7)}-01`, -1).slice(0, 7)}-01`
    const counts = await countRuleCases(tx, from, dayIn(actor.timeZone, fresh))
    const complaints = await countComplaints(tx, fresh)
    const runs = await notableRuns(tx)
    const findings = await summariseFindings(actor)
    if (!findings.ok) return findings
    const { byState: findingsByState, late } = findings.value
    const sample = await latestSampleIn(tx)
    await record(tx, { type: 'oversight-home.viewed' })
    return ok({
      since: since?.toISOString() ?? null,
      look: lookFirst([
        ...items.flatMap((rule) => ruleItem(rule, counts, today)),
        ...complaintItem(complaints, now),
        ...(late === 0 ? [] : [{ kind: 'findings', grade: 'concern', n: late, fresh: 0 } as const]),
        ...runs.map(
          (run) => ({ kind: 'run', grade: 'concern', ...run, fresh: isSince(run.run.ranAt, fresh) }) as const,
        ),
      ]),
      broken: items.filter(({ state }) => state !== 'holds' && state !== 'not_looked_at'),
      byState: Object.fromEntries(
        RULE_STATES.map((state) => [state, items.filter((rule) => rule.state === state).length]),
      ) as Record<RuleState, number>,
      findings: { byState: findingsByState, late },
      sample,
      complaints: {
        new: totalOf(complaints, 'new'),
        lookedAt: totalOf(complaints, 'looked_at'),
        answered: totalOf(complaints, 'answered'),
        fresh: complaints.reduce((sum, row) => sum + row.fresh, 0),
      },
    })
  })
}

function ruleItem({ key, title, state, trend }: RuleView, counts: readonly RuleCount[], today: string): LookItem[] {
  if (state === 'holds' || state === 'not_looked_at') return []
  const count = counts.find(({ rule }) => rule === key)
  const recent = trend.filter(({ month }) => month >= addDays(`${today.slice(0, 7)}-01`, -1).slice(0, 7))
  const n = count?.n ?? recent.reduce((sum, month) => sum + month.n, 0)
  return [{ kind: 'rule', grade: state, key, title, n, agencies: count?.agencies ?? 0, fresh: count?.fresh ?? 0 }]
}

function complaintItem(counts: readonly ComplaintCount[], now: Date): LookItem[] {
  const waiting = counts.find(({ state }) => state === 'new')
  if (waiting === undefined) return []
  const days = daysBetween(waiting.oldest, now)
  return [
    {
      kind: 'complaints',
      grade: days >= COMPLAINT_DAYS ? 'concern' : 'watch',
      n: waiting.n,
      days,
      fresh: waiting.fresh,
    },
  ]
}

function isSince(at: string, moment: Date): number {
  return new Date(at) >= moment ? 1 : 0
}

function totalOf(counts: readonly ComplaintCount[], state: ComplaintCount['state']): number {
  return counts.find((row) => row.state === state)?.n ?? 0
}
