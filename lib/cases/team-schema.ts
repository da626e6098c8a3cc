import { z } from 'zod'

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
  /** Who came in by an emergency access that is open. */
  readonly emergency: number
  readonly standIns: number
  readonly restricted: boolean
}
