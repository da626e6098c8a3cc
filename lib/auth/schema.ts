import { z } from 'zod'

/** Longer ones are refused before any work is done on them. */
const LONGEST_TYPED_PASSWORD = 1024

const email = z
  .string({ error: 'auth.email.required' })
  .trim()
  .toLowerCase()
  .min(1, { error: 'auth.email.required' })
  .max(254, { error: 'auth.email.not_valid' })

// Never trimmed, cut or checked for its make: what was typed is what counts (requirement A02).
const typedPassword = z
  .string({ error: 'auth.password.required' })
  .min(1, { error: 'auth.password.required' })
  .max(LONGEST_TYPED_PASSWORD, { error: 'auth.password.too_long' })

export const signInInput = z.strictObject({
  email,
  password: typedPassword,
  /** The page to go to afterwards. */
  next: z.string().max(300).optional(),
})
export type SignInInput = z.infer<typeof signInInput>

/** `again` guards against a slip of the finger; the page compares the two as they were typed. */
export const acceptInvitationInput = z.strictObject({ password: typedPassword, again: z.string().optional() })
export type AcceptInvitationInput = z.infer<typeof acceptInvitationInput>

export const changePasswordInput = z.strictObject({
  current: typedPassword,
  password: typedPassword,
  again: z.string().optional(),
})
export type ChangePasswordInput = z.infer<typeof changePasswordInput>

/** A forgotten password: whose, as they type it. */
export const askResetInput = z.strictObject({ email })

/** Showing once more that it is oneself, on the way to something that asks for it. */
export const confirmInput = z.strictObject({ password: typedPassword, next: z.string().max(300).optional() })

/** Whom an invitation is for, as its page shows it. */
export type InvitationView = {
  readonly email: string
  readonly displayName: string
  readonly agencyName: string
  /** A shorter password will do, since a second factor is asked for as well. */
  readonly besideFactor: boolean
}
