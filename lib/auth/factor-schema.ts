import { z } from 'zod'

const next = z.string().max(300).optional()

const code = z
  .string({ error: 'auth.code.required' })
  .trim()
  .min(1, { error: 'auth.code.required' })
  .max(40, { error: 'auth.code.wrong' })

/** A code of an authenticator app, or a recovery code, and the page to go to afterwards. */
export const showCodeInput = z.strictObject({ code, next })

/** What a passkey answered, as the browser gives it; what it says is checked by the library that reads it. */
const answer = z.string({ error: 'auth.passkey.none' }).min(2, { error: 'auth.passkey.none' }).max(20_000)

export const showPasskeyInput = z.strictObject({ answer, next })

export const addPasskeyInput = z.strictObject({
  answer,
  name: z
    .string({ error: 'auth.passkey.name_required' })
    .trim()
    .min(1, { error: 'auth.passkey.name_required' })
    .max(60, { error: 'auth.passkey.name_too_long' }),
})

export const confirmAppInput = z.strictObject({ code })

export const removeFactorInput = z.strictObject({ factor: z.uuid() })

/** A form that holds nothing but its button. */
export const emptyInput = z.strictObject({})

/** An app that waits for its first code: what its square holds, and the same to be typed. */
export type PendingAppView = { readonly address: string; readonly secret: string }

export type FactorView = {
  readonly id: string
  readonly kind: 'app' | 'passkey'
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** What is known of a session that may still lack its second factor. */
export type SignInState = {
  readonly member: string
  readonly agency: string
  readonly code: string
  readonly email: string
  readonly strength: number
  /** How strong the sign-in has to be before the session opens anything. */
  readonly required: number
  /** Whether a second factor may be added now: `step_up` to show first who one is, `ended` to show one's factor first. */
  readonly enrol: 'ok' | 'step_up' | 'ended'
  readonly apps: number
  readonly passkeys: number
  readonly codesLeft: number
}
