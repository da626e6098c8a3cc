import { z } from 'zod'

import { memberEmail, memberName, type MemberView } from './member-schema'

export const AGENCY_KINDS = ['ngo', 'government', 'intergovernmental', 'oversight'] as const

/** A name, an address: whoever administers the agency at first. */
const administrator = z.strictObject({ email: memberEmail, name: memberName })

const agencyFields = {
  /** The short name in addresses of the API, fixed for good: `harbour`. */
  key: z
    .string({ error: 'agencies.agency.key.required' })
    .trim()
    .toLowerCase()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, { error: 'agencies.agency.key.not_valid' }),
  name: z
    .string({ error: 'agencies.agency.name.required' })
    .trim()
    .min(1, { error: 'agencies.agency.name.required' })
    .max(120, { error: 'agencies.agency.name.too_long' }),
  kind: z.enum(AGENCY_KINDS, { error: 'agencies.agency.kind.required' }),
  network: z.string({ error: 'agencies.agency.network.required' }).max(60),
  country: z.string({ error: 'agencies.agency.country.required' }).regex(/^[A-Z]{2}$/, {
    error: 'agencies.agency.country.required',
  }),
  timeZone: z.string({ error: 'agencies.agency.zone.required' }).min(1).max(60),
}

export const createAgencyInput = z.strictObject({ ...agencyFields, administrator })
export type CreateAgencyInput = z.infer<typeof createAgencyInput>

/** An agency without Amparo: nobody signs in there, so how it is reached is said instead of who administers it. */
export const createPaperAgencyInput = z.strictObject({
  ...agencyFields,
  contact: z
    .string({ error: 'agencies.agency.contact.required' })
    .trim()
    .min(1, { error: 'agencies.agency.contact.required' })
    .max(500, { error: 'agencies.agency.contact.too_long' }),
})
export type CreatePaperAgencyInput = z.infer<typeof createPaperAgencyInput>

export const inviteAdministratorInput = z.strictObject({
  agency: z.string().max(60),
  email: memberEmail,
  name: memberName,
})
export type InviteAdministratorInput = z.infer<typeof inviteAdministratorInput>

export type NetworkView = { readonly key: string; readonly name: string }

/** An agency as the system administrator sees it: never its cases or members, but who administers it. */
export type AdministeredAgencyView = {
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly country: string
  readonly timeZone: string
  readonly network: string
  readonly since: Date
  readonly hasAdministrator: boolean
  /** How an agency without Amparo is reached; null where its people work here. */
  readonly contact: string | null
}

export type AgencyAdministratorsView = AdministeredAgencyView & {
  readonly administrators: readonly MemberView[]
  /** Whether its members need a second factor. */
  readonly asksForFactor: boolean
}
