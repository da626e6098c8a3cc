import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { actorOf, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { listRuleCases, listRuleGroups, listRuleRows, type RuleRow } from './data'
import { stateOfRule, worstFirst } from './rules'
import type { RuleDetail, RuleInput, RuleView } from './schema'
import { RULE_WORDS } from './words'

const CASES = 200

/** The register of rules, the worst first. Refuses with `forbidden` everybody but an auditor. */
export async function listRules(actor: Actor): Promise<Result<{ readonly items: readonly RuleView[] }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'oversight-rule:read')) return refuse('forbidden')
    const rows = await listRuleRows(tx, null)
    await record(tx, { type: 'oversight-rule.listed' })
    return ok({ items: worstFirst(rows.map((row) => viewOf(tx, row))) })
  })
}

/** One rule with the latest cases, or the groups, that break it. Refuses with `not_found` everybody but an auditor. */
export async function viewRule(actor: Actor, input: RuleInput): Promise<Result<RuleDetail>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'oversight-rule:read')) return refuse('not_found')
    const [row] = await listRuleRows(tx, input.rule)
    if (row?.key !== input.rule) return refuse('not_found')
    const cases = row.measure === 'cases' ? await listRuleCases(tx, row.key, CASES + 1) : []
    const groups = row.measure === 'groups' ? await listRuleGroups(tx, row.key) : []
    await record(tx, { type: 'oversight-rule.viewed', basis: row.key })
    return ok({ ...viewOf(tx, row), cases: cases.slice(0, CASES), groups, isCut: cases.length > CASES })
  })
}

function viewOf(tx: ActorTx, { looked_at: lookedAt, ...row }: RuleRow): RuleView {
  const words = RULE_WORDS[row.key]?.[actorOf(tx).locale]
  if (words === undefined) throw new Error(`The rule ${row.key} has no words`)
  return {
    ...row,
    ...words,
    state: stateOfRule(row, row.trend, todayIn(tx)),
    lookedAt: lookedAt?.toISOString() ?? null,
  }
}
