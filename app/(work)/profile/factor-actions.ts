'use server'
import { endOtherSessions } from '@/lib/agencies/account-service'
import { emptyInput, removeFactorInput } from '@/lib/auth/factor-schema'
import { makeRecoveryCodes, removeFactor } from '@/lib/auth/factors'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { getKeyTranslator } from '@/lib/i18n/translate-key'

export async function removeFactorAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(removeFactorInput, (actor, input) => removeFactor(actor, input), {
    onOk: () => ({ to: '/profile', flash: { message: 'profile.factor.removed' } }),
    reasons: { last_factor: 'auth.factor.last' },
  })
  return action(previous, data)
}

export async function endOtherSessionsAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(emptyInput, (actor) => endOtherSessions(actor), {
    onOk: () => ({ to: '/profile', flash: { message: 'profile.session.others_ended' } }),
  })
  return action(previous, data)
}

export async function makeRecoveryCodesAction(previous: FormState, data: FormData): Promise<FormState> {
  let codes: readonly string[] = []
  const action = formAction(
    emptyInput,
    async (actor) => {
      const made = await makeRecoveryCodes(actor)
      if (made.ok) codes = made.value
      return made
    },
    { reasons: { no_factor: 'auth.factor.none' } },
  )
  const state = await action(previous, data)
  if (codes.length === 0) return state
  const { text } = await getKeyTranslator()
  // Shown in this answer, once; what is stored can't be turned back into them.
  return { ...state, done: text('auth.codes.made', { codes: codes.join('\n') }) }
}
