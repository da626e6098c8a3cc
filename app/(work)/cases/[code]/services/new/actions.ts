'use server'

import { logServiceForm } from '@/lib/assistance/services/schema'
import { logService, viewService } from '@/lib/assistance/services/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { flaggedNote } from '../../../../services/flagged-note'
import { loggedFlash } from '../../../../services/logged-flash'

export const logServiceAction = formAction(
  logServiceForm,
  async (actor, { needMet, ...entry }, submission) => {
    const input = { ...entry, ...(needMet && entry.need !== undefined ? { needState: 'met' as const } : {}) }
    const logged = await submitOnce(actor, submission, {
      form: 'service',
      input,
      run: () => logService(actor, input),
      again: (made) => viewService(actor, { service: made }),
    })
    return flaggedNote(logged)
  },
  {
    onOk: async (service, _input, submission) => ({
      to: submission.intent === 'another' ? `/cases/${service.case}/services/new` : `/cases/${service.case}`,
      flash: await loggedFlash(service),
    }),
    reasons: { case_closed: 'cases.errors.case_closed' },
    follows: { type: 'category' },
  },
)
