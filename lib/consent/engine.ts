import type { CategoryKey } from '@/lib/mandate/categories'

import { fieldOf, holdsLevel, type DisclosureField, type IdentityLevel } from './fields'

/*
 * May these fields go to this agency for this purpose now, and on which basis?
 *
 * The database asks the same in `app.sharing_basis_of` (prisma/migrations, `consent`), and that answer counts: whoever
 * builds something that shares asks it in a function of the definer, at every read, hands out the fields that it allows
 * and nothing else, and writes the ledger with `app.write_disclosure`, which asks once more. The function here says the
 * same of facts at hand, for pages that explain an answer. tests/integration/consent-engine.test.ts holds the two
 * together, and both against a plain statement of the rule.
 */

/** One answer of a person: given, refused or withdrawn. */
export type AnswerFact = {
  readonly id: string
  readonly code: string
  readonly purpose: string
  readonly answer: 'given' | 'refused' | 'withdrawn'
  readonly toAgency: string | null
  readonly toKind: string | null
  readonly categories: readonly CategoryKey[]
  readonly identity: IdentityLevel
  readonly withheld: readonly string[]
  readonly startsAt: Date
  /** The moment from which on it no longer holds; null for never. */
  readonly endsAt: Date | null
  readonly decidedAt: Date
  readonly replaced: boolean
}

/** What the agency rests on for a purpose, beside consent. */
export type BasisFact = {
  readonly id: string
  readonly code: string
  readonly purpose: string
  readonly toKind: string | null
  readonly basis: 'consent' | 'public_task' | 'legal_duty' | 'vital_interest'
  /** Empty means all. */
  readonly categories: readonly CategoryKey[]
  readonly identity: IdentityLevel
  readonly setAt: Date
}

/** Sharing without consent, as recorded for one agency. */
export type ExceptionFact = {
  readonly code: string
  readonly purpose: string
  readonly toAgency: string
  readonly fields: readonly string[]
  readonly endsAt: Date
  readonly ended: boolean
}

export type SharingFacts = {
  readonly answers: readonly AnswerFact[]
  readonly bases: readonly BasisFact[]
  readonly exceptions: readonly ExceptionFact[]
}

export type SharingQuestion = {
  readonly receiver: { readonly id: string; readonly kind: string }
  readonly purpose: string
  readonly fields: readonly string[]
  readonly at: Date
}

export const WHY_NOT = ['never_leaves', 'withheld', 'beyond_level', 'withdrawn', 'refused', 'not_asked'] as const
export type WhyNot = (typeof WHY_NOT)[number]

export const SHARING_BASES = ['consent', 'public_task', 'legal_duty', 'vital_interest', 'exception'] as const
export type SharingBasis = (typeof SHARING_BASES)[number]

export type FieldDecision = {
  readonly field: string
  readonly allowed: boolean
  readonly basis: SharingBasis | null
  /** The consent, lawful basis or exception that allows it. */
  readonly code: string | null
  readonly until: Date | null
  readonly reason: WhyNot | null
}

/** The answer for each field asked, in the order of their keys. */
export function decideSharing(question: SharingQuestion, facts: SharingFacts): readonly FieldDecision[] {
  const answers = latestAnswers(question, facts.answers)
  const asked = [...new Set(question.fields)].sort()
  const categories = [...new Set(asked.map((key) => fieldOf(key)?.category).filter(isCategory))]
  const standing = standingBasis(question, facts.bases)
  return asked.map((key) => {
    const field = fieldOf(key)
    if (field === undefined) return refused(key, 'never_leaves')
    const heard = answersFor(field, categories, answers)
    const consent = byConsent(field, heard)
    if (consent.ok) return consent.decision
    const basis = byBasis(field, categories, heard, standing) ?? byException(field, question, facts.exceptions)
    return basis ?? refused(key, consent.why)
  })
}

/** The latest living answer for each category, to this receiver and purpose. No comes before yes of the same moment. */
export function latestAnswers(
  { receiver, purpose, at }: Pick<SharingQuestion, 'receiver' | 'purpose' | 'at'>,
  answers: readonly AnswerFact[],
): ReadonlyMap<CategoryKey, AnswerFact> {
  const latest = new Map<CategoryKey, AnswerFact>()
  for (const answer of answers) {
    if (answer.purpose !== purpose || answer.replaced || !isFor(receiver, answer) || !isInTime(answer, at)) continue
    for (const category of answer.categories) {
      const before = latest.get(category)
      if (before === undefined || isLater(answer, before)) latest.set(category, answer)
    }
  }
  return latest
}

function isFor(receiver: SharingQuestion['receiver'], { toAgency, toKind }: AnswerFact): boolean {
  if (toAgency !== null) return toAgency === receiver.id
  return toKind === null || toKind === receiver.kind
}

// A withdrawal has no end: what it ended stays ended until the person says otherwise.
function isInTime(answer: AnswerFact, at: Date): boolean {
  if (answer.answer === 'withdrawn') return true
  return answer.startsAt <= at && (answer.endsAt === null || at < answer.endsAt)
}

function isLater(one: AnswerFact, other: AnswerFact): boolean {
  const gap = one.decidedAt.getTime() - other.decidedAt.getTime()
  if (gap !== 0) return gap > 0
  const [oneGives, otherGives] = [one.answer === 'given', other.answer === 'given']
  return oneGives === otherGives ? one.id > other.id : otherGives
}

/** A field of no category goes along with the categories asked for; where none is, with any that was answered. */
function answersFor(
  field: DisclosureField,
  categories: readonly CategoryKey[],
  answers: ReadonlyMap<CategoryKey, AnswerFact>,
): readonly AnswerFact[] {
  const about = field.category !== null ? [field.category] : categories.length > 0 ? categories : [...answers.keys()]
  return about.map((category) => answers.get(category)).filter((answer) => answer !== undefined)
}

type ByConsent = { readonly ok: true; readonly decision: FieldDecision } | { readonly ok: false; readonly why: WhyNot }

function byConsent(field: DisclosureField, heard: readonly AnswerFact[]): ByConsent {
  const given = heard.filter(({ answer }) => answer === 'given')
  const [latest] = [...given].sort(
    (a, b) => b.decidedAt.getTime() - a.decidedAt.getTime() || (a.code < b.code ? -1 : 1),
  )
  if (given.some(({ withheld }) => withheld.includes(field.key))) return { ok: false, why: 'withheld' }
  if (given.some(({ identity }) => !holdsLevel(identity, field.identity))) return { ok: false, why: 'beyond_level' }
  if (latest !== undefined) return { ok: true, decision: allowed(field.key, 'consent', latest.code, earliest(given)) }
  if (heard.some(({ answer }) => answer === 'withdrawn')) return { ok: false, why: 'withdrawn' }
  return { ok: false, why: heard.length > 0 ? 'refused' : 'not_asked' }
}

/** What the agency rests on for this receiver: its newest word on the receiver's kind, else its newest in general. */
function standingBasis({ purpose, receiver }: SharingQuestion, bases: readonly BasisFact[]): BasisFact | undefined {
  const newest = (kind: string | null) =>
    bases
      .filter((basis) => basis.purpose === purpose && basis.toKind === kind)
      .sort((a, b) => b.setAt.getTime() - a.setAt.getTime() || (a.id > b.id ? -1 : 1))[0]
  return newest(receiver.kind) ?? newest(null)
}

// A person's own answer goes before what the agency rests on; the law alone doesn't ask them.
function byBasis(
  field: DisclosureField,
  categories: readonly CategoryKey[],
  heard: readonly AnswerFact[],
  standing: BasisFact | undefined,
): FieldDecision | null {
  if (standing === undefined || standing.basis === 'consent') return null
  if (standing.basis !== 'legal_duty' && heard.length > 0) return null
  if (!holdsLevel(standing.identity, field.identity)) return null
  const about = field.category === null ? categories : [field.category]
  if (standing.categories.length > 0 && !about.some((one) => standing.categories.includes(one))) return null
  return allowed(field.key, standing.basis, standing.code, null)
}

function byException(
  field: DisclosureField,
  { receiver, purpose, at }: SharingQuestion,
  exceptions: readonly ExceptionFact[],
): FieldDecision | null {
  const [lasting] = exceptions
    .filter(
      (one) =>
        !one.ended &&
        one.purpose === purpose &&
        one.toAgency === receiver.id &&
        at < one.endsAt &&
        one.fields.includes(field.key),
    )
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime() || (a.code < b.code ? -1 : 1))
  return lasting === undefined ? null : allowed(field.key, 'exception', lasting.code, lasting.endsAt)
}

function allowed(field: string, basis: SharingBasis, code: string, until: Date | null): FieldDecision {
  return { field, allowed: true, basis, code, until, reason: null }
}

function refused(field: string, reason: WhyNot): FieldDecision {
  return { field, allowed: false, basis: null, code: null, until: null, reason }
}

function earliest(answers: readonly AnswerFact[]): Date | null {
  const ends = answers.map(({ endsAt }) => endsAt?.getTime()).filter((time) => time !== undefined)
  return ends.length === 0 ? null : new Date(Math.min(...ends))
}

function isCategory(category: CategoryKey | null | undefined): category is CategoryKey {
  return category !== null && category !== undefined
}
