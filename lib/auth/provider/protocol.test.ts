import { createHash } from 'node:crypto'
import { generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startForgedProvider, type ForgedProvider, type Forgery } from '@/tests/support/forged-provider'

import { beginFlow, endFlow, ProofRefused, ProviderAway } from './protocol'
import type { Provider } from './schema'

const CLIENT = 'amparo'
const SECRET = 'a-secret-that-both-sides-know-0123456789'

let forged: ForgedProvider
let provider: Provider

beforeAll(async () => {
  forged = await startForgedProvider(CLIENT)
  provider = {
    agency: '0192f0c1-2b7a-7000-8000-000000000001',
    issuer: forged.issuer,
    clientId: CLIENT,
    clientSecret: SECRET,
    strongAcr: ['urn:example:two-factors'],
    strongAmr: ['mfa', 'hwk'],
  }
})

afterAll(async () => {
  await forged.stop()
})

async function signInWith(forgery: Forgery, change?: (answer: URL) => void, fresh = false) {
  forged.forge(forgery)
  const { address, flow } = await beginFlow(provider, { fresh })
  return endFlow(provider, flow, forged.answerTo(address, change))
}

const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds

describe('A10: signing in at an agency’s own provider', () => {
  it('takes an honest answer: who it is are issuer and subject, whatever the token says of an e-mail address', async () => {
    const proof = await signInWith({ claims: (honest) => ({ ...honest, email: 'admin@harbour.example' }) })
    expect(proof).toEqual({ issuer: forged.issuer, subject: 'subject-1', strength: 1 })
  })

  it('asks with PKCE (S256), a state and a nonce that are new each time, and for no more than who it is', async () => {
    forged.forge({})
    const [one, two] = [await beginFlow(provider), await beginFlow(provider)]
    const asked = new URL(one.address).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(asked.get('scope')).toBe('openid')
    expect(one.flow.state).not.toBe(two.flow.state)
    expect(one.flow.nonce).not.toBe(two.flow.nonce)
    await endFlow(provider, one.flow, forged.answerTo(one.address))
    expect(forged.seen.challenge).toBe(
      createHash('sha256')
        .update(forged.seen.verifier ?? '')
        .digest('base64url'),
    )
  })

  it.each([
    ['a level that the agency accepts', { acr: 'urn:example:two-factors' }, 2],
    ['a means that the agency accepts', { amr: ['pwd', 'hwk'] }, 2],
    ['a level that it does not', { acr: 'urn:example:password' }, 1],
    ['means that it does not', { amr: ['pwd'] }, 1],
    ['means that are no list', { amr: 'mfa' }, 1],
    ['nothing', {}, 1],
  ])('counts %s as what it is', async (_, claims, strength) => {
    expect((await signInWith({ claims: (honest) => ({ ...honest, ...claims }) })).strength).toBe(strength)
  })

  const WRONG: readonly (readonly [string, () => Promise<Forgery>, ((answer: URL) => void)?])[] = [
    ['another issuer', claims({ iss: 'https://elsewhere.example' })],
    ['another audience', claims({ aud: 'another-client' })],
    ['several audiences and another authorized party', claims({ aud: [CLIENT, 'other'], azp: 'other' })],
    ['no subject', claims({ sub: undefined })],
    ['an end that is past', claims({ exp: ago(3600), iat: ago(7200) })],
    ['no end', claims({ exp: undefined })],
    ['a beginning in the future', claims({ iat: ago(-3600), nbf: ago(-3600) })],
    ['another nonce', claims({ nonce: 'of-another-sign-in' })],
    ['no nonce', claims({ nonce: undefined })],
    ['a signature of another key', async () => ({ key: (await generateKeyPair('RS256')).privateKey })],
    ['a key id that the provider does not publish', () => Promise.resolve({ header: { kid: 'k9' } })],
    [
      'a signature by the secret that we share',
      () => Promise.resolve({ header: { alg: 'HS256' }, key: new TextEncoder().encode(SECRET) }),
    ],
    ['no signature', () => Promise.resolve({ token: (honest) => honest.replace(/[^.]+$/, '') })],
    ['“none” as its algorithm', () => Promise.resolve({ token: unsigned })],
    ['a claim changed after signing', () => Promise.resolve({ token: changed })],
    ['no ID token at all', () => Promise.resolve({ answer: ({ id_token: _, ...rest }) => rest })],
    ['another state', honest, (answer) => answer.searchParams.set('state', 'of-another-browser')],
    ['no state', honest, (answer) => answer.searchParams.delete('state')],
    [
      'another issuer beside the code (RFC 9207)',
      honest,
      (answer) => answer.searchParams.set('iss', 'https://x.example'),
    ],
    ['no code but an error', honest, (answer) => refusal(answer)],
  ]

  for (const [fault, forgery, change] of WRONG) {
    it(`refuses ${fault}`, async () => {
      await expect(signInWith(await forgery(), change)).rejects.toThrow(ProofRefused)
    })
  }

  it('refuses an old proof where a fresh one was asked for, and takes a fresh one', async () => {
    await expect(
      signInWith({ claims: (given) => ({ ...given, auth_time: ago(1200) }) }, undefined, true),
    ).rejects.toThrow(ProofRefused)
    await expect(signInWith({}, undefined, true)).resolves.toMatchObject({ subject: 'subject-1' })
  })

  it('says that a provider is away, which is nobody’s wrong proof', async () => {
    await expect(beginFlow({ ...provider, issuer: 'http://127.0.0.1:9' })).rejects.toThrow(ProviderAway)
  })

  it('refuses a provider that calls itself something else than it was entered as', async () => {
    await expect(beginFlow({ ...provider, issuer: forged.issuer.replace('127.0.0.1', 'localhost') })).rejects.toThrow(
      ProviderAway,
    )
  })
})

function claims(change: Record<string, unknown>): () => Promise<Forgery> {
  return () => Promise.resolve({ claims: (given) => ({ ...given, ...change }) })
}

function honest(): Promise<Forgery> {
  return Promise.resolve({})
}

function refusal(answer: URL): void {
  answer.searchParams.delete('code')
  answer.searchParams.set('error', 'access_denied')
}

function unsigned(token: string): string {
  const [, body = ''] = token.split('.')
  return `${Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')}.${body}.`
}

function changed(token: string): string {
  const [head = '', body = '', signature = ''] = token.split('.')
  const claimed = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
  const forgedBody = Buffer.from(JSON.stringify({ ...claimed, sub: 'somebody-else' })).toString('base64url')
  return `${head}.${forgedBody}.${signature}`
}
