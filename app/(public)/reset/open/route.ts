import { NextResponse, type NextRequest } from 'next/server'
import { keepLink } from '@/lib/auth/link-cookie'

/**
 * Where the link of a reset leads. The secret goes from the address into a cookie at once, so that it stays in no
 * history, no referrer and no second log line. Opening the link uses nothing up: mail scanners open links too.
 */
export async function GET(request: NextRequest): Promise<Response> {
  await keepLink('reset', request.nextUrl.searchParams.get('token'))
  return new NextResponse(null, {
    status: 303,
    headers: { Location: '/reset/set', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' },
  })
}
