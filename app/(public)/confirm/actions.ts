'use server'
import { showCodeInput, showPasskeyInput } from '@/lib/auth/factor-schema'
import { takeFactorStep } from '@/lib/auth/factor-session'
import { showCode } from '@/lib/auth/factors'
import { showPasskey } from '@/lib/auth/passkeys'
import { pathToReturnTo } from '@/lib/auth/return-path'
import { confirmInput } from '@/lib/auth/schema'
import { confirmSession } from '@/lib/auth/sessions'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { typedSecret } from '@/lib/forms/typed-secret'

const OPTIONS = {
  onOk: (_done: unknown, { next }: { readonly next?: string | undefined }) => ({
    to: pathToReturnTo(next),
    flash: { message: 'auth.confirm.done' },
  }),
  reasons: {
    session_over: 'auth.mfa.over',
    sign_in_wait: 'auth.sign_in.wait',
    sign_in_busy: 'auth.sign_in.busy',
    passkey_wrong: 'auth.passkey.wrong',
  },
}

export async function confirmAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(confirmInput, (actor) => confirmSession(actor, typedSecret(data, 'password')), OPTIONS)
  return action(previous, data)
}

export async function confirmByCodeAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(
    showCodeInput,
    (_actor, { code }) => takeFactorStep((session, request) => showCode(session, code, request)),
    OPTIONS,
  )
  return action(previous, data)
}

export async function confirmByPasskeyAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(
    showPasskeyInput,
    (_actor, { answer }) => takeFactorStep((session, { origin }) => showPasskey(session, answer, origin)),
    OPTIONS,
  )
  return action(previous, data)
}
