'use server'

import { formAction } from '@/lib/forms/form-action'
import { changeCaseInput } from '@/lib/cases/schema'
import { changeCase } from '@/lib/cases/service'
import { caseConflict } from '../case-conflict'

/** Saves what happened to the person, in the standard's codes. */
export const saveExperienceAction = formAction(
  changeCaseInput,
  (actor, input) => changeCase(actor, { recruiterRelation: null, ...input }),
  {
    onOk: (value) => ({ to: `/cases/${value.code}`, flash: { message: 'cases.experience.done' } }),
    onStale: caseConflict,
    reasons: { case_closed: 'cases.errors.case_closed' },
  },
)
