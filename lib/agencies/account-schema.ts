import { z } from 'zod'

export const settingsInput = z.strictObject({
  locale: z.enum(['en', 'zh-Hans']),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  shortcuts: z.boolean(),
})
export type SettingsInput = z.infer<typeof settingsInput>

export const endSessionInput = z.strictObject({ session: z.string().regex(/^[0-9a-f]{12}$/) })
export type EndSessionInput = z.infer<typeof endSessionInput>

export const createTokenInput = z.strictObject({
  name: z
    .string({ error: 'profile.token.name.required' })
    .trim()
    .min(1, { error: 'profile.token.name.required' })
    .max(80, { error: 'profile.token.name.too_long' }),
  days: z.coerce
    .number({ error: 'profile.token.days.not_valid' })
    .int({ error: 'profile.token.days.not_valid' })
    .min(1, { error: 'profile.token.days.not_valid' })
    .max(366, { error: 'profile.token.days.not_valid' })
    .default(90),
})
export type CreateTokenInput = z.infer<typeof createTokenInput>

export const endTokenInput = z.strictObject({ token: z.uuid() })
export type EndTokenInput = z.infer<typeof endTokenInput>

/** A session of one's own that is alive. */
export type SessionView = {
  /** The start of its digest: enough to end it, useless to open it. */
  readonly handle: string
  readonly startedAt: Date
  readonly seenAt: Date
  readonly network: string | null
  readonly isThis: boolean
}

export type TokenView = {
  readonly id: string
  readonly name: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly lastUsedAt: Date | null
}

export type AccountView = { readonly sessions: readonly SessionView[]; readonly tokens: readonly TokenView[] }
