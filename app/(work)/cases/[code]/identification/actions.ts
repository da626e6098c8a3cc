'use server'

import { formAction } from '@/lib/forms/form-action'
import { changeCaseInput } from '@/lib/cases/schema'
import { changeCase } from '@/lib/cases/service'
import { caseConflict } from '../case-conflict'

/** Saves what a deciding body said about identification; no help depends on it. */
export const saveIdentificationAction = formAction(
  changeCaseInput,
  // Fields left empty are taken away, since the form shows all there is to a decision.
  (actor, input) =>
    changeCase(actor, {
      identifiedBy: null,
      identifiedOn: null,
      ...input,
      // Without a script, the reason of a decision taken back is sent along.
      identificationReason: input.identification === 'possible' ? null : (input.identificationReason ?? null),
    }),
  {
    onOk: (value) => ({ to: `/cases/${value.code}`, flash: { message: 'cases.identify.done' } }),
    onStale: caseConflict,
    reasons: { case_closed: 'cases.errors.case_closed' },
  },
)
