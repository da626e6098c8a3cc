'use server'
import { forgetInvitation, readInvitation } from '@/lib/auth/invitation-cookie'
import { acceptInvitation } from '@/lib/auth/passwords'
import { requestOrigin } from '@/lib/auth/request-origin'
import { acceptInvitationInput } from '@/lib/auth/schema'
import { openFormAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { typedSecret } from '@/lib/forms/typed-secret'
import { refuse } from '@/lib/platform/result'

export async function acceptInvitationAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    acceptInvitationInput,
    async () => {
      const password = typedSecret(data, 'password')
      if (password !== typedSecret(data, 'again')) {
        return refuse('invalid', undefined, { again: ['auth.password.differs'] })
      }
      return acceptInvitation((await readInvitation()) ?? '', { password }, await requestOrigin())
    },
    {
      onOk: async () => {
        await forgetInvitation()
        return { to: '/sign-in', flash: { message: 'auth.invite.done' } }
      },
      reasons: { invitation_gone: 'auth.invite.gone', sign_in_busy: 'auth.sign_in.busy' },
    },
  )
  return action(previous, data)
}
