import { WEEKDAYS, type OpeningSpan } from '@/lib/directory/schema'

/** A row of the form: a day's first span has the number of its day, further ones come after those of all days. */
export type OpeningRowOf = { readonly index: number; readonly day: number; readonly span: OpeningSpan | undefined }

/** The rows in which the form shows opening times, day by day: one for each span, and one for a day without. */
export function openingRows(opening: readonly OpeningSpan[]): readonly OpeningRowOf[] {
  let further = WEEKDAYS.length
  return WEEKDAYS.flatMap((day) => {
    const spans = opening.filter((span) => span.day === day).sort((a, b) => a.opens.localeCompare(b.opens))
    const [first, ...rest] = spans
    return [{ index: day - 1, day, span: first }, ...rest.map((span) => ({ index: further++, day, span }))]
  })
}
