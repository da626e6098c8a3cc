'use server'

import { consentFormInput } from '@/lib/consent/schema'
import { recordConsent, viewConsent } from '@/lib/consent/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'

/** Writes down what the person answered, once. */
export const recordConsentAction = formAction(
  consentFormInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'consent',
      input,
      run: () => recordConsent(actor, input),
      again: (made) => viewConsent(actor, { consent: made }),
    }),
  {
    onOk: (consent) => ({
      to: `/cases/${consent.case}/consents/${consent.code}`,
      flash: {
        message: consent.answer === 'given' ? 'consents.recorded_given' : 'consents.recorded_refused',
        code: consent.code,
      },
    }),
    reasons: { case_closed: 'cases.errors.case_closed', wrong_state: 'consents.errors.wrong_state' },
  },
)
