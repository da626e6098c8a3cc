import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { openFinding, moveFinding } from '@/lib/oversight/findings/move-service'
import { openFindingInput } from '@/lib/oversight/findings/schema'
import { valueOf } from '@/tests/factories/cases'

/** Writes down that cases of an agency broke a rule this month, as the job does that looks. */
export async function brokenRule(
  owner: postgres.Sql,
  rule: string,
  { agency, kind, subjects }: { readonly agency: string; readonly kind: string; readonly subjects: readonly string[] },
): Promise<void> {
  await owner`
    INSERT INTO oversight_rule_month (network_id, rule, month, n, looked_at)
    SELECT a.network_id, ${rule}, date_trunc('month', now())::date, ${subjects.length}, now() FROM agency a WHERE a.id = ${agency}
    ON CONFLICT DO NOTHING`
  for (const subject of subjects)
    await owner`
      INSERT INTO oversight_rule_case (network_id, rule, month, agency_id, kind, subject_id, on_day)
      SELECT a.network_id, ${rule}, date_trunc('month', now())::date, a.id, ${kind}, ${subject}, current_date FROM agency a WHERE a.id = ${agency}`
}

/** What an auditor types for a new finding, with what a test cares about in place of the usual. */
export function findingFrom(over: Readonly<Record<string, unknown>>) {
  return openFindingInput.parse({
    ...{ from: 'rule', code: 'interpreter_missing', grade: 'concern', basis: '6(c)', subject: 'special_needs' },
    ...{ statement: 'Help was given without the interpreter.', asked: 'Book one for each appointment.' },
    answerDue: '2999-01-01',
    ...over,
  })
}

/** A finding that was sent; returns its code. */
export async function sentFinding(auditor: Actor, over: Readonly<Record<string, unknown>>): Promise<string> {
  const { code } = valueOf(await openFinding(auditor, findingFrom(over)))
  return valueOf(await moveFinding(auditor, { finding: code, move: 'send', detail: {} })).code
}
