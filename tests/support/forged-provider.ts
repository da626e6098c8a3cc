import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose'

/** What an ID token is made of, each part as a provider would have it unless a test says otherwise. */
export type Forgery = {
  readonly claims?: (honest: JWTPayload) => JWTPayload
  readonly header?: { readonly alg?: string; readonly kid?: string }
  /** Signs with this in place of the provider's own key. */
  readonly key?: CryptoKey | Uint8Array
  /** The finished token, for faults that no signer makes. */
  readonly token?: (honest: string) => string
  /** The whole answer of the token endpoint. */
  readonly answer?: (honest: Record<string, unknown>) => Record<string, unknown>
  readonly status?: number
}

export type ForgedProvider = {
  readonly issuer: string
  /** What the next token is like. */
  forge(forgery: Forgery): void
  /** The answer that the browser would carry back for this authorization address. */
  answerTo(address: string, change?: (answer: URL) => void): URL
  readonly seen: { verifier: string | null; challenge: string | null }
  stop(): Promise<void>
}

/** A provider whose tokens can be wrong in any way: what no well-kept provider can be made to issue. */
export async function startForgedProvider(clientId: string): Promise<ForgedProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  let forgery: Forgery = {}
  const seen: ForgedProvider['seen'] = { verifier: null, challenge: null }
  let nonce: string | null = null
  let issuer = ''

  const tokens = async (): Promise<Record<string, unknown>> => {
    const now = Math.floor(Date.now() / 1000)
    const honest = { iss: issuer, sub: 'subject-1', aud: clientId, iat: now, exp: now + 300, auth_time: now, nonce }
    const claims = forgery.claims?.(honest) ?? honest
    const header = { alg: 'RS256', kid: 'k1', ...forgery.header }
    const signed = await new SignJWT(claims).setProtectedHeader(header).sign(forgery.key ?? privateKey)
    const idToken = forgery.token?.(signed) ?? signed
    const answer = { access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token: idToken }
    return forgery.answer?.(answer) ?? answer
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const send = (body: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (pathname === '/.well-known/openid-configuration') {
      send({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        authorization_response_iss_parameter_supported: true,
        code_challenge_methods_supported: ['S256'],
      })
    } else if (pathname === '/keys') send({ keys: [jwk] })
    else if (pathname === '/token') {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        seen.verifier = new URLSearchParams(body).get('code_verifier')
        void tokens().then((answer) => {
          send(answer, forgery.status)
        })
      })
    } else send({}, 404)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`

  return {
    get issuer() {
      return issuer
    },
    forge: (next) => {
      forgery = next
    },
    answerTo: (address, change) => {
      const asked = new URL(address).searchParams
      nonce = asked.get('nonce')
      seen.challenge = asked.get('code_challenge')
      const answer = new URL(asked.get('redirect_uri') ?? '')
      answer.searchParams.set('code', 'a-code')
      answer.searchParams.set('state', asked.get('state') ?? '')
      answer.searchParams.set('iss', issuer)
      change?.(answer)
      return answer
    },
    seen,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
