import {
  addWorkingDays,
  addWorkingTime,
  isWorkingTime,
  nextWorkingMoment,
  workingTimeBetween,
  type WorkingCalendar,
} from '@/lib/agencies/calendar-rules'
import type { NetworkClock, UrgencyKey } from '@/lib/agencies/network-schema'

import type { Awaited, ClockMoments, ClockView, Pause } from './schema'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * The moments of a referral that is sent now. Emergency and urgent count around the clock, in hours; routine counts in
 * the network's working days, and its halves in working time.
 */
export function startClock(
  { calendar, limits, expiry }: Omit<NetworkClock, 'identification'>,
  urgency: UrgencyKey,
  at: Date,
): ClockMoments {
  const { acknowledge, decide } = limits[urgency]
  const after = (count: number) =>
    isByCalendar(urgency) ? addWorkingDays(calendar, at, count) : new Date(at.getTime() + count * HOUR)
  const half = (by: Date) => add(calendar, urgency, at, Math.floor(countedBetween(calendar, urgency, at, by) / 2))
  const [acknowledgeBy, decideBy] = [after(acknowledge), after(decide)]
  return {
    startedAt: at,
    acknowledgeHalfAt: half(acknowledgeBy),
    acknowledgeBy,
    acknowledgeLateAt: after(2 * acknowledge),
    decideHalfAt: half(decideBy),
    decideBy,
    decideLateAt: after(2 * decide),
    expiresAt: after(expiry * decide),
  }
}

/**
 * The moments after the clock stood from one moment to another, while a question waited for its answer: all of them
 * later by the time that would have counted. What was over stays over, and as much is left as there was.
 */
export function resumeClock(
  { calendar }: Pick<NetworkClock, 'calendar'>,
  urgency: UrgencyKey,
  moments: ClockMoments,
  stoppedAt: Date,
  at: Date,
): ClockMoments {
  const stood = countedBetween(calendar, urgency, stoppedAt, at)
  const moved = (moment: Date) => (stood === 0 ? moment : add(calendar, urgency, moment, stood))
  return {
    startedAt: moved(moments.startedAt),
    acknowledgeHalfAt: moved(moments.acknowledgeHalfAt),
    acknowledgeBy: moved(moments.acknowledgeBy),
    acknowledgeLateAt: moved(moments.acknowledgeLateAt),
    decideHalfAt: moved(moments.decideHalfAt),
    decideBy: moved(moments.decideBy),
    decideLateAt: moved(moments.decideLateAt),
    expiresAt: moved(moments.expiresAt),
  }
}

/**
 * The longest a question asked now stops the clock: as long as the referral's own decision limit, counted as that is; and how
 * the clock stands when nobody has answered until then.
 */
export function pauseFrom(
  { calendar }: Pick<NetworkClock, 'calendar'>,
  urgency: UrgencyKey,
  moments: ClockMoments,
  at: Date,
): Pause {
  const limit = countedBetween(calendar, urgency, moments.startedAt, moments.decideBy)
  const endsAt = add(calendar, urgency, at, limit)
  return { endsAt, clock: resumeClock({ calendar }, urgency, moments, at, endsAt) }
}

/** What a referral waits for; `needBy` is the limit of the first contact that its need itself has. */
export type Waiting = {
  readonly urgency: UrgencyKey
  readonly moments: ClockMoments
  /** Null once there is nothing to wait for. */
  readonly awaited: Awaited | null
  readonly needBy: Date | null
  readonly stoppedAt: Date | null
}

export type RunningLimit = { readonly awaited: Awaited; readonly from: Date; readonly by: Date }

/** The limit that comes first: the one of what is awaited, or the need's own where that is earlier. Null without any. */
export function runningLimit({
  moments,
  awaited,
  needBy,
}: Omit<Waiting, 'urgency' | 'stoppedAt'>): RunningLimit | null {
  if (awaited === null) return null
  const from = moments.startedAt
  const limits: RunningLimit[] = []
  if (awaited === 'acknowledge') limits.push({ awaited, from, by: moments.acknowledgeBy })
  if (awaited === 'decide') limits.push({ awaited, from, by: moments.decideBy })
  if (needBy !== null) limits.push({ awaited: 'contact', from, by: needBy })
  return limits.reduce<RunningLimit | null>(
    (earliest, limit) => (earliest === null || limit.by < earliest.by ? limit : earliest),
    null,
  )
}

/** How the clock stands now, for a screen; null when none runs. */
export function clockView(calendar: WorkingCalendar, waiting: Waiting, now: Date): ClockView | null {
  const limit = runningLimit(waiting)
  if (limit === null) return null
  const { stoppedAt } = waiting
  // The need's own limit stops for no question: the person waits all the same.
  const isStopped = stoppedAt !== null && limit.awaited !== 'contact'
  const urgency = limit.awaited === 'contact' ? 'emergency' : waiting.urgency
  const at = isStopped ? stoppedAt : now
  const passed = countedBetween(calendar, urgency, limit.from, at)
  const left = countedBetween(calendar, urgency, at, limit.by)
  const isLate = at > limit.by
  const late = isLate ? countedBetween(calendar, urgency, limit.by, at) : 0
  const whole = isLate ? passed - late : passed + left
  const share = whole === 0 ? (isLate ? 2 : 1) : passed / whole
  const isOff = isByCalendar(urgency) && !isStopped && !isWorkingTime(calendar, now)
  return {
    awaited: limit.awaited,
    by: limit.by.toISOString(),
    standing: isStopped ? 'stopped' : isLate ? 'late' : share > 0.5 ? 'past_half' : 'running',
    share: isLate ? Math.max(share, 1.001) : share,
    minutes: Math.floor((isLate ? late : left) / MINUTE),
    isWorkingTime: isByCalendar(urgency),
    countsAgainAt: isOff ? nextWorkingMoment(calendar, now).toISOString() : null,
  }
}

function isByCalendar(urgency: UrgencyKey): boolean {
  return urgency === 'routine'
}

/** The time between two moments that counts, in milliseconds. */
function countedBetween(calendar: WorkingCalendar, urgency: UrgencyKey, from: Date, to: Date): number {
  if (isByCalendar(urgency)) return workingTimeBetween(calendar, from, to)
  return Math.max(0, to.getTime() - from.getTime())
}

function add(calendar: WorkingCalendar, urgency: UrgencyKey, from: Date, counted: number): Date {
  if (isByCalendar(urgency)) return addWorkingTime(calendar, from, counted)
  return new Date(from.getTime() + counted)
}
