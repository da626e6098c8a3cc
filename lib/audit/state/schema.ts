import { z } from 'zod'

/**
 * How the seal stands: `complete`, `catching_up` while events wait longer than they should, `not_checked` when no check
 * ran lately, `broken` when the last one found something that doesn't fit.
 */
export const SEAL_STATES = ['complete', 'catching_up', 'not_checked', 'broken'] as const
export type SealState = (typeof SEAL_STATES)[number]

/** The first thing that does not fit: its kind, which event from 1 and its code, the size that the checkpoint names. */
export type SealFaultView = {
  readonly kind: string
  readonly position: number | null
  readonly code: string | null
  readonly checkpointSize: number | null
  readonly acknowledgedAt: string | null
}

export type SealView = {
  readonly state: SealState
  readonly size: number
  /** As hex; null before the first checkpoint. */
  readonly root: string | null
  readonly epoch: number
  readonly sealedAt: string | null
  /** The last checkpoint, signed, as witnesses keep it. */
  readonly checkpoint: string | null
  /** What verifies it, in one line. */
  readonly publicKey: string | null
  readonly waiting: number
  readonly waitingSince: string | null
  readonly verification: {
    readonly at: string
    readonly size: number
    readonly fault: SealFaultView | null
  } | null
  /** Whether a check runs or was asked for. */
  readonly checking: boolean
  /** Handles the last check's fault. */
  readonly check: string | null
}

export const askCheckInput = z.strictObject({})

/** Which check it is whose fault is dealt with. */
export const acknowledgeFaultInput = z.strictObject({ check: z.string().regex(/^\d{1,18}$/) })
export type AcknowledgeFaultInput = z.infer<typeof acknowledgeFaultInput>
