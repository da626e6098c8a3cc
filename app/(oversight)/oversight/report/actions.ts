'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { makeReportInput } from '@/lib/oversight/report/schema'
import { makeReport, viewReport } from '@/lib/oversight/report/service'

/** Makes a report of a period, once, and opens it. */
export const makeReportAction = formAction(
  makeReportInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'audit-report',
      input,
      run: () => makeReport(actor, input),
      again: (made) => viewReport(actor, { report: made }),
    }),
  { onOk: ({ code }) => ({ to: `/oversight/report/${code}`, flash: { message: 'oversight.report.made', code } }) },
)
