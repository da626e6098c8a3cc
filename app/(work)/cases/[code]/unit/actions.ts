'use server'

import { formAction } from '@/lib/forms/form-action'
import { moveCase, moveCaseInput } from '@/lib/cases/unit-service'

/** Moves a case to another unit. */
export const moveCaseAction = formAction(moveCaseInput, moveCase, {
  onOk: ({ code }) => ({ to: `/cases/${code}`, flash: { message: 'cases.unit.done' } }),
})
