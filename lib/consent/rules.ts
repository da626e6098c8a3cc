import type { ConsentAnswer, ConsentState } from './schema'

/** From how many days before its end a consent ends soon: enough to meet the person once more. */
const SOON_DAYS = 14

/** What decides how an answer stands. Days are those of the agency that wrote it down. */
export type Standing = {
  readonly answer: ConsentAnswer
  readonly startsOn: string
  readonly endsOn: string | null
  readonly withdrawnAt: Date | null
  readonly replacedBy: string | null
}

/** How an answer stands on a day. The last day counts in. */
export function stateOf(said: Standing, today: string): ConsentState {
  if (said.withdrawnAt !== null) return 'withdrawn'
  if (said.replacedBy !== null) return 'replaced'
  if (said.answer === 'refused') return 'refused'
  if (today < said.startsOn) return 'coming'
  if (said.endsOn === null) return 'in_force'
  if (said.endsOn < today) return 'ended'
  return remindedOn(said.endsOn) <= today ? 'ends_soon' : 'in_force'
}

/** The day on which the team is reminded that a consent ends. */
export function remindedOn(endsOn: string): string {
  const at = new Date(`${endsOn}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() - SOON_DAYS)
  return at.toISOString().slice(0, 10)
}

const WITHDRAWN_FROM: readonly ConsentState[] = ['in_force', 'ends_soon', 'coming', 'ended']

/** Whether there is something to withdraw. What has run out is too: the person's word reaches further than its date. */
export function canWithdraw(state: ConsentState): boolean {
  return WITHDRAWN_FROM.includes(state)
}

/** Whether a newer answer may take the place of this one. What was withdrawn is asked anew. */
export function canReplace(state: ConsentState): boolean {
  return state !== 'withdrawn' && state !== 'replaced'
}

/** The earliest end among the consents that still hold, for the task that reminds of it. */
export function nextEnd(all: readonly Standing[], today: string): string | null {
  const ends = all.flatMap((said) => {
    const state = stateOf(said, today)
    return said.endsOn !== null && ['in_force', 'ends_soon', 'coming'].includes(state) ? [said.endsOn] : []
  })
  return ends.sort()[0] ?? null
}
