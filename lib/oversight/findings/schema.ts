import { z } from 'zod'

import { RULE_GRADES, type RuleGrade } from '../rules/schema'

/** What a finding can be made from; each kind has a function of the database that freezes its evidence. */
export const FINDING_SOURCES = ['rule', 'disparity', 'sample', 'complaint', 'event'] as const
export type FindingSource = (typeof FINDING_SOURCES)[number]

export const FINDING_STATES = ['draft', 'sent', 'answered', 'accepted', 'reopened', 'withdrawn'] as const
export type FindingState = (typeof FINDING_STATES)[number]

/** What a finding rests on: a paragraph of the resolution, the Protocol, or a principle of data protection. */
export const FINDING_BASES = [
  '8',
  '6(c)',
  'Palermo 14(2)',
  'need_to_know',
  'purpose_limit',
  'minimisation',
  'accuracy',
  'lawfulness',
  'security',
  'accountability',
] as const
export type FindingBasis = (typeof FINDING_BASES)[number]

/** What a finding is about. One about accounts goes to the agency's administrators as well. */
export const FINDING_SUBJECTS = [
  'looks',
  'sharing',
  'emergency',
  'accounts',
  'equal_help',
  'special_needs',
  'time_to_help',
  'record_keeping',
  'conduct',
] as const
export type FindingSubject = (typeof FINDING_SUBJECTS)[number]

/** The auditor moves the first four, the agency the others. */
export const FINDING_MOVES = ['send', 'withdraw', 'accept', 'reopen', 'answer', 'done'] as const
export type FindingMove = (typeof FINDING_MOVES)[number]

/** What the two sides write to each other. */
export const FINDING_TEXTS = ['statement', 'asked', 'answer', 'action', 'reopened'] as const
export type FindingText = (typeof FINDING_TEXTS)[number]

const LONGEST = 4_000

const optional = (value: unknown) => (value === '' ? undefined : value)
const code = z.string().trim().max(64)
const choose = { error: 'errors.field.choose' }
const day = (error: string) => z.iso.date({ error }).refine((typed) => typed >= '1900', { error: 'ui.date.early' })
const words = (error: string) =>
  z.string({ error }).trim().min(1, { error }).max(LONGEST, { error: 'findings.errors.too_long' })

/** Where a new finding comes from, as the links to the form name it. */
export const findingSourceInput = z.strictObject({
  from: z.enum(FINDING_SOURCES, choose),
  /** A rule's key, or the code of a run, a sample, a complaint or an event. */
  code: z.string(choose).trim().min(1, choose).max(64, choose),
  /** One case of a rule: its pseudonym, or a member's code. */
  item: z.preprocess(optional, code.optional()),
})
export type FindingSourceInput = z.output<typeof findingSourceInput>

const said = {
  grade: z.enum(RULE_GRADES, choose),
  basis: z.enum(FINDING_BASES, choose),
  subject: z.enum(FINDING_SUBJECTS, choose),
  statement: words('findings.errors.statement'),
  asked: words('findings.errors.asked'),
  answerDue: day('findings.errors.answer_due'),
}

export const openFindingInput = z.strictObject({
  ...findingSourceInput.shape,
  /** The key of the agency that it concerns. */
  agency: z.string(choose).trim().min(1, choose).max(60, choose),
  ...said,
})
export type OpenFindingInput = z.output<typeof openFindingInput>

export const changeFindingInput = z.strictObject({
  finding: code,
  version: z.coerce.number().int().positive(),
  ...said,
})
export type ChangeFindingInput = z.output<typeof changeFindingInput>

export const findingInput = z.strictObject({ finding: code })
export type FindingInput = z.output<typeof findingInput>

/** What goes along with each move. */
export const FINDING_MOVE_FIELDS = {
  send: z.strictObject({}),
  withdraw: z.strictObject({}),
  accept: z.strictObject({}),
  reopen: z.strictObject({ reason: words('findings.errors.reason'), answerDue: said.answerDue }),
  answer: z.strictObject({
    answer: words('findings.errors.answer'),
    action: words('findings.errors.action'),
    actionDue: day('findings.errors.action_due'),
  }),
  done: z.strictObject({ doneOn: day('findings.errors.done_on') }),
} as const satisfies Record<FindingMove, z.ZodType>
export type FindingMoveDetail<M extends FindingMove> = z.output<(typeof FINDING_MOVE_FIELDS)[M]>

const FLAG = z.enum(['yes'])

export const listFindingsInput = z.strictObject({
  state: z.preprocess(optional, z.enum(FINDING_STATES).optional()),
  /** An agency's key. */
  agency: z.preprocess(optional, z.string().trim().min(1).max(60).optional()),
  /** Only those of which something is overdue. */
  late: z.preprocess(optional, FLAG.optional()),
  cursor: z.string().min(1).max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type ListFindingsInput = z.output<typeof listFindingsInput>

/** What the one sentence of a finding is made of; empty for what the reader may not see. */
export type FindingHeadline = {
  readonly rule?: string
  readonly outcome?: string
  readonly ground?: string
  readonly period?: string
  readonly type?: string
}

/** A finding as a list shows it. */
export type FindingLine = {
  readonly code: string
  /** From where the reader sees it: the body that made it, or the agency that it was sent to. */
  readonly side: 'body' | 'agency'
  readonly state: FindingState
  /** What is overdue of it. */
  readonly late: 'answer' | 'action' | null
  readonly grade: RuleGrade
  readonly basis: FindingBasis
  readonly subject: FindingSubject
  readonly source: {
    /** Null for an agency where somebody complained: that isn't told. */
    readonly kind: FindingSource | null
    /** For the body; for the agency that of a rule alone. */
    readonly code: string | null
    readonly item: string | null
  }
  readonly headline: FindingHeadline
  /** The agency that it concerns. */
  readonly agency: string
  readonly agencyName: string
  readonly bodyName: string
  readonly sentAt: string | null
  readonly answerDue: string
  readonly answeredAt: string | null
  readonly closedAt: string | null
  readonly actionDue: string | null
  readonly actionDoneOn: string | null
  readonly version: number
}

/** A single record of the evidence: under the body's pseudonym, or for an agency under its own code. */
export type FindingItem = {
  readonly code: string | null
  readonly kind: string
  readonly onDay: string
  /** Of a file of a sample: what about it gives concern. */
  readonly questions?: readonly string[]
}

/** What a finding rests on, as it was. */
export type FindingEvidence = {
  readonly about: Readonly<Record<string, unknown>>
  readonly items: readonly FindingItem[]
  readonly asOf: string
  readonly digest: string
  /** Whether what is kept still has that digest. */
  readonly holds: boolean
  /** The seal's last checkpoint then; null when nothing was sealed yet. */
  readonly checkpoint: { readonly size: number; readonly hash: string } | null
}

export type FindingTextView = {
  readonly kind: FindingText
  readonly text: string
  readonly at: string
  readonly own: boolean
}

export type FindingView = FindingLine & {
  readonly evidence: FindingEvidence
  readonly texts: readonly FindingTextView[]
  /** The moves that the reader may make now; `change` of a draft. */
  readonly may: readonly (FindingMove | 'change')[]
}

export type FindingPage = {
  readonly items: readonly FindingLine[]
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
}

/** How many findings stand where, for a first page or a report. */
export type FindingSummary = {
  readonly byState: Readonly<Record<FindingState, number>>
  /** Of those, how many are overdue. */
  readonly late: number
  readonly latest: readonly FindingLine[]
}

/** A source as the form for a new finding shows it. */
export type FindingForm = {
  readonly source: FindingSourceInput
  readonly headline: FindingHeadline
  readonly agencies: readonly { readonly key: string; readonly name: string }[]
  readonly grade: RuleGrade | null
  readonly basis: FindingBasis | null
  /** Two weeks from now. */
  readonly answerDue: string
}
