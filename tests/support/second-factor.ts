import type { Actor } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { beginApp, confirmApp, isWaiting, signInState, viewPendingApp } from '@/lib/auth/factors'
import { signIn } from '@/lib/auth/sign-in'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { codeOf } from '@/tests/support/totp'

const HERE = { networkPrefix: '192.0.2.0/24', requestId: 'request-1' }

/** Signs in with the password alone. */
export async function passwordShown(email: string, password: string): Promise<string> {
  const started = await signIn({ email, password }, { origin: HERE })
  if (!started.ok) throw new Error('The sign-in of a test did not work')
  return started.value.session
}

/** Adds an authenticator app to a session that may, as the pages do; its new id, and the app's secret. */
export async function appAdded(session: string): Promise<{ readonly session: string; readonly secret: string }> {
  await beginApp(session)
  const pending = await viewPendingApp(session)
  if (pending === null) throw new Error('No app waits for its first code')
  const secret = pending.secret.replaceAll(' ', '')
  const added = await confirmApp(session, codeOf(secret), HERE)
  if (!added.ok) throw new Error('The first code of a test was not taken')
  return { session: added.value.session, secret }
}

/** Signs in for the first time, setting up a second factor where one is asked for. */
export async function firstSignIn(email: string, password: string): Promise<Actor> {
  let session = await passwordShown(email, password)
  const state = await signInState(session)
  if (state !== null && isWaiting(state)) session = (await appAdded(session)).session
  const actor = await identify({ kind: 'session', hash: digestOf(session) })
  if (actor === null) throw new Error('The session of a test did not open')
  return actor
}
