import { z } from 'zod'

import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

import { PURPOSES, type Purpose } from '../network-schema'

/** What agencies agree on. What goes to the identifying authority rests on no agreement, but on the law that names it. */
export const AGREEMENT_PURPOSES = PURPOSES.filter((purpose) => purpose !== 'identification')

/** How much of who a person is may pass at most: nothing, how to reach them, all of it. */
export const IDENTITY_LEVELS = ['none', 'contact', 'full'] as const
export type IdentityLevel = (typeof IDENTITY_LEVELS)[number]

/** How an agreement stands: waiting for signatures, signed for later, in force, over by its date, ended or declined. */
export const AGREEMENT_STATES = ['proposed', 'coming', 'in_force', 'expired', 'ended', 'declined'] as const
export type AgreementState = (typeof AGREEMENT_STATES)[number]

/** Where the reader's own agency stands in it; null for coordinator and auditor, whose agency is no party. */
export type OwnStanding = 'asked' | 'signed' | 'out'

/** An agreement may run ten years; longer ones are made anew, so that somebody reads them. */
const LONGEST_DAYS = 3660

const code = z.string().trim().max(64)
const day = (error: string) => z.iso.date({ error }).refine((typed) => typed >= '1900', { error: 'ui.date.early' })
const some = <T extends readonly string[]>(values: T, error: string) =>
  z.array(z.enum(values), { error }).min(1, { error }).max(values.length)

const party = z.strictObject({ agency: z.string({ error: 'agreements.errors.party' }).trim().min(1).max(60) })

export const proposeAgreementInput = z
  .strictObject({
    parties: z
      .array(party, { error: 'agreements.errors.parties' })
      .min(1, { error: 'agreements.errors.parties' })
      .max(40),
    purposes: some(AGREEMENT_PURPOSES, 'agreements.errors.purposes'),
    categories: some(CATEGORY_KEYS, 'agreements.errors.categories'),
    identity: z.enum(IDENTITY_LEVELS, { error: 'agreements.errors.identity' }),
    startsOn: day('agreements.errors.starts_on'),
    endsOn: day('agreements.errors.ends_on'),
    document: z
      .string({ error: 'agreements.errors.document' })
      .trim()
      .min(1, { error: 'agreements.errors.document' })
      .max(120, { error: 'agreements.errors.document_too_long' })
      .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, { error: 'agreements.errors.document' }),
  })
  .refine(({ startsOn, endsOn }) => endsOn >= startsOn, { path: ['endsOn'], error: 'agreements.errors.order' })
  .refine(({ startsOn, endsOn }) => Date.parse(endsOn) - Date.parse(startsOn) <= LONGEST_DAYS * 86_400_000, {
    path: ['endsOn'],
    error: 'agreements.errors.too_long',
  })
export type ProposeAgreementInput = z.infer<typeof proposeAgreementInput>

export const agreementInput = z.strictObject({ agreement: code })
export type AgreementInput = z.infer<typeof agreementInput>

export const changeAgreementInput = z.strictObject({ agreement: code, version: z.coerce.number().int().positive() })
export type ChangeAgreementInput = z.infer<typeof changeAgreementInput>

export const listAgreementsInput = z.object({
  state: z.enum(AGREEMENT_STATES).optional(),
  cursor: z.string().max(400).optional(),
})
export type ListAgreementsInput = z.infer<typeof listAgreementsInput>

export type AgreementPartyView = {
  readonly agency: string
  readonly name: string
  readonly signedAt: string | null
  readonly leftAt: string | null
}

export type AgreementView = {
  readonly code: string
  readonly state: AgreementState
  readonly own: OwnStanding | null
  /** The key of the agency that proposed it and keeps the document. */
  readonly holder: string
  readonly proposedAt: string
  readonly purposes: readonly Purpose[]
  readonly categories: readonly CategoryKey[]
  readonly identity: IdentityLevel
  readonly startsOn: string
  readonly endsOn: string
  readonly document: string
  readonly confirmedAt: string | null
  readonly endedAt: string | null
  readonly version: number
  readonly parties: readonly AgreementPartyView[]
  readonly may: { readonly sign: boolean; readonly end: boolean }
}

export type AgreementList = { readonly items: readonly AgreementView[]; readonly nextCursor: string | null }

/** Whom an agreement may be made with. */
export type PossibleParty = { readonly key: string; readonly name: string }

/** What lets data pass from one agency to another: the agreement's code, and the most it lets through of who somebody is. */
export type Covering = { readonly agreement: string; readonly identity: IdentityLevel }
