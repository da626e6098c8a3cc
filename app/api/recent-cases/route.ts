import { listCaseChoices } from '@/lib/assistance/services/form-service'
import { currentActor } from '@/lib/auth/require-actor'
import { hasOwnOrigin } from '@/lib/forms/require-origin'

const headers = { 'cache-control': 'no-store' }

/** How many of the member's last cases the palette knows by their codes. */
const LAST = 20

/** The cases that the member worked on last, for the palette when it opens: codes alone. By POST, since it is a look. */
export async function POST(): Promise<Response> {
  if (!(await hasOwnOrigin())) return new Response(null, { status: 403, headers })
  const actor = await currentActor()
  if (actor === null) return new Response(null, { status: 401, headers })
  const found = await listCaseChoices(actor, { limit: LAST })
  if (!found.ok) return new Response(null, { status: 403, headers })
  return Response.json(
    found.value.map(({ code, person }) => ({ code: person, href: `/cases/${code}` })),
    { headers },
  )
}
