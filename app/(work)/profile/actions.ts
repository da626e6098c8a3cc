'use server'
import { createTokenInput, endSessionInput, endTokenInput, settingsInput } from '@/lib/agencies/account-schema'
import { changeSettings, createToken, endOwnSession, endToken } from '@/lib/agencies/account-service'
import { changeOwnPassword } from '@/lib/auth/sessions'
import { changePasswordInput } from '@/lib/auth/schema'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { typedSecret } from '@/lib/forms/typed-secret'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { refuse } from '@/lib/platform/result'

export async function changeSettingsAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(settingsInput, (actor, input) => changeSettings(actor, input), {
    onOk: () => ({ to: '/profile', flash: { message: 'profile.settings.saved' } }),
  })
  return action(previous, data)
}

export async function changePasswordAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(
    changePasswordInput,
    async (actor) => {
      const password = typedSecret(data, 'password')
      return password === typedSecret(data, 'again')
        ? changeOwnPassword(actor, { current: typedSecret(data, 'current'), password })
        : refuse('invalid', undefined, { again: ['auth.password.differs'] })
    },
    {
      onOk: () => ({ to: '/profile', flash: { message: 'auth.password.changed' } }),
      reasons: { sign_in_wait: 'auth.sign_in.wait', sign_in_busy: 'auth.sign_in.busy' },
    },
  )
  return action(previous, data)
}

export async function endSessionAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(endSessionInput, (actor, input) => endOwnSession(actor, input), {
    onOk: () => ({ to: '/profile', flash: { message: 'profile.session.ended' } }),
  })
  return action(previous, data)
}

export async function createTokenAction(previous: FormState, data: FormData): Promise<FormState> {
  let token: string | undefined
  const action = formAction(
    createTokenInput,
    async (actor, input, { key }) => {
      const made = await createToken(actor, input, key)
      if (made.ok) token = made.value.token
      return made
    },
    { reasons: { made_already: 'profile.token.made_already' } },
  )
  const state = await action(previous, data)
  if (token === undefined) return state
  const { text } = await getKeyTranslator()
  // Shown in this answer, once; what is stored can't be turned back into it.
  return { ...state, done: text('profile.token.made', { token }) }
}

export async function endTokenAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(endTokenInput, (actor, input) => endToken(actor, input), {
    onOk: () => ({ to: '/profile', flash: { message: 'profile.token.ended' } }),
  })
  return action(previous, data)
}
