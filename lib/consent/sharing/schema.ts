import { z } from 'zod'

import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

import type { FieldDecision } from '../engine'
import type { ReceiverView } from '../schema'

/** What something leaves an agency for. */
export const SHARING_PURPOSES = ['sharing', 'contact', 'identification', 'transfer'] as const
export type SharingPurpose = (typeof SHARING_PURPOSES)[number]

/** What may be asked about: beside them, that an agency keeps a file of its own. */
export const EXPLAINED_PURPOSES = [...SHARING_PURPOSES, 'own_file'] as const
export type ExplainedPurpose = (typeof EXPLAINED_PURPOSES)[number]

/**
 * How something left: shown before a referral, with it, into a file of the receiver's own, in a file, on paper, to a program,
 * to the person.
 */
export const DISCLOSURE_WAYS = ['preview', 'package', 'own_file', 'export', 'print', 'api', 'statement'] as const
export type DisclosureWay = (typeof DISCLOSURE_WAYS)[number]

const recordCode = z.string().trim().min(1).max(64)

export const explainSharingInput = z.object({
  case: recordCode,
  agency: z.string().trim().min(1).max(60).optional(),
  purpose: z.enum(EXPLAINED_PURPOSES).optional(),
  category: z.enum(CATEGORY_KEYS).optional(),
})
export type ExplainSharingInput = z.infer<typeof explainSharingInput>

export const listDisclosuresInput = z.object({ case: recordCode, cursor: z.string().max(400).optional() })
export type ListDisclosuresInput = z.infer<typeof listDisclosuresInput>

/** Under which agreement help of a kind may be talked about at all; null when under none. */
export type AgreementLine = { readonly category: CategoryKey; readonly agreement: string | null }

/** The answer to "may they see it now?", field by field, as the database gives it to whatever shares. */
export type SharingAnswer = {
  readonly agency: ReceiverView
  readonly purpose: ExplainedPurpose
  readonly category: CategoryKey | null
  /** In the order in which the fields are told. */
  readonly fields: readonly FieldDecision[]
  readonly agreements: readonly AgreementLine[]
}

/** One line of the ledger: what left, to whom, on which basis, when, by whom. */
export type DisclosureView = {
  readonly code: string
  readonly at: string
  readonly way: DisclosureWay
  readonly receiver: 'agency' | 'person' | 'administrator'
  readonly agencyName: string | null
  readonly purpose: string
  readonly fields: readonly string[]
  readonly bases: readonly string[]
  /** The consents, lawful bases and exceptions behind it. */
  readonly basisCodes: readonly string[]
  readonly subject: string | null
  readonly by: string | null
}
