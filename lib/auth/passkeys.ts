import 'server-only'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'

import type { RequestOrigin } from '@/lib/access/actor'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { settings } from '@/lib/platform/env'
import { newId } from '@/lib/platform/ids'
import { log } from '@/lib/platform/log'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { recordRefusedSignIn } from './data'
import { insertPasskey, listFactors, markPasskeyShown, saveChallenge, takeChallenge } from './factor-data'
import { enrolRefusal, renewalOf, signInState } from './factors'
import type { StartedSession } from './sign-in'

/** A passkey is made for this host alone: the page of an impostor gets no answer from it. */
function relyingParty() {
  return { rpID: new URL(settings.publicOrigin).hostname, origin: settings.publicOrigin }
}

/** What the browser needs to make a passkey; null when the session is over. The name in its list is a code. */
export async function passkeyCreation(session: string): Promise<PublicKeyCredentialCreationOptionsJSON | null> {
  const state = await signInState(session)
  if (state === null) return null
  const known = await listFactors(digestOf(session))
  const options = await generateRegistrationOptions({
    rpName: 'Amparo',
    rpID: relyingParty().rpID,
    userName: state.code,
    userDisplayName: state.code,
    userID: Uint8Array.from(Buffer.from(state.member.replaceAll('-', ''), 'hex')),
    attestationType: 'none',
    excludeCredentials: credentialsOf(known),
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
  })
  return (await remember(session, options.challenge)) ? options : null
}

/** What the browser needs to ask a passkey of the member; null when the session is over or there is none. */
export async function passkeyRequest(session: string): Promise<PublicKeyCredentialRequestOptionsJSON | null> {
  const allowCredentials = credentialsOf(await listFactors(digestOf(session)))
  if (allowCredentials.length === 0) return null
  const options = await generateAuthenticationOptions({
    rpID: relyingParty().rpID,
    allowCredentials,
    userVerification: 'preferred',
  })
  return (await remember(session, options.challenge)) ? options : null
}

/**
 * Adds a passkey that answered `passkeyCreation`. The session goes on under a new id with its second factor; other
 * sessions and all tokens end. Refuses with `invalid` an answer that proves nothing, and as adding an app does.
 */
export async function addPasskey(
  session: string,
  input: { readonly answer: string; readonly name: string },
  origin: RequestOrigin,
): Promise<Result<StartedSession>> {
  const challenge = await takeChallenge(digestOf(session))
  const answer = readAnswer(input.answer) as RegistrationResponseJSON | null
  if (challenge === null || answer === null) return refusedAnswer()
  const { rpID, origin: expectedOrigin } = relyingParty()
  const made = await quietly(() =>
    verifyRegistrationResponse({
      response: answer,
      expectedChallenge: textOf(challenge),
      expectedOrigin,
      expectedRPID: rpID,
      requireUserVerification: false,
    }),
  )
  if (made?.verified !== true) return refusedAnswer()
  const { credential } = made.registrationInfo
  const { session: renewed, hashes } = renewalOf(session)
  const passkey = {
    id: newId(),
    name: input.name,
    credential: bytesOf(credential.id),
    publicKey: Uint8Array.from(credential.publicKey),
    signCount: credential.counter,
    transports: credential.transports ?? [],
  }
  return enrolRefusal(await insertPasskey(hashes, passkey, origin)) ?? ok({ session: renewed })
}

/**
 * Takes the answer of a passkey. The session goes on under a new id, with its second factor and freshly shown. Not
 * counted: a signature can't be guessed. Refuses with `invalid` an answer that proves nothing.
 */
export async function showPasskey(
  session: string,
  text: string,
  origin: RequestOrigin,
): Promise<Result<StartedSession>> {
  const challenge = await takeChallenge(digestOf(session))
  const answer = readAnswer(text) as AuthenticationResponseJSON | null
  if (challenge === null || answer === null) return refusedAnswer()
  const factors = await listFactors(digestOf(session))
  const passkey = factors.find(({ credential }) => credential !== null && textOf(credential) === answer.id)
  const { credential = null, publicKey = null, signCount = 0n } = passkey ?? {}
  if (passkey !== undefined && credential !== null && publicKey !== null) {
    const { rpID, origin: expectedOrigin } = relyingParty()
    const shown = await quietly(() =>
      verifyAuthenticationResponse({
        response: answer,
        expectedChallenge: textOf(challenge),
        expectedOrigin,
        expectedRPID: rpID,
        requireUserVerification: false,
        credential: { id: textOf(credential), publicKey, counter: Number(signCount) },
      }),
    )
    if (shown?.verified === true) {
      const { session: renewed, hashes } = renewalOf(session)
      const used = { id: passkey.id, signCount: shown.authenticationInfo.newCounter }
      if (await markPasskeyShown(hashes, used, origin)) return ok({ session: renewed })
    }
  }
  await recordRefusedSignIn(factors[0]?.member ?? null, 'wrong', origin)
  return refusedAnswer()
}

function refusedAnswer() {
  return refuse('invalid', 'passkey_wrong')
}

function credentialsOf(factors: Awaited<ReturnType<typeof listFactors>>) {
  return factors.flatMap(({ credential, transports }) =>
    credential === null ? [] : [{ id: textOf(credential), transports: transports as AuthenticatorTransport[] }],
  )
}

function remember(session: string, challenge: string): Promise<boolean> {
  return saveChallenge(digestOf(session), bytesOf(challenge))
}

/** Looks at the id alone; all else is for the library to check. */
function readAnswer(text: string): { readonly id: string } | null {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string'
      ? { ...answer, id: answer.id }
      : null
  } catch {
    return null
  }
}

/** The library throws at whatever doesn't fit; for us that is one more answer that proves nothing. */
async function quietly<T>(verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify()
  } catch (error) {
    log.info({ errorClass: error instanceof Error ? error.name : 'unknown' }, 'an answer of a passkey did not hold')
    return null
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'base64url'))
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
