import { NextResponse, type NextRequest } from 'next/server'
import { hasOwnOrigin } from '@/lib/forms/require-origin'
import { isLocale, LOCALE_COOKIE } from '@/lib/i18n/locale'
import { settings } from '@/lib/platform/env'

const ONE_YEAR = 365 * 24 * 60 * 60

/** Remembers the language of someone who isn't signed in, and goes back to the page that asked. */
export async function POST(request: NextRequest): Promise<Response> {
  if (!(await hasOwnOrigin())) return new Response(null, { status: 403 })
  const wanted = (await request.formData()).get('locale')
  const response = new NextResponse(null, {
    status: 303,
    headers: { location: pathOf(request.headers.get('referer')), 'cache-control': 'no-store' },
  })
  if (typeof wanted === 'string' && isLocale(wanted)) {
    response.cookies.set(LOCALE_COOKIE, wanted, {
      path: '/',
      maxAge: ONE_YEAR,
      sameSite: 'lax',
      httpOnly: true,
      secure: settings.secureCookies,
    })
  }
  return response
}

function pathOf(referrer: string | null): string {
  if (referrer === null || !URL.canParse(referrer)) return '/'
  const { pathname, search } = new URL(referrer)
  return pathname.startsWith('//') ? '/' : pathname + search
}
