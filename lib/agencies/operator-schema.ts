import { z } from 'zod'

import { AGENCY_KINDS } from './administration-schema'
import { memberEmail, memberName } from './member-schema'

const country = z.string().regex(/^[A-Z]{2}$/)
const timeZone = z.string().refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC')
const key = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/)

export const operatorAdminInput = z.strictObject({
  email: memberEmail,
  name: memberName,
  network: z.string().trim().min(1).max(120).optional(),
  country: country.optional(),
  timeZone: timeZone.optional(),
})
export type OperatorAdminInput = z.infer<typeof operatorAdminInput>

export const operatorAgencyInput = z.strictObject({
  key,
  name: z.string().trim().min(1).max(120),
  kind: z.enum(AGENCY_KINDS),
  country: country.optional(),
  timeZone: timeZone.optional(),
  adminEmail: memberEmail,
  adminName: memberName,
})
export type OperatorAgencyInput = z.infer<typeof operatorAgencyInput>

export const operatorTokenInput = z.strictObject({
  user: z.string().max(254),
  name: z.string().trim().min(1).max(80),
  days: z.coerce.number().int().min(1).max(366),
})
export type OperatorTokenInput = z.infer<typeof operatorTokenInput>

export const operatorMemberInput = z.strictObject({ email: memberEmail })

/** How far a clock runs ahead of the real one. */
export type ClockView = { readonly now: string; readonly offsetSeconds: number }
