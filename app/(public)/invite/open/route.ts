import { NextResponse, type NextRequest } from 'next/server'
import { keepLink } from '@/lib/auth/link-cookie'

/**
 * Where an invitation's link leads. The secret goes from the address into a cookie at once, so that it stays in no
 * history, no referrer and no second log line. Opening the link uses nothing up: mail scanners open links too.
 */
export async function GET(request: NextRequest): Promise<Response> {
  await keepLink('invitation', request.nextUrl.searchParams.get('token'))
  return new NextResponse(null, {
    status: 303,
    headers: { Location: '/invite', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' },
  })
}
