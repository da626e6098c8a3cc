'use server'

import { changeOwnAgencyInput } from '@/lib/agencies/own-agency-schema'
import { changeOwnAgency } from '@/lib/agencies/own-agency-service'
import { formAction } from '@/lib/forms/form-action'
import { ownAgencyConflict } from './own-agency-conflict'

/** Saves what the agency sets for itself; when somebody else saved first, both values of each field that differs come back. */
export const changeOwnAgencyAction = formAction(changeOwnAgencyInput, (actor, input) => changeOwnAgency(actor, input), {
  onOk: () => ({ to: '/admin/agency', flash: { message: 'agencies.own.done' } }),
  onStale: ownAgencyConflict,
})
