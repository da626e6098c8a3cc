'use server'
import { memberSessionInput } from '@/lib/agencies/member-security-schema'
import { endMemberSession, resetFactors, sendPasswordReset } from '@/lib/agencies/member-security-service'
import { nameReceiver, removeMember } from '@/lib/agencies/leaver-service'
import {
  changeMemberInput,
  inviteMemberInput,
  memberInput,
  nameReceiverInput,
  removeMemberInput,
} from '@/lib/agencies/member-schema'
import { changeMember, inviteMember, reinviteMember } from '@/lib/agencies/member-service'
import { givePermissionInput } from '@/lib/consent/exceptions/schema'
import { giveSharingPermission } from '@/lib/consent/exceptions/permission-service'
import { withInvitationLink } from '@/lib/auth/invitation-form'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'

const REASONS = {
  own_record: 'agencies.member.own_record',
  second_person: 'agencies.security.second_person',
  wrong_state: 'agencies.member.wrong_state',
  has_administrator: 'agencies.agency.has_administrator',
  works_on_cases: 'agencies.remove.receiver.works_on_cases',
}

export async function inviteMemberAction(previous: FormState, data: FormData): Promise<FormState> {
  return withInvitationLink('agencies.members.invited', previous, data, (keep) =>
    formAction(inviteMemberInput, async (actor, input) => keep(await inviteMember(actor, input)), { reasons: REASONS }),
  )
}

export async function reinviteMemberAction(previous: FormState, data: FormData): Promise<FormState> {
  return withInvitationLink('agencies.members.invited', previous, data, (keep) =>
    formAction(memberInput, async (actor, input) => keep(await reinviteMember(actor, input)), { reasons: REASONS }),
  )
}

export async function changeMemberAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(changeMemberInput, (actor, input) => changeMember(actor, input), {
    onOk: () => ({ to: '/admin/members', flash: { message: 'agencies.members.changed' } }),
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function removeMemberAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(removeMemberInput, (actor, input) => removeMember(actor, input), {
    onOk: () => ({ to: '/admin/members', flash: { message: 'agencies.members.removed' } }),
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function endMemberSessionAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(memberSessionInput, (actor, input) => endMemberSession(actor, input), {
    onOk: (_done, { member }) => backTo(member, 'profile.session.ended'),
  })
  return action(previous, data)
}

export async function sendPasswordResetAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(memberInput, (actor, input) => sendPasswordReset(actor, input), {
    onOk: (_done, { member }) => backTo(member, 'agencies.security.reset_sent'),
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function nameReceiverAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(nameReceiverInput, (actor, input) => nameReceiver(actor, input), {
    onOk: () => ({ to: '/admin/members', flash: { message: 'agencies.remove.receiver.done' } }),
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function resetFactorsAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(memberInput, (actor, input) => resetFactors(actor, input), {
    onOk: (outcome, { member }) =>
      backTo(member, outcome === 'asked' ? 'agencies.security.factor_asked' : 'agencies.security.factor_removed'),
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function giveSharingPermissionAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(givePermissionInput, (actor, input) => giveSharingPermission(actor, input), {
    onOk: (_done, { member, given }) =>
      backTo(member, given === 'yes' ? 'exceptions.permission.done_given' : 'exceptions.permission.done_ended'),
  })
  return action(previous, data)
}

function backTo(member: string, message: string) {
  return { to: `/admin/members/${encodeURIComponent(member)}`, flash: { message } }
}
