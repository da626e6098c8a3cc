'use server'

import { formAction } from '@/lib/forms/form-action'
import { closeCaseInput } from '@/lib/cases/schema'
import { closeCase } from '@/lib/cases/service'

/** Closes a case for a coded reason. */
export const closeCaseAction = formAction(closeCaseInput, closeCase, {
  onOk: (value) => ({ to: `/cases/${value.code}`, flash: { message: 'cases.close.done' } }),
  reasons: { case_closed: 'cases.errors.case_closed', led_elsewhere: 'cases.errors.led_elsewhere' },
})
