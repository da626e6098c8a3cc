'use server'

import { logContactInput } from '@/lib/assistance/contacts/schema'
import { logContact, viewContact } from '@/lib/assistance/contacts/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { dayIn } from '@/lib/platform/zone'
import { getFormat } from '@/lib/i18n/get-format'
import { dayWords } from '../../../../services/logged-flash'

export const logContactAction = formAction(
  logContactInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'contact',
      input,
      run: () => logContact(actor, input),
      again: (made) => viewContact(actor, { contact: made }),
    }),
  {
    onOk: async (contact, _input, submission) => {
      const { timeZone } = await getFormat()
      const { when, terms } = await dayWords(dayIn(timeZone, new Date(contact.occurredAt)))
      const form = `/cases/${contact.case}/contacts/new`
      return {
        to: submission.intent === 'another' ? form : `/cases/${contact.case}`,
        flash: {
          message: 'assistance.contact.logged',
          values: when,
          terms: { kind: `assistance.contact.kind.${contact.kind}`, ...terms },
          links: [{ label: 'assistance.service.log_another', href: form }],
        },
      }
    },
    reasons: { case_closed: 'cases.errors.case_closed' },
  },
)
