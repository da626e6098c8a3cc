import type { ActorTx } from '@/lib/access/with-actor'

import type { ComplaintState } from '../complaints/schema'

/** When the auditor last looked at their first page, in a session before this one. */
export async function findLastVisit(tx: ActorTx): Promise<Date | null> {
  const rows = await tx.$queryRaw<{ at: Date | null }[]>`SELECT app.last_visit() AS at`
  return rows[0]?.at ?? null
}

export type RuleCount = {
  readonly rule: string
  readonly n: number
  readonly agencies: number
  readonly fresh: number
}

/** How often rules were broken since a day, at how many agencies, and how often since another. */
export function countRuleCases(tx: ActorTx, from: string, fresh: string): Promise<RuleCount[]> {
  return tx.$queryRaw<RuleCount[]>`
    SELECT rule, n, agencies, fresh FROM app.oversight_rule_counts(${from}::date, ${fresh}::date)`
}

export type ComplaintCount = {
  readonly state: ComplaintState
  readonly n: number
  readonly oldest: Date
  readonly fresh: number
}

/** How many complaints of the auditor's body stand how. */
export function countComplaints(tx: ActorTx, since: Date): Promise<ComplaintCount[]> {
  return tx.$queryRaw<ComplaintCount[]>`SELECT state, n, oldest, fresh FROM app.complaint_counts(${since})`
}
