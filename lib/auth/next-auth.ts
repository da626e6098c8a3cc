import 'server-only'
import { headers } from 'next/headers'
import type { NextAuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'

import { identify } from '@/lib/access/identify'
import { log } from '@/lib/platform/log'
import { settings } from '@/lib/platform/env'
import { originOf, requestOrigin } from './request-origin'
import { signInInput } from './schema'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { cookieSecret } from './secrets'
import { COOKIE_SECONDS, cookieName, cookieOptions, sessionCookieName } from './session-cookie'
import { signIn, signOut } from './sign-in'

/**
 * next-auth as the front. Its cookie carries the id of a session of ours and nothing else; who that is, and whether it
 * still lives, our own table says. Its endpoints check through the same `signIn` and end through the same `signOut`.
 */
export function nextAuthOptions(): NextAuthOptions {
  const cookie = (name: string) => ({ name, options: cookieOptions() })
  return {
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: async (credentials) => {
          const input = signInInput.safeParse({ email: credentials?.email, password: credentials?.password })
          if (!input.success) return null
          const started = await signIn(input.data, { origin: originOf(await headers()) })
          // next-auth hands this on to the `jwt` callback below, in this request and nowhere else.
          return started.ok ? { id: started.value.session } : null
        },
      }),
    ],
    secret: cookieSecret(),
    session: { strategy: 'jwt', maxAge: COOKIE_SECONDS },
    useSecureCookies: settings.secureCookies,
    cookies: {
      sessionToken: cookie(sessionCookieName()),
      csrfToken: cookie(cookieName('csrf')),
      callbackUrl: cookie(cookieName('callback')),
    },
    pages: { signIn: '/sign-in', signOut: '/sign-out', error: '/sign-in' },
    callbacks: {
      jwt: async ({ token, user }) => {
        // There is a user at sign-in only, whatever the types say.
        const started = (user as typeof user | undefined)?.id
        if (started !== undefined) return { session: started }
        const session = token['session']
        const alive =
          typeof session === 'string' &&
          (await identify({ kind: 'session', hash: digestOf(session) }, await requestOrigin())) !== null
        // next-auth answers this by taking the cookie away.
        if (!alive) throw new Error('The session has ended')
        return { session }
      },
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        const session = (token as typeof token | null)?.['session']
        if (typeof session === 'string') await signOut(session, originOf(await headers()))
      },
    },
    logger: {
      error: (code) => {
        log.info({ code }, 'next-auth refused a request')
      },
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}
