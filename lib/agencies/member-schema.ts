import { z } from 'zod'

export const ROLES = ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin'] as const

export const memberEmail = z
  .string({ error: 'auth.email.required' })
  .trim()
  .toLowerCase()
  .min(1, { error: 'auth.email.required' })
  .max(254, { error: 'auth.email.not_valid' })
  .regex(/^[^\s@<>"]{1,64}@[^\s@<>"]+\.[^\s@<>".]{2,}$/u, { error: 'auth.email.not_valid' })

export const memberName = z
  .string({ error: 'agencies.member.name.required' })
  .trim()
  .min(1, { error: 'agencies.member.name.required' })
  .max(120, { error: 'agencies.member.name.too_long' })
  // Names of members stand in lists and headers; what turns the reading direction round has no business there.
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, { error: 'agencies.member.name.not_valid' })

const roles = z
  .array(z.enum(ROLES), { error: 'agencies.member.roles.required' })
  .min(1, { error: 'agencies.member.roles.required' })
  .max(ROLES.length)

const memberCode = z.string().max(64)
const unit = z.uuid().optional()

/** A colleague of one's own agency. There is no field for the agency: it is the one of whoever invites (requirement T06). */
export const inviteMemberInput = z.strictObject({ email: memberEmail, name: memberName, roles, unit })
export type InviteMemberInput = z.infer<typeof inviteMemberInput>

export const changeMemberInput = z.strictObject({
  member: memberCode,
  name: memberName,
  roles,
  unit,
  version: z.coerce.number().int().positive(),
})
export type ChangeMemberInput = z.infer<typeof changeMemberInput>

export const memberInput = z.strictObject({ member: memberCode })
export type MemberInput = z.infer<typeof memberInput>

/** Removes a member; `receiver` takes over what only they could see. */
export const removeMemberInput = z.strictObject({ member: memberCode, receiver: memberCode.optional() })
export type RemoveMemberInput = z.infer<typeof removeMemberInput>

export const nameReceiverInput = z.strictObject({
  member: memberCode,
  receiver: z.string({ error: 'agencies.remove.receiver.required' }).min(1).max(64),
})
export type NameReceiverInput = z.infer<typeof nameReceiverInput>

export type MemberRole = (typeof ROLES)[number]
export type MemberStatus = 'invited' | 'active' | 'deactivated'

/** A member as their administrator sees them. */
export type MemberView = {
  readonly code: string
  readonly name: string
  readonly email: string
  readonly roles: readonly MemberRole[]
  readonly unit: UnitView | null
  readonly status: MemberStatus
  /** Nobody changes their own roles or removes themselves (trap T13). */
  readonly isSelf: boolean
  readonly since: Date
  readonly leftAt: Date | null
  readonly version: number
}

export type UnitView = { readonly id: string; readonly name: string }

/** The members of an agency, and what an invitation may choose from. */
export type MembersView = {
  readonly members: readonly MemberView[]
  readonly units: readonly UnitView[]
  readonly roles: readonly MemberRole[]
}

/** An invitation just made: the secret is shown once and opens for 72 hours. */
export type InvitationSecret = { readonly member: string; readonly secret: string }

/** A member about to be removed: what their administrator may know of their cases, which is numbers. */
export type LeaverView = MemberView & {
  /** Open cases that would wait for a new team; restricted ones are in no number. */
  readonly waiting: number
  /** Open cases that others work on too. */
  readonly shared: number
  /** Whether a supervisor is there who gives out what waits. */
  readonly isSupervised: boolean
  /** Who could take over what only the leaver may see: never whoever asks. The first is proposed. */
  readonly receivers: readonly { readonly code: string; readonly name: string }[]
}
