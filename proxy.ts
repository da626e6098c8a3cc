import { NextResponse, type NextRequest } from 'next/server'
import { FORM_KEY_HEADER, FORM_KEY_PARAMETER } from '@/lib/forms/field-names'
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
  const { pathname, search } = request.nextUrl
  // The database takes no NUL, and no address of ours has one.
  if ((pathname + search).includes('%00') && !pathname.startsWith('/api/')) {
    return new Response(null, { status: 400, headers: { 'Cache-Control': 'no-store' } })
  }
  if (lacksFormKey(request)) return withFormKey(request)
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
  const form = formKeyOf(request)
  if (form === null) headers.delete(FORM_KEY_HEADER)
  else headers.set(FORM_KEY_HEADER, form)

  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', csp)
  for (const [name, value] of securityHeaders(settings.secureCookies)) response.headers.set(name, value)
  forgetFlash(request, response)
  return response
}

/** Pages whose form makes a record. An emergency access is no record to make twice: asking again finds the open one. */
const MAKES_RECORDS = /^(?!\/emergency-access\/).*\/(?:new|several)$/
const FORM_KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The key of the form on a page that makes a record, which stands in its address: going back after saving asks the
 * server for the page again, and only the address tells that it is the same form (docs/decisions/0030).
 */
function formKeyOf({ nextUrl }: NextRequest): string | null {
  const given = nextUrl.searchParams.get(FORM_KEY_PARAMETER) ?? ''
  return MAKES_RECORDS.test(nextUrl.pathname) && FORM_KEY.test(given) ? given : null
}

/** Whether the browser loads such a page as a whole, and without a key. A script that asks for it keeps the form itself. */
function lacksFormKey(request: NextRequest): boolean {
  return (
    request.method === 'GET' &&
    request.headers.get('sec-fetch-dest') === 'document' &&
    MAKES_RECORDS.test(request.nextUrl.pathname) &&
    formKeyOf(request) === null
  )
}

function withFormKey(request: NextRequest): Response {
  const address = request.nextUrl.clone()
  address.searchParams.set(FORM_KEY_PARAMETER, newId())
  const response = NextResponse.redirect(address)
  // Kept, it would give two visits of the page one key.
  response.headers.set('Cache-Control', 'no-store')
  for (const [name, value] of securityHeaders(settings.secureCookies)) response.headers.set(name, value)
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
