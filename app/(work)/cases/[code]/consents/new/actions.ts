'use server'

import { consentFormInput, isAskedFrom } from '@/lib/consent/schema'
import { recordConsent, viewConsent } from '@/lib/consent/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'

/** Writes down what the person answered, once. */
export const recordConsentAction = formAction(
  consentFormInput,
  (actor, { back: _back, ...input }, submission) =>
    submitOnce(actor, submission, {
      form: 'consent',
      input,
      run: () => recordConsent(actor, input),
      again: (made) => viewConsent(actor, { consent: made }),
    }),
  {
    onOk: (consent, { back }) => ({
      to: `/cases/${consent.case}/consents/${consent.code}`,
      flash: {
        message: consent.answer === 'given' ? 'consents.recorded_given' : 'consents.recorded_refused',
        code: consent.code,
        ...(consent.answer === 'given' && back !== undefined && isAskedFrom(back, consent.case)
          ? { links: [{ label: 'consents.go_on', href: back }] }
          : {}),
      },
    }),
    reasons: { case_closed: 'cases.errors.case_closed', wrong_state: 'consents.errors.wrong_state' },
  },
)
