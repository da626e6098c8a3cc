'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { takeInPaperInput } from '@/lib/referrals/paper/schema'
import { takeInPaper, viewPaper } from '@/lib/referrals/paper/service'

/** Types in a form that came on paper, once. */
export const takeInPaperAction = formAction(
  takeInPaperInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'paper-in',
      input,
      run: () => takeInPaper(actor, input),
      again: (made) => viewPaper(actor, { paper: made }),
    }),
  {
    onOk: ({ code, case: on }) => ({
      to: `/cases/${on}/referrals/paper/${code}`,
      flash: { message: 'referrals.paper.done.taken_in' },
    }),
    reasons: { case_closed: 'referrals.refused.case_closed' },
  },
)
