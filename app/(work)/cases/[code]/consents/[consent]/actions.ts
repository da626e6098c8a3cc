'use server'

import { withdrawConsentInput } from '@/lib/consent/schema'
import { readConsentTexts, viewConsent, withdrawConsent } from '@/lib/consent/service'
import { formAction } from '@/lib/forms/form-action'
import { revealAction } from '@/lib/forms/reveal-action'
import type { RevealRow } from '@/lib/forms/reveal-state'
import { submitOnce } from '@/lib/forms/submit-once'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { ok } from '@/lib/platform/result'

/** Ends a consent by the person's word, once. */
export const withdrawConsentAction = formAction(
  withdrawConsentInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'withdraw-consent',
      input,
      run: () => withdrawConsent(actor, input),
      again: (made) => viewConsent(actor, { consent: made }),
    }),
  {
    onOk: (consent) => ({
      to: `/cases/${consent.case}/consents/${consent.code}`,
      flash: { message: 'consents.withdraw.done', code: consent.code },
    }),
    reasons: { wrong_state: 'consents.errors.wrong_state' },
  },
)

const WORDS = ['withheldWords', 'bestInterests', 'childWords', 'reason'] as const

/** Shows what was said beside a consent, for one press. */
export const readConsentTextsAction = revealAction(async (actor, { subject }) => {
  const read = await readConsentTexts(actor, { consent: subject })
  if (!read.ok) return read
  const { text } = await getKeyTranslator()
  const { witness, signature, ...said } = read.value
  const rows = WORDS.flatMap((key): RevealRow[] => {
    const value = said[key]
    return value === undefined || value === '' ? [] : [{ label: text(`consents.words.${key}`), value }]
  })
  if (witness !== undefined)
    rows.push({ label: text('consents.witness'), value: text(`consents.witnesses.${witness}`) })
  if (signature !== undefined)
    rows.push({ label: text('consents.signature.label'), value: text('consents.signature.drawn'), drawing: signature })
  return ok(rows)
})
