import { z } from 'zod'

import type { CaseView } from './schema'

const recordCode = z.string().trim().min(1, { error: 'cases.errors.code' }).max(64, { error: 'cases.errors.code' })

export const teamMemberInput = z.strictObject({
  case: recordCode,
  /** The member's handle. */
  member: z.string({ error: 'cases.errors.member' }).regex(/^[0-9a-f]{12}$/, { error: 'cases.errors.member' }),
})
export type TeamMemberInput = z.infer<typeof teamMemberInput>

/** How many can read what is written on a case: for the line under every text about a person. */
export type CaseAudience = {
  readonly team: number
  readonly supervisors: number
  readonly cover: number
  readonly restricted: boolean
}

export type AudienceMember = {
  readonly handle: string
  readonly name: string
  readonly reason: 'assigned' | 'supervisor' | 'cover'
  readonly lead: boolean
  readonly isMe: boolean
  readonly since: string | null
  /** When the cover ends; null for those who stay. */
  readonly until: string | null
}

export type TeamView = {
  readonly case: CaseView
  readonly team: readonly AudienceMember[]
  readonly former: readonly { readonly name: string; readonly since: string; readonly until: string }[]
  /** Whom the team may take on. */
  readonly candidates: readonly { readonly handle: string; readonly name: string }[]
}

export type AccessView = {
  readonly case: CaseView
  readonly audience: readonly AudienceMember[]
  /** How many members of the agency know the skeleton; 0 for a restricted case. */
  readonly skeleton: number
}
