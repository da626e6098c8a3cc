'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { viewReferral } from '@/lib/referrals/service'
import { transferLeadForm } from '@/lib/referrals/transfer/schema'
import { transferLead } from '@/lib/referrals/transfer/service'

/** Offers the lead of a case to another agency; it goes at once. */
export const transferLeadAction = formAction(
  transferLeadForm,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'transfer',
      input,
      run: () => transferLead(actor, input),
      again: (made) => viewReferral(actor, { referral: made }),
    }),
  {
    onOk: ({ code }) => ({ to: `/referrals/${code}`, flash: { message: 'referrals.done.send' } }),
    reasons: {
      under_way: 'referrals.transfer.why.under_way',
      leads_already: 'referrals.transfer.why.leads_already',
      no_service: 'referrals.refused.no_service',
      case_closed: 'referrals.refused.case_closed',
      no_agreement: 'referrals.transfer.why.no_agreement',
      no_basis: 'referrals.transfer.why.no_basis',
    },
  },
)
