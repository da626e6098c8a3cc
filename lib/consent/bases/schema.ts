import { z } from 'zod'

import { LEGAL_BASES, PURPOSES, type LegalBasis, type Purpose } from '@/lib/agencies/network-schema'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

import { IDENTITY_LEVELS, type IdentityLevel } from '../fields'
import { RECEIVER_KINDS, type ReceiverKind } from '../schema'

export const setBasisInput = z.strictObject({
  purpose: z.enum(PURPOSES, { error: 'bases.errors.purpose' }),
  /** Left out, it is for every receiver that no newer word on their kind is about. */
  agencyKind: z.enum(RECEIVER_KINDS).optional(),
  basis: z.enum(LEGAL_BASES, { error: 'bases.errors.basis' }),
  /** None chosen means all. */
  categories: z.array(z.enum(CATEGORY_KEYS)).max(CATEGORY_KEYS.length).default([]),
  identity: z.enum(IDENTITY_LEVELS, { error: 'bases.errors.identity' }),
  source: z
    .string({ error: 'bases.errors.source' })
    .trim()
    .min(1, { error: 'bases.errors.source' })
    .max(200, { error: 'bases.errors.source_too_long' })
    .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, { error: 'bases.errors.source' }),
})
export type SetBasisInput = z.infer<typeof setBasisInput>

/** What an agency rests on for a purpose, since when, and whether it still holds. */
export type BasisView = {
  readonly code: string
  readonly purpose: Purpose
  readonly agencyKind: ReceiverKind | null
  readonly basis: LegalBasis
  readonly categories: readonly CategoryKey[]
  readonly identity: IdentityLevel
  readonly source: string
  readonly by: string | null
  readonly setAt: string
  readonly holds: boolean
}

/** What the network lets its agencies rest on. */
export type AllowedBases = Readonly<Record<Purpose, readonly LegalBasis[]>>
