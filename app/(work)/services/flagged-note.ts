import type { Result } from '@/lib/platform/result'

/** A flag on a confidential note is shown with a button of its own, so it goes under a name of its own. */
export function flaggedNote<T>(result: Result<T>): Result<T> {
  if (result.ok || result.reason !== 'text_flagged' || result.errors === undefined) return result
  const { note, ...others } = result.errors
  return note === undefined ? result : { ...result, errors: { ...others, noteCheck: note } }
}
