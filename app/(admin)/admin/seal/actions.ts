'use server'
import { acknowledgeFaultInput, askCheckInput } from '@/lib/audit/state/schema'
import { acknowledgeFault, askSealCheck } from '@/lib/audit/state/service'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'

const HERE = '/admin/seal'

export async function askSealCheckAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(askCheckInput, (actor) => askSealCheck(actor), {
    onOk: () => ({ to: HERE, flash: { message: 'audit.seal.check_asked' } }),
    reasons: { wrong_state: 'audit.seal.already' },
  })
  return action(previous, data)
}

export async function acknowledgeFaultAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(acknowledgeFaultInput, (actor, input) => acknowledgeFault(actor, input), {
    onOk: () => ({ to: HERE, flash: { message: 'audit.fault.dealt_done' } }),
    reasons: { wrong_state: 'audit.fault.already' },
  })
  return action(previous, data)
}
