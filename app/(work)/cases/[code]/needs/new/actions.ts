'use server'

import { addNeedInput } from '@/lib/assistance/needs/schema'
import { addNeed, viewNeed } from '@/lib/assistance/needs/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { getFormat } from '@/lib/i18n/get-format'

export const addNeedAction = formAction(
  addNeedInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'need',
      input,
      run: () => addNeed(actor, input),
      again: (made) => viewNeed(actor, { need: made }),
    }),
  {
    onOk: async (need) => {
      const { moment } = await getFormat()
      return {
        to: `/cases/${need.case}`,
        flash: {
          message: 'assistance.need.added',
          values: { when: moment(new Date(need.contactDueAt)) },
          terms: { category: `mandate.categories.${need.category}` },
          links: [{ label: 'assistance.need.log', href: `/cases/${need.case}/services/new?need=${need.code}` }],
        },
      }
    },
    reasons: { case_closed: 'cases.errors.case_closed' },
    follows: { type: 'category' },
  },
)
