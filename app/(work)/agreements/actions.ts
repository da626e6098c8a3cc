'use server'
import { changeAgreementInput, proposeAgreementInput } from '@/lib/agencies/agreements/schema'
import { endAgreement, proposeAgreement, signAgreement } from '@/lib/agencies/agreements/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { ok } from '@/lib/platform/result'

const REASONS = { wrong_state: 'agreements.errors.wrong_state' }

/** Proposes an agreement, signed by the proposer. */
export const proposeAgreementAction = formAction(
  proposeAgreementInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'agreement',
      input,
      run: async () => {
        const proposed = await proposeAgreement(actor, input)
        return proposed.ok ? ok({ code: proposed.value.agreement }) : proposed
      },
      again: (code) => Promise.resolve(ok({ code })),
    }),
  { onOk: ({ code }) => ({ to: `/agreements/${code}`, flash: { message: 'agreements.proposed' } }) },
)

/** Signs for the member's agency. */
export const signAgreementAction = formAction(changeAgreementInput, signAgreement, {
  onOk: ({ agreement }) => ({ to: `/agreements/${agreement}`, flash: { message: 'agreements.signed' } }),
  reasons: REASONS,
})

/** Declines a proposal, or takes the member's agency out of an agreement. */
export const endAgreementAction = formAction(changeAgreementInput, endAgreement, {
  onOk: ({ agreement }) => ({ to: `/agreements/${agreement}`, flash: { message: 'agreements.ended' } }),
  reasons: REASONS,
})
