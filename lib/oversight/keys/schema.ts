import { z } from 'zod'

/** Whose key: the installation's master key, an agency's, a person's. */
export const KEY_KINDS = ['master', 'agency', 'person'] as const
export type KeyKind = (typeof KEY_KINDS)[number]

/** `settling`: everything has moved, and the old version stays for a while for whoever still has it in memory. */
export type RotationState = 'running' | 'settling' | 'done'

/** How far a change of a key has come. */
export type RotationProgress = {
  readonly kind: KeyKind
  readonly fromVersion: number
  readonly toVersion: number
  readonly state: RotationState
  readonly total: number
  readonly done: number
}

/** One version of an agency's key. `persons`: how many persons' keys hang on it. */
export type AgencyKeyView = {
  readonly agency: string
  readonly purpose: 'data' | 'index'
  readonly version: number
  readonly masterVersion: number
  readonly createdAt: string
  readonly persons: number
}

/** Which key to change: of the installation, or of the agency with this key, or of the person with this code. */
export const rotationTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('master') }),
  z.object({ kind: z.literal('agency'), agency: z.string().min(1).max(60) }),
  z.object({ kind: z.literal('person'), person: z.string().min(1).max(40) }),
])
export type RotationTarget = z.infer<typeof rotationTarget>

/** What a system administrator may begin on the page of keys. */
export const startRotationInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('master') }),
  z.object({ kind: z.literal('agency'), agency: z.string().min(1).max(60) }),
])
export type StartRotationInput = z.infer<typeof startRotationInput>

export type RotationSeen = RotationProgress & { readonly subject: string; readonly startedAt: Date }

export type AgencyKeysView = {
  readonly agency: string
  readonly version: number
  readonly since: Date
  /** Versions before, which stay for a while after a change. */
  readonly older: readonly number[]
  readonly persons: number
  readonly isChanging: boolean
}

export type KeysView = {
  readonly master: readonly { readonly version: number; readonly isNewest: boolean; readonly keys: number }[]
  /** Whether keys hang on an older master key, and nobody moves them yet. */
  readonly mayMove: boolean
  readonly agencies: readonly AgencyKeysView[]
  readonly rotations: readonly RotationSeen[]
}
