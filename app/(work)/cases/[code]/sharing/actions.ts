'use server'

import { exceptionInput } from '@/lib/consent/exceptions/schema'
import { endException, readExceptionReason } from '@/lib/consent/exceptions/service'
import { formAction } from '@/lib/forms/form-action'
import { revealAction } from '@/lib/forms/reveal-action'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { ok } from '@/lib/platform/result'

/** Ends sharing without consent before its time. */
export const endExceptionAction = formAction(exceptionInput, endException, {
  onOk: ({ case: code }) => ({ to: `/cases/${code}/sharing`, flash: { message: 'exceptions.ended' } }),
  reasons: { wrong_state: 'exceptions.errors.wrong_state' },
})

/** Shows why something goes without consent, for one press. */
export const readExceptionReasonAction = revealAction(async (actor, { subject }) => {
  const read = await readExceptionReason(actor, { exception: subject })
  if (!read.ok) return read
  const { text } = await getKeyTranslator()
  return ok([{ label: text('exceptions.reason'), value: read.value.reason }])
})
