import { addDays, clockIn, dayIn, instantIn } from '@/lib/platform/zone'

import type { Snooze, TaskKind, TaskView } from './schema'

/** The last minute of a day: a task that is due then is for any time of that day. */
const DAY_END = '23:59'

/** When something is due that is for a day, not for an hour. */
export function endOfDay(timeZone: string, day: string): Date {
  return instantIn(timeZone, day, DAY_END)
}

/** Whether a task is for any time of its day. */
export function isAllDay(timeZone: string, dueAt: Date): boolean {
  return clockIn(timeZone, dueAt) === DAY_END
}

/** Late once its time has passed, else due today or later, in the agency's zone. */
export function duenessOf(timeZone: string, dueAt: Date, now: Date): TaskView['state'] {
  if (dueAt.getTime() < now.getTime()) return 'late'
  return dayIn(timeZone, dueAt) === dayIn(timeZone, now) ? 'today' : 'soon'
}

/** By how many days of the zone's calendar something is late. */
export function lateDays(timeZone: string, dueAt: Date, now: Date): number {
  const between = Date.parse(dayIn(timeZone, now)) - Date.parse(dayIn(timeZone, dueAt))
  return Math.max(0, Math.round(between / 86_400_000))
}

const SNOOZE_DAYS: Readonly<Record<Snooze, number>> = { tomorrow: 1, three_days: 3, week: 7 }

/** When a task that is put off now comes back: at its own hour, that many days from today. */
export function snoozedUntil(timeZone: string, dueAt: Date, by: Snooze, now: Date): Date {
  return instantIn(timeZone, addDays(dayIn(timeZone, now), SNOOZE_DAYS[by]), clockIn(timeZone, dueAt))
}

/** Limits that others set: a first contact and a risk review are not put off, they are done. */
export function canSnooze(kind: TaskKind): boolean {
  return kind !== 'first_contact' && kind !== 'risk_review'
}
