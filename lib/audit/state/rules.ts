import type { SealState } from './schema'

/** Events are sealed within ten seconds; a minute later something holds the seal up. */
const LATE_SECONDS = 60
/** A check is made every day; after two something keeps it from being made. */
const CHECK_HOURS = 48

export type SealFacts = {
  readonly size: number
  readonly waitingSince: Date | null
  readonly checkedAt: Date | null
  readonly fault: string | null
}

/** How the seal stands at a moment. What is worse comes first. */
export function sealStateOf({ size, waitingSince, checkedAt, fault }: SealFacts, now: Date): SealState {
  if (fault !== null) return 'broken'
  const lateSince = waitingSince === null ? 0 : now.getTime() - waitingSince.getTime()
  if (size === 0 || lateSince > LATE_SECONDS * 1000) return 'catching_up'
  if (checkedAt === null || now.getTime() - checkedAt.getTime() > CHECK_HOURS * 3_600_000) return 'not_checked'
  return 'complete'
}
