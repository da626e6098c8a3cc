'use server'
import { forgetLink, readLink } from '@/lib/auth/link-cookie'
import { acceptInvitation, viewInvitation } from '@/lib/auth/passwords'
import { requestOrigin } from '@/lib/auth/request-origin'
import { factorAddress } from '@/lib/auth/return-path'
import { acceptInvitationInput } from '@/lib/auth/schema'
import { startSession } from '@/lib/auth/sessions'
import { openFormAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { typedSecret } from '@/lib/forms/typed-secret'
import type { StartedSession } from '@/lib/auth/sign-in'
import { refuse, type Result } from '@/lib/platform/result'

export async function acceptInvitationAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    acceptInvitationInput,
    async (): Promise<Result<StartedSession | undefined>> => {
      const password = typedSecret(data, 'password')
      if (password !== typedSecret(data, 'again')) {
        return refuse('invalid', undefined, { again: ['auth.password.differs'] })
      }
      const secret = (await readLink('invitation')) ?? ''
      const invitation = await viewInvitation(secret)
      const accepted = await acceptInvitation(secret, { password }, await requestOrigin())
      if (!accepted.ok || invitation?.besideFactor !== true) return accepted
      // Straight on to the second factor; where that does not work, signing in leads there too.
      return startSession({ email: invitation.email, password })
    },
    {
      onOk: async (started) => {
        await forgetLink('invitation')
        if (started !== undefined) return factorAddress('/')
        return { to: '/sign-in', flash: { message: 'auth.invite.done' } }
      },
      reasons: { invitation_gone: 'auth.invite.gone', sign_in_busy: 'auth.sign_in.busy' },
    },
  )
  return action(previous, data)
}
