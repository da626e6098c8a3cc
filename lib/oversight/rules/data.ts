import type { ActorTx } from '@/lib/access/with-actor'

import type { RuleCase, RuleGrade, RuleMonth, RuleOwner } from './schema'

export type RuleRow = {
  readonly key: string
  readonly basis: string
  readonly owner: RuleOwner
  readonly grade: RuleGrade
  readonly looked_at: Date | null
  readonly trend: readonly RuleMonth[]
}

/** The register in its order, with a year of what broke each rule; one rule when it is named. */
export function listRuleRows(tx: ActorTx, key: string | null): Promise<RuleRow[]> {
  return tx.$queryRaw<RuleRow[]>`SELECT * FROM app.oversight_rules(${key})`
}

/** The latest single cases that break a rule, under the body's pseudonyms. */
export function listRuleCases(tx: ActorTx, key: string, limit: number): Promise<RuleCase[]> {
  return tx.$queryRaw<RuleCase[]>`
    SELECT code, kind, agency, on_day::text AS "onDay" FROM app.oversight_rule_cases(${key}, ${limit}::int)`
}
