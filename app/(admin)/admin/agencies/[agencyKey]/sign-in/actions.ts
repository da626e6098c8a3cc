'use server'
import { removeProviderInput, setProviderInput } from '@/lib/agencies/provider-schema'
import { removeProvider, setProvider } from '@/lib/agencies/provider-service'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'

export async function setProviderAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(setProviderInput, (actor, input) => setProvider(actor, input), {
    onOk: (_, { agency }) => ({
      to: `/admin/agencies/${agency}/sign-in`,
      flash: { message: 'agencies.provider.saved' },
    }),
  })
  return action(previous, data)
}

export async function removeProviderAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(removeProviderInput, (actor, input) => removeProvider(actor, input), {
    onOk: (_, { agency }) => ({
      to: `/admin/agencies/${agency}/sign-in`,
      flash: { message: 'agencies.provider.removed' },
    }),
  })
  return action(previous, data)
}
