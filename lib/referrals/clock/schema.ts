/**
 * The moments of a referral's response clock, worked out when it is sent and stored with it: a network that sets other
 * limits later changes none that run (decision 0021). All move together when the clock was stopped.
 */
export type ClockMoments = {
  /** Since when it runs, stops left out: the time of sending, moved by as much as the clock stood. */
  readonly startedAt: Date
  readonly acknowledgeHalfAt: Date
  readonly acknowledgeBy: Date
  /** When twice the limit has passed: the second escalation. */
  readonly acknowledgeLateAt: Date
  readonly decideHalfAt: Date
  readonly decideBy: Date
  readonly decideLateAt: Date
  readonly expiresAt: Date
}

/** How long a question may stop a clock, and its moments once that is over. */
export type Pause = { readonly endsAt: Date; readonly clock: ClockMoments }

/** What is waited for: an acknowledgement, a decision, the first contact after it; nothing once the clock is over. */
export type Awaited = 'acknowledge' | 'decide' | 'contact'

/** The clock of a referral as screens show it. */
export type ClockView = {
  readonly awaited: Awaited
  readonly by: string
  readonly standing: 'running' | 'past_half' | 'late' | 'stopped'
  /** How much of the time has passed; above 1 it is late. */
  readonly share: number
  /** Minutes that are left, or by which it is late. */
  readonly minutes: number
  /** Whether those are minutes of working time. */
  readonly isWorkingTime: boolean
  /** When it counts again, outside working hours. */
  readonly countsAgainAt: string | null
}
