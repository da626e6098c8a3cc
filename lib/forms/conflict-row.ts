import type { ConflictRow } from './form-state'

type Compared = {
  readonly field: string
  readonly label: string
  readonly yours: string
  readonly theirs: string
  /** The words for a value. */
  readonly text: (value: string) => string
}

/** The row of a field that two people changed at once; none where both say the same. */
export function conflictRow({ field, label, yours, theirs, text }: Compared): readonly ConflictRow[] {
  return yours === theirs ? [] : [{ field, label, yours, theirs, yoursText: text(yours), theirsText: text(theirs) }]
}
