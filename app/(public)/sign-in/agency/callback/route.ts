import { NextResponse, type NextRequest } from 'next/server'
import { firstPage } from '@/components/layout/navigation'
import { identify } from '@/lib/access/identify'
import { forgetLink, readLink } from '@/lib/auth/link-cookie'
import { forgetJourney, readJourney } from '@/lib/auth/provider/journey-cookie'
import { endAtProvider } from '@/lib/auth/provider/service'
import { requestOrigin } from '@/lib/auth/request-origin'
import { currentActor } from '@/lib/auth/require-actor'
import { setSessionCookie } from '@/lib/auth/session-cookie'
import { endSession } from '@/lib/auth/sessions'
import { leaveFlash } from '@/lib/forms/flash'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import type { Refused } from '@/lib/platform/result'

/**
 * Where an agency's provider sends its member back to. What the browser set out for stands sealed in its own cookie;
 * an answer without one, or for another state, leads nowhere, so that nobody is signed in by a link that somebody sent.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const journey = await readJourney()
  if (journey === null) return to('/sign-in/agency/refused?why=late')
  await forgetJourney()
  const ended = await endAtProvider({
    journey,
    answer: new URL(request.url),
    invitation: await readLink('invitation'),
    actor: await currentActor(),
    origin: await requestOrigin(),
  })
  if (!ended.ok) return to(`/sign-in/agency/refused?why=${reasonOf(ended)}`)

  const { session } = ended.value
  if (journey.purpose === 'link') await leaveFlash({ message: 'auth.provider.linked' })
  if (journey.purpose === 'join') await forgetLink('invitation')
  if (session === undefined) return to(journey.next)
  // A session that this browser still had is over; one that was confirmed goes on under the new id.
  if (journey.purpose !== 'confirm') await endSession()
  await setSessionCookie(session)
  if (journey.next !== '/') return to(journey.next)
  const actor = await identify({ kind: 'session', hash: digestOf(session) })
  return to(actor === null ? '/' : firstPage(actor.roles))
}

function to(path: string): Response {
  return new NextResponse(null, {
    status: 303,
    headers: { Location: path, 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' },
  })
}

const REASONS: Readonly<Record<string, string>> = {
  proof_refused: 'proof',
  nobody_linked: 'nobody',
  identity_taken: 'taken',
  invitation_gone: 'invitation',
  provider_away: 'away',
}

function reasonOf(refused: Refused): string {
  if (refused.refusal === 'step_up_required') return 'unproven'
  return REASONS[refused.reason ?? ''] ?? 'proof'
}
