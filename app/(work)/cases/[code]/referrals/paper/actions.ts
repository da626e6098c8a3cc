'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { preparePaperInput, printPaperForm, stepPaperInput } from '@/lib/referrals/paper/schema'
import { preparePaper, printPaper, stepPaper, viewPaper } from '@/lib/referrals/paper/service'

const REASONS = {
  case_closed: 'referrals.refused.case_closed',
  no_agency: 'referrals.paper.errors.agency',
  no_basis: 'referrals.refused.no_basis',
  wrong_state: 'referrals.refused.wrong_state',
  not_printed: 'referrals.paper.errors.not_printed',
}

/** Prepares a form for an agency without Amparo; nothing leaves with it yet. */
export const preparePaperAction = formAction(
  preparePaperInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'paper',
      input,
      run: () => preparePaper(actor, input),
      again: (made) => viewPaper(actor, { paper: made }),
    }),
  {
    onOk: ({ code, case: on }) => ({
      to: `/cases/${on}/referrals/paper/${code}`,
      flash: { message: 'referrals.paper.done.prepared' },
    }),
    reasons: REASONS,
  },
)

/** Prints a form, with its line of the ledger, in the language that its reader reads. */
export const printPaperAction = formAction(printPaperForm, (actor, { paper }) => printPaper(actor, { paper }), {
  onOk: ({ code, line, case: on }, { language }) =>
    `/cases/${on}/referrals/paper/${code}/print?line=${line}&language=${language}`,
  reasons: REASONS,
})

/** Writes down what happened to a form, and when. */
export const stepPaperAction = formAction(stepPaperInput, (actor, input) => stepPaper(actor, input), {
  onOk: ({ code, case: on }) => ({
    to: `/cases/${on}/referrals/paper/${code}`,
    flash: { message: 'referrals.paper.done.step' },
  }),
  reasons: REASONS,
})
