'use server'

import { redirect } from 'next/navigation'
import { emergencyInput, reviewEmergencyInput } from '@/lib/cases/emergency/schema'
import { endOwnEmergency, reviewEmergency } from '@/lib/cases/emergency/service'
import { formAction } from '@/lib/forms/form-action'
import { emptyFormState, type FormState } from '@/lib/forms/form-state'
import { parseCode } from '@/lib/platform/ids'

const endEmergency = formAction(emergencyInput, endOwnEmergency, {
  onOk: ({ access }) => ({ to: `/emergency-access/${access}`, flash: { message: 'emergency.one.ended_now' } }),
})

/** "End now", from the bar. Whatever came of it, the access's own page says how it stands. */
export async function endEmergencyAction(data: FormData): Promise<void> {
  await endEmergency(emptyFormState(''), data)
  const access = data.get('access')
  const code = typeof access === 'string' ? parseCode(access, 'EMG') : null
  redirect(code === null ? '/' : `/emergency-access/${code}`)
}

/** Says what a review came to. */
export async function reviewEmergencyAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(reviewEmergencyInput, reviewEmergency, {
    onOk: () => ({ to: '/reviews', flash: { message: 'emergency.one.saved' } }),
    reasons: { still_open: 'emergency.errors.still_open', wrong_state: 'emergency.errors.reviewed' },
  })
  return action(previous, data)
}
