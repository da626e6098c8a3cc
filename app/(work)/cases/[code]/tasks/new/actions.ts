'use server'

import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { makeTaskInput } from '@/lib/cases/tasks/schema'
import { makeTask } from '@/lib/cases/tasks/service'
import { ok } from '@/lib/platform/result'

/** Makes a task of one's own on a case, once however often the form is sent. */
export const makeTaskAction = formAction(
  makeTaskInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'make-task',
      input,
      run: () => makeTask(actor, input),
      again: (code) => Promise.resolve(ok({ code })),
    }),
  {
    onOk: (_value, input) => ({ to: `/cases/${input.case}`, flash: { message: 'tasks.new.done' } }),
    reasons: { case_closed: 'cases.errors.case_closed' },
  },
)
