import { NextResponse } from 'next/server'
import { requireActor } from '@/lib/auth/require-actor'
import { hasOwnOrigin } from '@/lib/forms/require-origin'
import { searchPersonInput } from '@/lib/people/schema'
import { keepSearch, pageOfCode } from '@/lib/people/search-service'

/** Where the search field in the header posts: a code leads to its record, anything else to a sealed search. */
export async function POST(request: Request): Promise<Response> {
  if (!(await hasOwnOrigin())) return new Response(null, { status: 403 })
  const actor = await requireActor()
  const typed = (await request.formData()).get('query')
  const parsed = searchPersonInput.safeParse({ query: typed })
  if (!parsed.success) return seeOther('/persons/find')
  const page = pageOfCode(parsed.data.query)
  if (page !== null) return seeOther(page)
  const kept = await keepSearch(actor, parsed.data)
  return seeOther(kept.ok ? `/persons/find/${kept.value}` : '/persons/find')
}

function seeOther(path: string): Response {
  // A relative address: behind a proxy the server does not know its own name.
  return new NextResponse(null, { status: 303, headers: { Location: path, 'Cache-Control': 'no-store' } })
}
