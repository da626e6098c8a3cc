/**
 * What does not fit:
 * changed       an event is not what was sealed
 * inserted      an event was added among sealed ones
 * missing       a sealed event is gone
 * moved         sealed events stand in another order
 * events        something among the events under a checkpoint; which, can't be told any more
 * checkpoint    a checkpoint is not what was signed, or not signed with this key
 * order         a checkpoint does not follow the one before it
 * epoch         an epoch that no restore has begun
 * rolled_back   the log is shorter than a checkpoint that somebody else holds
 * forked        the log is another one than the checkpoint that somebody else holds
 */
export const FAULT_KINDS = [
  'changed',
  'inserted',
  'missing',
  'moved',
  'events',
  'checkpoint',
  'order',
  'epoch',
  'rolled_back',
  'forked',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** The first thing that does not fit. */
export type Fault = {
  readonly kind: FaultKind
  /** Which event in the order of the log, from 1. */
  readonly position?: number
  /** The event's code. */
  readonly code?: string
  /** The size that the checkpoint names. */
  readonly size?: number
}

/** What a verification came to. */
export type Verified = {
  /** How many sealed events were read and fit, up to the fault if there is one. */
  readonly size: number
  readonly checkpoints: number
  /** Events after the last checkpoint. */
  readonly unsealed: number
  readonly fault: Fault | null
}
