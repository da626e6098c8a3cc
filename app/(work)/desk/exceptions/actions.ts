'use server'

import { settleExceptionInput } from '@/lib/consent/exceptions/schema'
import { settleException } from '@/lib/consent/exceptions/service'
import { formAction } from '@/lib/forms/form-action'

/** Writes down what a coordinator or an auditor finds. */
export const settleExceptionAction = formAction(settleExceptionInput, settleException, {
  onOk: ({ code }) => ({ to: '/desk/exceptions', flash: { message: 'exceptions.queue.settled', code } }),
  reasons: { wrong_state: 'exceptions.errors.settled_already' },
})
