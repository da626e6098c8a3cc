'use server'
import { firstPage } from '@/components/layout/navigation'
import { identify } from '@/lib/access/identify'
import { isWaiting, signInState } from '@/lib/auth/factors'
import { factorAddress, pathToReturnTo } from '@/lib/auth/return-path'
import { signInInput } from '@/lib/auth/schema'
import { startSession } from '@/lib/auth/sessions'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { openFormAction } from '@/lib/forms/form-action'
import { typedSecret } from '@/lib/forms/typed-secret'
import type { FormState } from '@/lib/forms/form-state'

export async function signInAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    signInInput,
    (input) => startSession({ ...input, password: typedSecret(data, 'password') }),
    {
      onOk: async ({ session }, { next }) => {
        const path = pathToReturnTo(next)
        const state = await signInState(session)
        if (state !== null && isWaiting(state)) return factorAddress(path)
        if (path !== '/') return path
        const actor = await identify({ kind: 'session', hash: digestOf(session) })
        return actor === null ? path : firstPage(actor.roles)
      },
      reasons: {
        sign_in_wrong: 'auth.sign_in.wrong',
        sign_in_wait: 'auth.sign_in.wait',
        sign_in_busy: 'auth.sign_in.busy',
      },
    },
  )
  return action(previous, data)
}
