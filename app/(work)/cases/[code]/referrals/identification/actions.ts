'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { referForIdentificationForm } from '@/lib/referrals/identification/schema'
import { referForIdentification } from '@/lib/referrals/identification/service'
import { viewReferral } from '@/lib/referrals/service'

/** Asks the identifying authority about a case, or to look again at what it decided; it goes at once. */
export const referForIdentificationAction = formAction(
  referForIdentificationForm,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'identification',
      input,
      run: () => referForIdentification(actor, input),
      again: (made) => viewReferral(actor, { referral: made }),
    }),
  {
    onOk: ({ code }) => ({ to: `/referrals/${code}`, flash: { message: 'referrals.done.send' } }),
    reasons: {
      no_authority: 'referrals.identification.why.no_authority',
      own_authority: 'referrals.identification.why.own_authority',
      already_asked: 'referrals.identification.why.already_asked',
      not_decided: 'referrals.identification.why.not_decided',
      case_closed: 'referrals.refused.case_closed',
      no_basis: 'referrals.identification.why.no_basis',
    },
  },
)
