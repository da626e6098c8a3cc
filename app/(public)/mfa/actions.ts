'use server'
import { firstPage } from '@/components/layout/navigation'
import { identify } from '@/lib/access/identify'
import { addPasskeyInput, confirmAppInput, emptyInput, showCodeInput, showPasskeyInput } from '@/lib/auth/factor-schema'
import { beginApp, confirmApp, showCode, signInState } from '@/lib/auth/factors'
import { requireSession, takeFactorStep } from '@/lib/auth/factor-session'
import { addPasskey, passkeyCreation, passkeyRequest, showPasskey } from '@/lib/auth/passkeys'
import { pathToReturnTo } from '@/lib/auth/return-path'
import type { StartedSession } from '@/lib/auth/sign-in'
import { openFormAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { hasOwnOrigin } from '@/lib/forms/require-origin'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'

const REASONS = {
  session_over: 'auth.mfa.over',
  sign_in_wait: 'auth.sign_in.wait',
  passkey_wrong: 'auth.passkey.wrong',
  factor_many: 'auth.factor.many',
  factor_known: 'auth.factor.known',
  app_gone: 'auth.app.gone',
}

export async function showCodeAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    showCodeInput,
    ({ code }) => takeFactorStep((session, request) => showCode(session, code, request)),
    { onOk: ({ session }, { next }) => pageAfter(session, next), reasons: REASONS },
  )
  return action(previous, data)
}

export async function showPasskeyAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    showPasskeyInput,
    ({ answer }) => takeFactorStep((session, { origin }) => showPasskey(session, answer, origin)),
    { onOk: ({ session }, { next }) => pageAfter(session, next), reasons: REASONS },
  )
  return action(previous, data)
}

export async function beginAppAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(emptyInput, async () => beginApp(await requireSession()), {
    onOk: () => '/mfa/app',
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function confirmAppAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    confirmAppInput,
    ({ code }) => takeFactorStep((session, { origin }) => confirmApp(session, code, origin)),
    { onOk: (started) => pageAfterAdding(started, 'auth.app.added'), reasons: REASONS },
  )
  return action(previous, data)
}

export async function addPasskeyAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    addPasskeyInput,
    (input) => takeFactorStep((session, { origin }) => addPasskey(session, input, origin)),
    { onOk: (started) => pageAfterAdding(started, 'auth.add_passkey.added'), reasons: REASONS },
  )
  return action(previous, data)
}

/** What the browser needs to make a passkey, as text; null when it can't be now. */
export async function passkeyCreationAction(): Promise<string | null> {
  if (!(await hasOwnOrigin())) return null
  const options = await passkeyCreation(await requireSession())
  return options === null ? null : JSON.stringify(options)
}

/** What the browser needs to ask a passkey, as text; null when there is none to ask. */
export async function passkeyRequestAction(): Promise<string | null> {
  if (!(await hasOwnOrigin())) return null
  const options = await passkeyRequest(await requireSession())
  return options === null ? null : JSON.stringify(options)
}

async function pageAfter(session: string, next: string | undefined): Promise<string> {
  const path = pathToReturnTo(next)
  if (path !== '/') return path
  const actor = await identify({ kind: 'session', hash: digestOf(session) })
  return actor === null ? path : firstPage(actor.roles)
}

/** Whoever has no recovery codes yet gets some before anything else. */
async function pageAfterAdding({ session }: StartedSession, message: string) {
  const state = await signInState(session)
  return { to: state?.codesLeft === 0 ? '/profile/recovery-codes' : '/profile', flash: { message } }
}
