'use server'

import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { openCaseInput } from '@/lib/cases/schema'
import { openCase, viewCase } from '@/lib/cases/service'

/** Opens a case for a person, once however often the form is sent. */
export const openCaseAction = formAction(
  openCaseInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'open-case',
      input,
      run: () => openCase(actor, input),
      again: (code) => viewCase(actor, { case: code }),
    }),
  {
    onOk: (value) => ({ to: `/cases/${value.code}`, flash: { message: 'cases.new.done' } }),
    reasons: {},
  },
)
