'use server'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { startRotationInput } from '@/lib/oversight/keys/schema'
import { startRotation } from '@/lib/oversight/keys/service'

export async function startRotationAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(startRotationInput, (actor, input) => startRotation(actor, input), {
    onOk: () => ({ to: '/admin/keys', flash: { message: 'oversight.keys.begun' } }),
    reasons: { running: 'oversight.keys.running', current: 'oversight.keys.current' },
  })
  return action(previous, data)
}
