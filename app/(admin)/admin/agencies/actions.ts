'use server'
import {
  createAgencyInput,
  createPaperAgencyInput,
  inviteAdministratorInput,
} from '@/lib/agencies/administration-schema'
import { createAgency, createPaperAgency, inviteAdministrator } from '@/lib/agencies/administration-service'
import { secondFactorInput } from '@/lib/agencies/member-security-schema'
import { setSecondFactor } from '@/lib/agencies/member-security-service'
import { withInvitationLink } from '@/lib/auth/invitation-form'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'

const REASONS = {
  has_administrator: 'agencies.agency.has_administrator',
  no_amparo: 'agencies.agency.contact.no_members',
}

/** Adds an agency without Amparo. */
export const createPaperAgencyAction = formAction(
  createPaperAgencyInput,
  (actor, input) => createPaperAgency(actor, input),
  { onOk: ({ agency }) => ({ to: `/admin/agencies/${agency}`, flash: { message: 'agencies.agency.contact.added' } }) },
)

export async function createAgencyAction(previous: FormState, data: FormData): Promise<FormState> {
  return withInvitationLink('agencies.agencies.made', previous, data, (keep) =>
    formAction(createAgencyInput, async (actor, input) => keep(await createAgency(actor, input)), {
      reasons: REASONS,
    }),
  )
}

export async function inviteAdministratorAction(previous: FormState, data: FormData): Promise<FormState> {
  return withInvitationLink('agencies.members.invited', previous, data, (keep) =>
    formAction(inviteAdministratorInput, async (actor, input) => keep(await inviteAdministrator(actor, input)), {
      reasons: REASONS,
    }),
  )
}

export async function setSecondFactorAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(secondFactorInput, (actor, input) => setSecondFactor(actor, input), {
    onOk: (_done, { agency }) => ({
      to: `/admin/agencies/${encodeURIComponent(agency)}`,
      flash: { message: 'agencies.factor.saved' },
    }),
  })
  return action(previous, data)
}
