import 'server-only'
import { z } from 'zod'

import { endpoint, type Endpoint } from '@/lib/api/endpoint'
import {
  RULE_CASE_KINDS,
  RULE_GRADES,
  RULE_MEASURES,
  RULE_OWNERS,
  RULE_STATES,
  ruleInput,
} from '@/lib/oversight/rules/schema'
import { listRules, viewRule } from '@/lib/oversight/rules/service'
import { GROUNDS } from '@/lib/reporting/cube/schema'

const rule = z.object({
  key: z.string(),
  state: z.enum(RULE_STATES),
  grade: z.enum(RULE_GRADES),
  owner: z.enum(RULE_OWNERS),
  measure: z.enum(RULE_MEASURES),
  /** A paragraph of A/RES/58/137, an article of the Palermo Protocol, or a principle of data protection. */
  basis: z.string(),
  /** In the member's language, as is the text. */
  title: z.string(),
  text: z.string(),
  lookedAt: z.string().nullable(),
  trend: z.array(z.object({ month: z.string(), n: z.int() })),
})

export const listRulesEndpoint = endpoint({
  method: 'GET',
  path: '/oversight/rules',
  summary: 'The register of rules for data and equal help, the worst first',
  result: z.object({ items: z.array(rule) }),
  permission: 'oversight-rule:read',
  run: (actor) => listRules(actor),
})

export const viewRuleEndpoint = endpoint({
  method: 'GET',
  path: '/oversight/rules/{ruleKey}',
  summary: 'One rule with the cases that break it, under pseudonyms, or the groups',
  params: z.object({ ruleKey: ruleInput.shape.rule }),
  result: rule.extend({
    cases: z.array(
      z.object({
        code: z.string().nullable(),
        kind: z.enum(RULE_CASE_KINDS),
        agency: z.string(),
        agencyName: z.string(),
        onDay: z.string(),
      }),
    ),
    /** Of a rule of groups: those that stand worse than another in a frozen period, by what of it is shown. */
    groups: z.array(
      z.object({
        period: z.string(),
        ground: z.enum(GROUNDS),
        group: z.string(),
        reference: z.string(),
        rate: z.number(),
        referenceRate: z.number(),
        adjustedP: z.number(),
      }),
    ),
    /** Whether there are more than are listed; the oldest are left out. */
    isCut: z.boolean(),
  }),
  permission: 'oversight-rule:read',
  run: (actor, { params }) => viewRule(actor, { rule: params.ruleKey }),
})

export const OVERSIGHT_RULE_ENDPOINTS: readonly Endpoint[] = [listRulesEndpoint, viewRuleEndpoint]
