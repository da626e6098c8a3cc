'use server'
import { forgetLink, readLink } from '@/lib/auth/link-cookie'
import { requestOrigin } from '@/lib/auth/request-origin'
import { askReset, completeReset } from '@/lib/auth/reset'
import { acceptInvitationInput, askResetInput } from '@/lib/auth/schema'
import { openFormAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { typedSecret } from '@/lib/forms/typed-secret'
import { refuse } from '@/lib/platform/result'

/** Says the same whoever's address it is, and nobody's. */
export async function askResetAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(askResetInput, async ({ email }) => askReset(email, await requestOrigin()), {
    done: 'auth.reset.sent',
    reasons: { sign_in_wait: 'auth.sign_in.wait' },
  })
  return action(previous, data)
}

export async function completeResetAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    acceptInvitationInput,
    async () => {
      const password = typedSecret(data, 'password')
      if (password !== typedSecret(data, 'again')) {
        return refuse('invalid', undefined, { again: ['auth.password.differs'] })
      }
      return completeReset((await readLink('reset')) ?? '', password, await requestOrigin())
    },
    {
      onOk: async () => {
        await forgetLink('reset')
        return { to: '/sign-in', flash: { message: 'auth.reset.done' } }
      },
      reasons: { reset_gone: 'auth.reset.gone', sign_in_busy: 'auth.sign_in.busy' },
    },
  )
  return action(previous, data)
}
