import { z } from 'zod'

import type { IdentityLevel } from '@/lib/consent/fields'
import type { CategoryKey } from '@/lib/mandate/categories'

/** Which files are drawn from: a sample never mixes the two, so that none is told to be restricted among others. */
export const SAMPLE_POOLS = ['ordinary', 'restricted'] as const
export type SamplePool = (typeof SAMPLE_POOLS)[number]

/** How: at random from all, or spread over agencies or categories, the small ones as closely as the large. */
export const SAMPLE_SPREADS = ['random', 'agency', 'category'] as const
export type SampleSpread = (typeof SAMPLE_SPREADS)[number]

/** What is asked of each file. */
export const SAMPLE_QUESTIONS = ['consent', 'mandate', 'response', 'looks', 'adapted'] as const
export type SampleQuestion = (typeof SAMPLE_QUESTIONS)[number]

export const SAMPLE_ANSWERS = ['in_order', 'concern', 'cannot_tell'] as const
export type SampleAnswer = (typeof SAMPLE_ANSWERS)[number]

export const LARGEST_SEED = 2_147_483_647

const choose = { error: 'errors.field.choose' }
const number = (least: number, most: number, error: string) =>
  z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error })

export const drawSampleInput = z.strictObject({
  pool: z.enum(SAMPLE_POOLS, choose).default('ordinary'),
  spread: z.enum(SAMPLE_SPREADS, choose),
  size: number(1, 100, 'samples.errors.size'),
  /** Drawn too where it is left out. */
  seed: z.preprocess(
    (value) => (value === '' ? undefined : value),
    number(0, LARGEST_SEED, 'samples.errors.seed').optional(),
  ),
})
export type DrawSampleInput = z.output<typeof drawSampleInput>

export const sampleInput = z.strictObject({ sample: z.string().trim().max(64) })
export type SampleInput = z.output<typeof sampleInput>

/** A file by its pseudonym, within the sample. */
export const sampleFileInput = z.strictObject({ ...sampleInput.shape, file: z.string().trim().max(64) })
export type SampleFileInput = z.output<typeof sampleFileInput>

const answer = z.enum(SAMPLE_ANSWERS, choose)

export const sampleAnswers = {
  consent: answer,
  mandate: answer,
  response: answer,
  looks: answer,
  adapted: answer,
} as const satisfies Record<SampleQuestion, z.ZodType>

export const answerSampleFileInput = z.strictObject({
  ...sampleFileInput.shape,
  version: z.coerce.number().int().positive(),
  ...sampleAnswers,
})
export type AnswerSampleFileInput = z.output<typeof answerSampleFileInput>

export type SampleAnswers = Readonly<Record<SampleQuestion, SampleAnswer>>

export type SampleLine = {
  readonly code: string
  readonly drawnAt: string
  readonly pool: SamplePool
  readonly spread: SampleSpread
  readonly size: number
  readonly seed: number
  /** How many files were on the list; null of restricted ones, whose number isn't told. */
  readonly frameSize: number | null
  readonly frameDigest: string
  readonly files: number
  readonly read: number
  /** In how many files something is of concern. */
  readonly concerns: number
}

/** A file as its sample lists it. */
export type SampledFile = {
  readonly code: string
  readonly position: number
  readonly agency: string
  readonly agencyName: string
  /** An agency's key, a category or `none`; empty where the sample isn't spread. */
  readonly stratum: string
  readonly readAt: string | null
  /** Null until it is read. */
  readonly answers: SampleAnswers | null
  readonly version: number
}

export type SampleView = SampleLine & {
  readonly items: readonly SampledFile[]
  /** Whether drawing again from the frozen list gave the same files just now. */
  readonly repeats: boolean
}

/** How a file was handled: codes, days, counts, and nothing of who it is about. Days are those of the agency's zone. */
export type MaskedFile = {
  readonly status: string
  readonly openedOn: string
  readonly closedOn: string | null
  readonly needs: readonly {
    readonly category: CategoryKey
    readonly urgency: string
    readonly state: string
    readonly foundOn: string
    readonly dueOn: string
    readonly servedOn: string | null
    readonly notMetReason: string | null
  }[]
  readonly services: readonly {
    readonly category: CategoryKey
    readonly on: string
    readonly status: string
    readonly agency: string
    readonly paragraphs: readonly string[]
    readonly isAdapted: boolean
    /** How often it was amended or voided. */
    readonly changes: number
  }[]
  readonly consents: readonly {
    readonly purpose: string
    readonly answer: string
    readonly categories: readonly CategoryKey[]
    readonly identity: IdentityLevel
    /** For which agency, or which kind of agency; for any where both are null. */
    readonly agency: string | null
    readonly kind: string | null
    readonly on: string
    readonly endsOn: string | null
    readonly withdrawnOn: string | null
    readonly isReplaced: boolean
  }[]
  readonly exceptions: readonly {
    readonly agency: string
    readonly basis: string
    readonly on: string
    readonly endsOn: string
    /** How many of coordinator and auditor looked at it. */
    readonly findings: number
  }[]
  readonly referrals: readonly {
    readonly agency: string
    readonly urgency: string
    readonly state: string
    readonly sentAt: string
    readonly acknowledgedAt: string | null
    readonly decideBy: string | null
    readonly answeredAt: string | null
    readonly endedAt: string | null
    readonly declineReason: string | null
  }[]
  readonly disclosures: readonly {
    readonly way: string
    readonly agency: string | null
    readonly on: string
    readonly bases: readonly string[]
    readonly fields: number
  }[]
  readonly looks: readonly {
    readonly role: string
    readonly agency: string
    readonly looks: number
    readonly members: number
    /** Of these, at who the person is. */
    readonly identity: number
  }[]
  readonly reviews: {
    /** Since when a review of the risk is overdue. */
    readonly riskDueOn: string | null
    readonly tasksLate: number
    readonly emergencies: number
    readonly emergenciesLate: number
  }
  /** Rules of the register that this file, or its person's record, broke. */
  readonly rules: readonly {
    readonly rule: string
    readonly on: string
    /** In the reader's language. */ readonly title: string
  }[]
}

export type SampleFileView = SampledFile & {
  readonly sample: string
  readonly files: number
  readonly read: number
  /** The next file that nobody has read, if any. */
  readonly next: string | null
  readonly file: MaskedFile
}
