'use server'

import { openEmergencyInput } from '@/lib/cases/emergency/schema'
import { openEmergency } from '@/lib/cases/emergency/service'
import { formAction } from '@/lib/forms/form-action'
import { getFormat } from '@/lib/i18n/get-format'
import { refuse } from '@/lib/platform/result'

/** Opens a case or person in an emergency. Whatever a code that opens nothing names, the answer is this one. */
export const openEmergencyAction = formAction(
  openEmergencyInput,
  async (actor, input) => {
    const opened = await openEmergency(actor, input)
    return !opened.ok && opened.refusal === 'not_found' ? refuse('not_found', 'opens_nothing') : opened
  },
  {
    onOk: async ({ access, address, endsAt }) => {
      if (access === null || endsAt === null) return { to: address, flash: { message: 'emergency.ask.on_team' } }
      const format = await getFormat()
      const when = format.moment(new Date(endsAt))
      return { to: address, flash: { message: 'emergency.ask.opened', values: { when }, code: access } }
    },
    reasons: { opens_nothing: 'emergency.ask.not_found' },
  },
)
