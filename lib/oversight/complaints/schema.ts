import { z } from 'zod'

/** What a complaint is about, as whoever makes it puts it. */
export const COMPLAINT_SUBJECTS = [
  'refused_help',
  'treated_unequally',
  'data_shared',
  'treated_badly',
  'waited_too_long',
  'other',
  'praise',
] as const
export type ComplaintSubject = (typeof COMPLAINT_SUBJECTS)[number]

/** Because of what somebody was treated unequally. */
export const COMPLAINT_GROUNDS = [
  'gender',
  'age',
  'origin',
  'language',
  'religion',
  'disability',
  'sexuality',
  'papers',
  'cooperation',
  'other',
] as const
export type ComplaintGround = (typeof COMPLAINT_GROUNDS)[number]

/** How a person gets the answer: on paper from the agency, with the code of the complaint, or not at all. */
export const ANSWER_WAYS = ['receipt', 'paper', 'none'] as const
export type AnswerWay = (typeof ANSWER_WAYS)[number]

export const COMPLAINT_STATES = ['new', 'looked_at', 'answered', 'closed'] as const
export type ComplaintState = (typeof COMPLAINT_STATES)[number]

/** What the body found, in a word that the person reads in their language. */
export const COMPLAINT_RESULTS = ['right', 'partly_right', 'not_right', 'not_clear', 'thanks'] as const
export type ComplaintResult = (typeof COMPLAINT_RESULTS)[number]

/** What happens next. */
export const NEXT_STEPS = [
  'agency_changes',
  'agency_asked',
  'looked_into_further',
  'other_office',
  'nothing_more',
] as const
export type NextStep = (typeof NEXT_STEPS)[number]

const LONGEST = 2000
const choose = { error: 'errors.field.choose' }
const optional = (value: unknown) => (value === '' ? undefined : value)
const tick = z.preprocess(
  (value) => [value].flat().some((one) => one === true || one === 'yes' || one === 'true'),
  z.boolean(),
)
const ground = z.preprocess(optional, z.enum(COMPLAINT_GROUNDS).optional())
const text = z.preprocess(optional, z.string().trim().max(LONGEST, { error: 'complaints.errors.too_long' }).optional())
const subject = z.enum(COMPLAINT_SUBJECTS, { error: 'complaints.errors.subject' })
const code = z.string().trim().max(64)

/** What a person helped tells: no name anywhere. */
export const fileComplaintInput = z.strictObject({
  code: z.string({ error: 'complaints.errors.code' }).trim().min(1, { error: 'complaints.errors.code' }).max(64),
  subject,
  ground,
  text,
  answerBy: z.enum(ANSWER_WAYS, { error: 'complaints.errors.answer_by' }),
  /** Whether the body may know which case it is about, under its pseudonym. */
  toldCase: tick,
})
export type FileComplaintInput = z.output<typeof fileComplaintInput>

/** What a member tells. */
export const memberComplaintInput = z.strictObject({
  /** The key of an agency of the network; none where it is about no agency. */
  agency: z.preprocess(optional, z.string().max(60).optional()),
  subject,
  ground,
  text,
  /** Whether the body may know who it is. */
  named: tick,
})
export type MemberComplaintInput = z.output<typeof memberComplaintInput>

export const receiptInput = z.strictObject({
  receipt: z
    .string({ error: 'complaints.errors.receipt' })
    .trim()
    .min(1, { error: 'complaints.errors.receipt' })
    .max(64),
})

export const printSlipInput = z.strictObject({ case: code, language: z.enum(['en', 'zh-Hans'], choose) })
export type PrintSlipInput = z.output<typeof printSlipInput>

export const listComplaintsInput = z.strictObject({
  state: z.enum(COMPLAINT_STATES).optional(),
  subject: z.enum(COMPLAINT_SUBJECTS).optional(),
  cursor: z.string().max(500).optional(),
})
export type ListComplaintsInput = z.output<typeof listComplaintsInput>

export const moveComplaintInput = z
  .strictObject({
    complaint: code,
    version: z.coerce.number().int().positive(),
    state: z.enum(['looked_at', 'answered', 'closed']),
    result: z.preprocess(optional, z.enum(COMPLAINT_RESULTS).optional()),
    nextStep: z.preprocess(optional, z.enum(NEXT_STEPS).optional()),
  })
  .superRefine(({ state, result, nextStep }, context) => {
    if (state !== 'answered') return
    if (result === undefined)
      context.addIssue({ code: 'custom', path: ['result'], message: 'complaints.errors.result' })
    if (nextStep === undefined)
      context.addIssue({ code: 'custom', path: ['nextStep'], message: 'complaints.errors.next_step' })
  })
export type MoveComplaintInput = z.output<typeof moveComplaintInput>

/** What whoever holds a complaint's code reads: how it stands and what the body says, nothing of what was told. */
export type ComplaintAnswer = {
  readonly code: string
  readonly state: ComplaintState
  readonly result: ComplaintResult | null
  readonly nextStep: NextStep | null
}

/** A line of the body's list: never a ground, a case or a person beside the agency. */
export type ComplaintLine = {
  readonly code: string
  readonly filedAt: string
  readonly source: 'person' | 'member'
  readonly subject: ComplaintSubject
  readonly state: ComplaintState
  /** The key of the agency; null where it is about none, or came with a code that is no slip's. */
  readonly agency: string | null
  readonly agencyName: string | null
  readonly hasText: boolean
}

export type ComplaintPage = {
  readonly items: readonly ComplaintLine[]
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
}

export type ComplaintView = ComplaintLine & {
  readonly ground: ComplaintGround | null
  /** With names, numbers and addresses masked before it was kept. */
  readonly text: string | null
  /** The pseudonym of the case, where the person let the body know. */
  readonly case: string | null
  /**
   * By what the agency knows to whom the answer on paper goes. It is no code to complain with: whoever could send texts as
   * that person would see which names are masked in them.
   */
  readonly envelope: string | null
  /** The code of the member who complained, where they let the body know. */
  readonly member: string | null
  readonly answerBy: AnswerWay
  readonly locale: 'en' | 'zh-Hans'
  readonly result: ComplaintResult | null
  readonly nextStep: NextStep | null
  readonly movedAt: string | null
  readonly version: number
  readonly mayBecome: readonly ComplaintState[]
}

export type SlipLine = {
  readonly code: string
  /** What stands on the envelope of an answer to whoever has the slip. */
  readonly envelope: string
  readonly printedAt: string
  readonly printedBy: string
}
export type SlipList = { readonly case: string; readonly items: readonly SlipLine[] }
