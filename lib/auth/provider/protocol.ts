import 'server-only'
import * as oidc from 'openid-client'

import { isLoopback, settings } from '@/lib/platform/env'

import type { Flow, Provider, Proof } from './schema'

/** The provider could not be asked: it is away, or doesn't answer as OpenID Connect has it. */
export class ProviderAway extends Error {
  override readonly name = 'ProviderAway'
}

/** What came back from the provider proves nothing: a check of OpenID Connect failed. */
export class ProofRefused extends Error {
  override readonly name = 'ProofRefused'
}

const SECONDS_TO_ANSWER = 8
const DISCOVERY_KEPT_MS = 10 * 60_000

type Kept = { readonly until: number; readonly configuration: Promise<oidc.Configuration> }
const discovered = new Map<string, Kept>()

/** Where the provider sends the browser back to; registered there once. */
export function callbackAddress(): string {
  return `${settings.publicOrigin}/sign-in/agency/callback`
}

/**
 * Begins a sign-in at the provider: the address to send the browser to, and what has to be known again when it comes
 * back. Authorization code with PKCE (S256), state and nonce (RFC 9700; OpenID Connect Core 3.1). With `fresh` the
 * provider has to ask its member anew. Throws `ProviderAway`.
 */
export async function beginFlow(
  provider: Provider,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<{ readonly address: string; readonly flow: Flow }> {
  const configuration = await configurationOf(provider)
  const flow = {
    agency: provider.agency,
    verifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    fresh,
  }
  const address = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: callbackAddress(),
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: 'S256',
    state: flow.state,
    nonce: flow.nonce,
    ...(provider.strongAcr.length > 0 ? { acr_values: provider.strongAcr.join(' ') } : {}),
    ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
  })
  return { address: address.href, flow }
}

/**
 * Ends it: takes the code to the provider and checks what it says of its member. Signature, issuer, audience, authorized
 * party, times and nonce of the ID token, the state and the issuer of the answer, and, where a fresh proof was asked
 * for, when it was given. Who it is are issuer and subject, and never an e-mail address (requirement A10).
 *
 * Throws `ProofRefused` and `ProviderAway`.
 */
export async function endFlow(provider: Provider, flow: Flow, answer: URL): Promise<Proof> {
  const configuration = await configurationOf(provider)
  // Behind a proxy the request's own address isn't the one that the provider knows.
  const returned = new URL(callbackAddress())
  returned.search = answer.search
  try {
    const tokens = await oidc.authorizationCodeGrant(configuration, returned, {
      pkceCodeVerifier: flow.verifier,
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      idTokenExpected: true,
      ...(flow.fresh ? { maxAge: FRESH_SECONDS } : {}),
    })
    const claims = tokens.claims()
    if (claims === undefined) throw new ProofRefused('The provider gave no ID token')
    return { issuer: claims.iss, subject: claims.sub, strength: strengthOf(provider, claims) }
  } catch (error) {
    throw isAway(error) ? new ProviderAway('The provider does not answer', { cause: error }) : refusedBy(error)
  }
}

/** How old a proof may be that was asked for anew. */
const FRESH_SECONDS = 300

/** 2 where the provider says that more than a password was asked for, in one of the ways its agency accepts; else 1. */
function strengthOf(provider: Provider, claims: oidc.IDToken): 1 | 2 {
  const { acr, amr } = claims as { readonly acr?: unknown; readonly amr?: unknown }
  const means: readonly unknown[] = Array.isArray(amr) ? amr : []
  const byLevel = typeof acr === 'string' && provider.strongAcr.includes(acr)
  return byLevel || means.some((one) => typeof one === 'string' && provider.strongAmr.includes(one)) ? 2 : 1
}

function configurationOf(provider: Provider): Promise<oidc.Configuration> {
  const key = JSON.stringify([provider.issuer, provider.clientId, provider.clientSecret])
  const kept = discovered.get(key)
  if (kept !== undefined && kept.until > Date.now()) return kept.configuration
  const configuration = discover(provider)
  discovered.set(key, { until: Date.now() + DISCOVERY_KEPT_MS, configuration })
  // A failure is not kept: the next try asks again.
  configuration.catch(() => discovered.delete(key))
  return configuration
}

async function discover(provider: Provider): Promise<oidc.Configuration> {
  const issuer = new URL(provider.issuer)
  const client = provider.clientSecret === null ? oidc.None() : oidc.ClientSecretBasic(provider.clientSecret)
  // Plain http only where nobody is on the way, as for our own origin: for trying and for tests.
  const plain = issuer.protocol === 'http:' && isLoopback(issuer.hostname) && !settings.secureCookies
  // Without the signature check a code flow trusts the line to the provider alone.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that nobody takes it for granted; only on this computer
  const execute = [oidc.enableNonRepudiationChecks, ...(plain ? [oidc.allowInsecureRequests] : [])]
  try {
    return await oidc.discovery(issuer, provider.clientId, {}, client, { execute, timeout: SECONDS_TO_ANSWER })
  } catch (error) {
    throw new ProviderAway('The provider can not be found', { cause: error })
  }
}

function refusedBy(error: unknown): ProofRefused {
  return error instanceof ProofRefused ? error : new ProofRefused('The proof does not hold', { cause: error })
}

/** Whether the line or the provider failed, rather than what it said. */
function isAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return error instanceof TypeError || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM'
}
