'use server'

import { voidContactInput } from '@/lib/assistance/contacts/schema'
import { readContactText, viewContact, voidContact } from '@/lib/assistance/contacts/service'
import { formAction } from '@/lib/forms/form-action'
import { revealAction } from '@/lib/forms/reveal-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { ok } from '@/lib/platform/result'

export const voidContactAction = formAction(
  voidContactInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'void-contact',
      input,
      run: () => voidContact(actor, input),
      again: (made) => viewContact(actor, { contact: made }),
    }),
  {
    onOk: (contact) => ({
      to: `/cases/${contact.case}/contacts/${contact.code}`,
      flash: { message: 'assistance.contact.void.done', code: contact.code },
    }),
  },
)

export const readTextAction = revealAction(async (actor, { subject }) => {
  const read = await readContactText(actor, { contact: subject })
  if (!read.ok) return read
  const { text } = await getKeyTranslator()
  return ok([{ label: text('assistance.contact.text.title'), value: read.value.text }])
})
