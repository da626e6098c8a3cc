import { takesEntryOf } from '@/lib/cases/reference-service'
import { refuse, type Refused } from '@/lib/platform/result'

export type LateEntry = {
  /** The days that it names, by their field. */
  readonly days: Readonly<Record<string, string | null>>
  /** Whether it says that the help lies ahead or goes on. */
  readonly goesOn?: boolean
  readonly followUpOn?: string | undefined
}

/**
 * What an entry says that a closed case doesn't take. What happened while it was open may still be typed in, as notes
 * that were on paper; whatever is later, goes on or is to be done needs the case open again. Refuses with `conflict`
 * (`case_closed`) and the fields.
 */
export function closedCaseFault(on: { readonly closedOn: string | null }, entry: LateEntry): Refused | null {
  if (on.closedOn === null) return null
  const late = Object.entries(entry.days).filter(([, day]) => day !== null && !takesEntryOf(on, day))
  const errors: Record<string, readonly string[]> = {
    ...Object.fromEntries(late.map(([field]) => [field, ['assistance.date.after_closing']])),
    ...(entry.goesOn === true ? { status: ['cases.errors.case_closed'] } : {}),
    ...(entry.followUpOn === undefined ? {} : { followUpOn: ['cases.errors.case_closed'] }),
  }
  return Object.keys(errors).length === 0 ? null : refuse('conflict', 'case_closed', errors)
}
