'use server'

import { formAction } from '@/lib/forms/form-action'
import { reopenCaseInput } from '@/lib/cases/schema'
import { reopenCase } from '@/lib/cases/service'

/** Takes a closed case up again. */
export const reopenCaseAction = formAction(reopenCaseInput, reopenCase, {
  onOk: (value) => ({ to: `/cases/${value.code}`, flash: { message: 'cases.reopen.done' } }),
})
