'use server'

import { makeExceptionInput } from '@/lib/consent/exceptions/schema'
import { makeException } from '@/lib/consent/exceptions/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { ok } from '@/lib/platform/result'

/** Lets something go without consent, once. */
export const makeExceptionAction = formAction(
  makeExceptionInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'exception',
      input,
      run: () => makeException(actor, input),
      again: (made) => Promise.resolve(ok({ code: made, case: input.case })),
    }),
  {
    onOk: ({ code, case: on }) => ({
      to: `/cases/${on}/sharing`,
      flash: { message: 'exceptions.made', code },
    }),
  },
)
