import { z } from 'zod'

/** After how many minutes without doing anything members are signed out (requirement A08). */
export const IDLE_MINUTES = ['15', '30'] as const

export const changeOwnAgencyInput = z.strictObject({
  version: z.coerce.number().int().positive(),
  productName: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, { error: 'agencies.own.product.not_valid' })
    .max(40)
    .optional(),
  leaveUrl: z
    .url({ protocol: /^https?$/, error: 'networks.leave_url.not_valid' })
    .max(300)
    .optional(),
  idleMinutes: z.enum(IDLE_MINUTES, { error: 'errors.field.choose' }).transform(Number),
})
export type ChangeOwnAgencyInput = z.infer<typeof changeOwnAgencyInput>

/** An agency as its own administrator sees it: what others set, and what it sets for itself. */
export type OwnAgencyView = {
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly country: string
  readonly timeZone: string
  readonly network: string
  readonly productName: string | null
  readonly leaveUrl: string | null
  readonly idleMinutes: number
  readonly version: number
}

/** Who changed the settings last, and when. */
export type OwnAgencyChange = { readonly by: string; readonly at: Date }
