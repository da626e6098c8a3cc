'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { answerSampleFileInput, drawSampleInput } from '@/lib/oversight/samples/schema'
import { answerSampleFile, drawSample } from '@/lib/oversight/samples/service'
import { ok } from '@/lib/platform/result'

/** Draws a sample of case files, once for each form. */
export const drawSampleAction = formAction(
  drawSampleInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'sample',
      input,
      run: async () => {
        const drawn = await drawSample(actor, input)
        return drawn.ok ? ok({ code: drawn.value.code }) : drawn
      },
      again: (code) => Promise.resolve(ok({ code })),
    }),
  {
    onOk: ({ code }) => ({ to: `/oversight/samples/${code}` }),
    reasons: { samples_enough: 'samples.errors.enough' },
  },
)

/** Keeps what an auditor found of a file; the sample says how far it is read. */
export const answerSampleFileAction = formAction(answerSampleFileInput, answerSampleFile, {
  onOk: ({ sample, read, files }) => ({
    to: `/oversight/samples/${sample}`,
    flash: { message: 'samples.check.kept', values: { read, files } },
  }),
})
