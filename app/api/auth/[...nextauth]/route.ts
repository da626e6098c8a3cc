import NextAuth from 'next-auth'
import type { NextRequest } from 'next/server'

import { nextAuthOptions } from '@/lib/auth/next-auth'
import { hasOwnOrigin } from '@/lib/forms/require-origin'

type Context = RouteContext<'/api/auth/[...nextauth]'>

/**
 * What of next-auth this application uses. Its other addresses show pages of its own making, or let anybody write into
 * the log.
 */
const ADDRESSES: Readonly<Record<'GET' | 'POST', readonly string[]>> = {
  GET: ['csrf', 'session', 'providers', 'signin', 'signout', 'error'],
  POST: ['session', 'signin/credentials', 'callback/credentials', 'signout'],
}

export async function GET(request: NextRequest, context: Context): Promise<Response> {
  return answer(request, context)
}

export async function POST(request: NextRequest, context: Context): Promise<Response> {
  if (!(await hasOwnOrigin())) return new Response(null, { status: 403, headers: { 'Cache-Control': 'no-store' } })
  return answer(request, context)
}

async function answer(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params
  if (!ADDRESSES[request.method === 'POST' ? 'POST' : 'GET'].includes(nextauth.join('/'))) {
    return new Response(null, { status: 404, headers: { 'Cache-Control': 'no-store' } })
  }
  const response = (await NextAuth(request, context, nextAuthOptions())) as Response
  response.headers.set('Cache-Control', 'no-store')
  return response
}
