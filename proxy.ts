import { NextResponse, type NextRequest } from 'next/server'
import { settings } from '@/lib/platform/env'
import { newId } from '@/lib/platform/ids'
import { contentSecurityPolicy, securityHeaders } from '@/lib/platform/security-headers'

/**
 * Gives each response its headers and each page its nonce. Nothing here decides who may see what: with this file gone,
 * every access test still passes (requirement W02).
 */
export function proxy(request: NextRequest): Response {
  // A browser that loads a page ahead of the press would put a look on record that nobody took (hard-parts 18).
  if ((request.headers.get('sec-purpose') ?? '').includes('prefetch')) {
    return new Response(null, { status: 503, headers: { 'Cache-Control': 'no-store' } })
  }
  const { pathname } = request.nextUrl
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64')
  const csp = contentSecurityPolicy({
    nonce: pathname.startsWith('/api/') ? null : nonce,
    https: settings.secureCookies,
    development: !settings.production,
  })

  const headers = new Headers(request.headers)
  // Next.js takes the nonce for its own scripts from this header, the root layout from the other.
  headers.set('Content-Security-Policy', csp)
  headers.set('x-nonce', nonce)
  // The server's own name for the request, under which it stands in the log (scripts/serve/watch.mjs).
  headers.set('x-request-id', request.headers.get('x-amparo-request') ?? newId())
  // Where sign-in leads back to.
  headers.set('x-amparo-path', pathname)

  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', csp)
  for (const [name, value] of securityHeaders(settings.secureCookies)) response.headers.set(name, value)
  forgetFlash(request, response)
  return response
}

/** A line that the last act left is shown on one page: without a script, the answer that shows it also takes it away. */
function forgetFlash(request: NextRequest, response: NextResponse): void {
  if (request.headers.get('sec-fetch-dest') !== 'document' || !request.cookies.has('flash')) return
  // Not through response.cookies, which would hide the cookie from this very page.
  response.headers.append('Set-Cookie', 'flash=; Path=/; Max-Age=0; SameSite=Lax')
}

export const config = {
  // Built files are served with headers of their own and the same for everybody.
  matcher: '/((?!_next/static/).*)',
}
