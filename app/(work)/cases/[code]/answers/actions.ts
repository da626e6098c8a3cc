'use server'

import { formAction } from '@/lib/forms/form-action'
import { changeCaseInput } from '@/lib/cases/schema'
import { changeCase } from '@/lib/cases/service'
import { caseConflict } from '../case-conflict'

/** Saves the three answers, which are separate and gate nothing. */
export const saveAnswersAction = formAction(changeCaseInput, (actor, input) => changeCase(actor, input), {
  onOk: (value) => ({ to: `/cases/${value.code}`, flash: { message: 'cases.answers.done' } }),
  onStale: caseConflict,
  reasons: { case_closed: 'cases.errors.case_closed' },
})
