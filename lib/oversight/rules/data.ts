import type { ActorTx } from '@/lib/access/with-actor'

import type { RuleCase, RuleGrade, RuleGroup, RuleMeasure, RuleMonth, RuleOwner } from './schema'

export type RuleRow = {
  readonly key: string
  readonly basis: string
  readonly owner: RuleOwner
  readonly grade: RuleGrade
  readonly measure: RuleMeasure
  readonly looked_at: Date | null
  readonly trend: readonly RuleMonth[]
}

/** The register in its order, with what broke each rule by month or period; one rule when it is named. */
export function listRuleRows(tx: ActorTx, key: string | null): Promise<RuleRow[]> {
  return tx.$queryRaw<RuleRow[]>`SELECT * FROM app.oversight_rules(${key})`
}

/** The latest single cases that break a rule, under the body's pseudonyms. */
export function listRuleCases(tx: ActorTx, key: string, limit: number): Promise<RuleCase[]> {
  return tx.$queryRaw<RuleCase[]>`
    SELECT c.code, c.kind, c.agency, a.name AS "agencyName", c.on_day::text AS "onDay"
    FROM app.oversight_rule_cases(${key}, ${limit}::int) c JOIN app.overseen_agencies() a ON a.key = c.agency
    ORDER BY c.on_day DESC, a.name, c.code`
}

/** The groups that break a rule in the frozen periods, the latest period first. */
export function listRuleGroups(tx: ActorTx, key: string): Promise<RuleGroup[]> {
  return tx.$queryRaw<RuleGroup[]>`
    SELECT period, ground, level AS "group", reference, rate, reference_rate AS "referenceRate", adjusted_p AS "adjustedP"
    FROM app.oversight_rule_groups(${key})`
}
