import { addDays } from '@/lib/platform/zone'

import type { CaseStatus, ChangeCaseFields, RiskLevel } from './schema'

const NEXT = {
  active: ['follow_up', 'closed', 'closed_referred'],
  follow_up: ['active', 'closed', 'closed_referred'],
  closed: ['active'],
  closed_referred: ['active'],
} as const satisfies Record<CaseStatus, readonly CaseStatus[]>

/** Whether a case may go from one status to another; staying is no move. */
export function canMove(from: CaseStatus, to: CaseStatus): boolean {
  const next: readonly CaseStatus[] = NEXT[from]
  return next.includes(to)
}

/** Whether nothing on the case may be changed before it is reopened. */
export function isClosed(status: CaseStatus): boolean {
  return status === 'closed' || status === 'closed_referred'
}

/** Whether a case takes an entry of this day: closed, only of its own time, for notes that were on paper until now. */
export function takesEntryOf(on: { readonly closedOn: string | null }, day: string): boolean {
  return on.closedOn === null || day <= on.closedOn
}

/** Days between two risk reviews, by level: weekly, two-weekly, and four weeks for monthly. */
const REVIEW_DAYS: Readonly<Record<RiskLevel, number>> = { high: 7, medium: 14, low: 28 }

/** The day by which a risk that was judged `today` is looked at again. */
export function riskReviewDue(risk: RiskLevel, today: string): string {
  return addDays(today, REVIEW_DAYS[risk])
}

/** The names of the fields that an edit carries; why a text stays as it is belongs to the text. */
export function namedFields(fields: ChangeCaseFields): readonly (keyof ChangeCaseFields)[] {
  return (Object.keys(fields) as (keyof ChangeCaseFields)[]).filter(
    (name) => fields[name] !== undefined && name !== 'identificationReasonKept',
  )
}
