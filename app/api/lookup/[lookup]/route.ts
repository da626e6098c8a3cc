import type { NextRequest } from 'next/server'
import { z } from 'zod'
import { currentActor } from '@/lib/auth/require-actor'
import { hasOwnOrigin } from '@/lib/forms/require-origin'
import { isLookup, lookUp } from '@/lib/i18n/lookups'

const body = z.strictObject({ text: z.string().max(100) })
const headers = { 'cache-control': 'no-store' }

/** The hits of a combobox. By POST, since nothing that is typed may stand in an address; the lists hold no personal data. */
export async function POST(
  request: NextRequest,
  { params }: { readonly params: Promise<{ readonly lookup: string }> },
): Promise<Response> {
  if (!(await hasOwnOrigin())) return new Response(null, { status: 403, headers })
  const actor = await currentActor()
  if (actor === null) return new Response(null, { status: 401, headers })
  const { lookup } = await params
  const asked = body.safeParse(await request.json().catch(() => null))
  if (!isLookup(lookup)) return new Response(null, { status: 404, headers })
  if (!asked.success) return new Response(null, { status: 422, headers })
  return Response.json(lookUp(lookup, asked.data.text, actor.locale), { headers })
}
