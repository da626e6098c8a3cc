import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export type RunningProvider = { readonly issuer: string; readonly stop: () => Promise<void> }

/** The client that we are at the provider. */
export const CLIENT = { id: 'amparo', secret: 'a-client-secret-of-a-test-0123456789abcdef' }

/**
 * A real OpenID provider on this computer, whose members sign in with any name: the name is the subject. It requires
 * PKCE, and says in `amr` that a second factor was asked for.
 */
export async function startIdentityProvider(callback: string): Promise<RunningProvider> {
  const server: Server = await new Promise((resolve) => {
    const early = new Provider('http://127.0.0.1:1', { clients: [] }).listen(0, '127.0.0.1', () => {
      resolve(early)
    })
  })
  // The port is known only once it is taken; the provider has to know it from the start.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const issuer = `http://127.0.0.1:${String(port)}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [callback] }],
    pkce: { required: () => true },
    acrValues: ['urn:example:two-factors'],
    claims: { openid: ['sub'], acr: null, amr: null, auth_time: null },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, amr: ['pwd', 'mfa'] }) }),
  })
  const running: Server = await new Promise((resolve) => {
    const started = provider.listen(port, '127.0.0.1', () => {
      resolve(started)
    })
  })
  return {
    issuer,
    stop: async () => {
      running.closeAllConnections()
      await new Promise((resolve) => running.close(resolve))
    },
  }
}
