'use server'

import { formAction } from '@/lib/forms/form-action'
import { caseInput } from '@/lib/cases/schema'
import { restrictCase, unrestrictCase } from '@/lib/cases/service'

/** Restricts a case. Whoever isn't assigned to it loses sight of it, so the way on is the list. */
export const restrictCaseAction = formAction(caseInput, restrictCase, {
  onOk: () => ({ to: '/cases', flash: { message: 'cases.restrict.done' } }),
})

/** Lifts the restriction of a case. */
export const unrestrictCaseAction = formAction(caseInput, unrestrictCase, {
  onOk: (value) => ({ to: `/cases/${value.code}`, flash: { message: 'cases.restrict.lifted' } }),
})
