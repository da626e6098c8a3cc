import { z } from 'zod'

import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { GROUNDS } from '@/lib/reporting/cube/schema'

import { COMPLAINT_STATES, COMPLAINT_SUBJECTS } from '../complaints/schema'
import { ADJUSTERS, OUTCOME_KEYS } from '../disparities/schema'
import { FINDING_SOURCES, FINDING_STATES } from '../findings/schema'
import { RULE_GRADES, RULE_MEASURES, RULE_OWNERS } from '../rules/schema'

const day = z.iso.date({ error: 'ui.date.real' }).refine((one) => one >= '2000', { error: 'ui.date.early' })

export const makeReportInput = z.strictObject({ from: day, to: day })
export type MakeReportInput = z.output<typeof makeReportInput>

export const REPORT_FORMAT = 'amparo-audit-report-1'

/** What a report says. Its text is this as JSON; of the text is its digest. */
export const reportContent = z.object({
  format: z.literal(REPORT_FORMAT),
  code: z.string(),
  madeAt: z.string(),
  /** Both days included, in the body's zone. */
  period: z.object({ from: z.string(), to: z.string() }),
  body: z.object({ key: z.string(), name: z.string() }),
  agencies: z.array(z.object({ key: z.string(), name: z.string() })),
  /** How often each rule was broken; a rule of groups is counted by the periods that were frozen in the period. */
  rules: z.array(
    z.object({
      key: z.string(),
      basis: z.string(),
      grade: z.enum(RULE_GRADES),
      owner: z.enum(RULE_OWNERS),
      measure: z.enum(RULE_MEASURES),
      n: z.int(),
      agencies: z.int(),
    }),
  ),
  /** The questions that were asked of frozen years in the period, each with what it takes to ask it again. */
  analyses: z.array(
    z.object({
      code: z.string(),
      ranAt: z.string(),
      outcome: z.enum(OUTCOME_KEYS),
      ground: z.enum(GROUNDS),
      period: z.string(),
      category: z.enum(CATEGORY_KEYS as readonly [string, ...string[]]).nullable(),
      agency: z.string().nullable(),
      adjustFor: z.array(z.enum(ADJUSTERS)),
      /** Groups that stand worse than the one they are compared with. */
      worse: z.array(z.string()),
      comparisons: z.int(),
      figuresHash: z.string(),
      codeVersion: z.string(),
      extractHash: z.string(),
      /** Null where a later version of the method would answer. */
      repeats: z.boolean().nullable(),
    }),
  ),
  findings: z.array(
    z.object({
      code: z.string(),
      agency: z.string(),
      source: z.enum(FINDING_SOURCES),
      grade: z.enum(RULE_GRADES),
      basis: z.string(),
      state: z.enum(FINDING_STATES),
      evidenceHash: z.string(),
    }),
  ),
  complaints: z.object({
    total: z.int(),
    byState: z.array(z.object({ state: z.enum(COMPLAINT_STATES), n: z.int() })),
    /** By what they are about, where that many are alike; null is kept back. */
    bySubject: z.array(z.object({ subject: z.enum(COMPLAINT_SUBJECTS), n: z.int().nullable() })),
  }),
  seal: z.object({
    state: z.string(),
    size: z.int(),
    checkedAt: z.string().nullable(),
    fits: z.boolean().nullable(),
    /** The signed checkpoint that the report rests on, and its SHA-256. */
    checkpoint: z.string().nullable(),
    checkpointHash: z.string().nullable(),
    publicKey: z.string().nullable(),
  }),
})
export type ReportContent = z.output<typeof reportContent>

export type ReportLine = {
  readonly code: string
  readonly madeAt: string
  readonly from: string
  readonly to: string
  /** SHA-256 of the report's text. */
  readonly sha256: string
}

export type ReportView = ReportLine & { readonly report: ReportContent }
