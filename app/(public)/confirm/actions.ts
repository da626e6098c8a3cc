'use server'
import { pathToReturnTo } from '@/lib/auth/return-path'
import { confirmInput } from '@/lib/auth/schema'
import { confirmSession } from '@/lib/auth/sessions'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { typedSecret } from '@/lib/forms/typed-secret'

export async function confirmAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(confirmInput, (actor) => confirmSession(actor, typedSecret(data, 'password')), {
    onOk: (_done, { next }) => ({ to: pathToReturnTo(next), flash: { message: 'auth.confirm.done' } }),
    reasons: { sign_in_wait: 'auth.sign_in.wait', sign_in_busy: 'auth.sign_in.busy' },
  })
  return action(previous, data)
}
