'use server'

import { setBasisInput } from '@/lib/consent/bases/schema'
import { setBasis } from '@/lib/consent/bases/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { ok } from '@/lib/platform/result'

/** Says what the agency rests on from now on, once. */
export const setBasisAction = formAction(
  setBasisInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'basis',
      input,
      run: () => setBasis(actor, input),
      again: (made) => Promise.resolve(ok({ code: made })),
    }),
  { onOk: () => ({ to: '/admin/bases', flash: { message: 'bases.done' } }) },
)
