'use server'

import { formAction } from '@/lib/forms/form-action'
import { teamMemberInput } from '@/lib/cases/team-schema'
import { unassignMember } from '@/lib/cases/team-service'

/** Takes a member off a case's team. Whoever takes themselves off may lose sight of the case, so the way on is the list. */
export const unassignMemberAction = formAction(teamMemberInput, (actor, input) => unassignMember(actor, input), {
  onOk: () => ({ to: '/cases', flash: { message: 'cases.team.removed' } }),
  reasons: { last_member: 'cases.errors.last_member', not_on_team: 'cases.errors.not_on_team' },
})
