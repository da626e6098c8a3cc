import { z } from 'zod'

const member = z.string().max(64)

export const memberSessionInput = z.strictObject({ member, session: z.string().regex(/^[0-9a-f]{12}$/) })
export type MemberSessionInput = z.infer<typeof memberSessionInput>

export const secondFactorInput = z.strictObject({ agency: z.string().max(60), required: z.enum(['yes', 'no']) })
export type SecondFactorInput = z.infer<typeof secondFactorInput>

/** A colleague's session that is alive, as their administrator sees it. */
export type MemberSessionView = {
  readonly handle: string
  readonly startedAt: Date
  readonly seenAt: Date
  readonly network: string | null
}

/** That a colleague has a second factor, never what it is; and whether someone has asked to remove it. */
export type FactorStateView = {
  readonly apps: number
  readonly passkeys: number
  readonly codesLeft: number
  readonly required: boolean
  /** Another administrator asked, or the one who looks. */
  readonly asked: { readonly at: Date; readonly by: string; readonly byMe: boolean } | null
}

export type MemberSecurityView = { readonly sessions: readonly MemberSessionView[]; readonly factors: FactorStateView }

/** What became of the wish to remove a second factor: the first administrator asks, the second one does it. */
export type FactorResetOutcome = 'asked' | 'removed'
