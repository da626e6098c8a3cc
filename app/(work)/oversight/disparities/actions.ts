'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { runDisparityInput } from '@/lib/oversight/disparities/schema'
import { runDisparity } from '@/lib/oversight/disparities/service'
import { ok } from '@/lib/platform/result'

/** Asks a frozen period whether an outcome differs between groups, once for each form. */
export const runDisparityAction = formAction(
  runDisparityInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'disparity',
      input,
      run: async () => {
        const ran = await runDisparity(actor, input)
        return ran.ok ? ok({ code: ran.value.code }) : ran
      },
      again: (code) => Promise.resolve(ok({ code })),
    }),
  { onOk: ({ code }) => ({ to: `/oversight/disparities/${code}` }) },
)
