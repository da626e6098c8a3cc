'use server'

import { formAction } from '@/lib/forms/form-action'
import { teamMemberInput } from '@/lib/cases/team-schema'
import { assignMember } from '@/lib/cases/team-service'

/** Takes a colleague on to a case's team. */
export const assignMemberAction = formAction(teamMemberInput, assignMember, {
  onOk: (value) => ({ to: `/cases/${value.code}/team`, flash: { message: 'cases.team.added' } }),
  reasons: { already_on_team: 'cases.errors.already_on_team' },
})
