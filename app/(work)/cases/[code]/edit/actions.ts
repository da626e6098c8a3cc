'use server'

import { formAction } from '@/lib/forms/form-action'
import { changeCaseInput } from '@/lib/cases/schema'
import { changeCase } from '@/lib/cases/service'
import { caseConflict } from '../case-conflict'

/** Saves status, stage, risk and legal hold of a case. */
export const editCaseAction = formAction(changeCaseInput, (actor, input) => changeCase(actor, input), {
  onOk: (value) => ({ to: `/cases/${value.code}`, flash: { message: 'cases.edit.done' } }),
  onStale: caseConflict,
  reasons: { case_closed: 'cases.errors.case_closed' },
})
