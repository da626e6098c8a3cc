import { instantIn } from '@/lib/platform/zone'

import type { SpanInput } from './staffing-schema'

/** The longest that the database takes: cover that lasts is an assignment, an absence that lasts is a hand-over. */
export const LONGEST_DAYS = { cover: 14, absence: 62 } as const

const DAY = 86_400_000

export type Span = { readonly starts: Date; readonly ends: Date }

/**
 * From when until when, as instants: what was typed is in the agency's zone, and a beginning that was left out or has
 * passed is now. Null when it would be over before it begins, or last longer than `longest` days.
 */
export function spanOf(input: SpanInput, zone: string, now: Date, today: string, longest: number): Span | null {
  const typed =
    input.fromOn === undefined && input.fromTime === undefined
      ? now
      : instantIn(zone, input.fromOn ?? today, input.fromTime ?? '00:00')
  const starts = typed < now ? now : typed
  const ends = instantIn(zone, input.untilOn, input.untilTime)
  if (ends <= starts || ends.getTime() - starts.getTime() > longest * DAY) return null
  return { starts, ends }
}
