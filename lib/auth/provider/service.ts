import 'server-only'
import type { Actor, RequestOrigin } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { log } from '@/lib/platform/log'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import {
  findInvitingAgency,
  findOwnProvider,
  findProvider,
  hasAnyProvider,
  markConfirmed,
  markJoined,
  markLinked,
  markUnlinked,
  startProven,
  type LinkAnswer,
} from './data'
import { beginFlow, endFlow, ProofRefused, ProviderAway } from './protocol'
import type { Journey, OwnProviderView, Proof, Purpose } from './schema'

/**
 * Begins a way to the provider of an agency, by the agency's short name. Refuses with `invalid` an agency that has none
 * or isn't there, which is the same, and `unavailable` while the provider doesn't answer.
 */
export async function beginAtProvider(agencyKey: string, purpose: Purpose, next: string): Promise<Result<Journey>> {
  const provider = await findProvider({ key: agencyKey })
  if (provider === null) return refuse('invalid', undefined, { agency: ['auth.provider.agency.unknown'] })
  try {
    // Whoever links or confirms has to show it anew: that a session lives over there proves nothing about who sits here.
    const fresh = purpose === 'link' || purpose === 'confirm'
    return ok({ purpose, next, ...(await beginFlow(provider, { fresh })) })
  } catch (error) {
    if (error instanceof ProviderAway) return away(error)
    throw error
  }
}

/** Whether any agency has a place of its own to sign in. */
export function hasProviders(): Promise<boolean> {
  return hasAnyProvider()
}

/** Whether the agency that invites has one. */
export async function joinsThroughProvider(invitation: string): Promise<boolean> {
  const agency = await findInvitingAgency(digestOf(invitation))
  return agency !== null && (await findProvider({ key: agency })) !== null
}

/** Begins it for whoever holds an invitation: at the provider of the agency that invites. Refuses as `beginAtProvider` does. */
export async function beginToJoin(invitation: string | null): Promise<Result<Journey>> {
  const agency = invitation === null ? null : await findInvitingAgency(digestOf(invitation))
  return agency === null ? refuse('not_found', 'invitation_gone') : beginAtProvider(agency, 'join', '/')
}

/** Begins it for a member, to link themselves or to confirm; the link needs a fresh session. Refuses as the others do. */
export async function beginAsMember(actor: Actor, purpose: 'link' | 'confirm', next: string): Promise<Result<Journey>> {
  const own = await withActor(actor, async (tx) => {
    const unproven = purpose === 'link' ? await requireFresh(tx) : null
    if (unproven !== null) return unproven
    const provider = await findOwnProvider(tx)
    return provider === null || (purpose === 'confirm' && provider.linkedAt === null)
      ? refuse('not_found')
      : ok(provider)
  })
  return own.ok ? beginAtProvider(own.value.agencyKey, purpose, next) : own
}

/** The provider of the actor's agency and their link to it; null where the agency has none. */
export async function viewOwnProvider(actor: Actor): Promise<Result<OwnProviderView | null>> {
  return withActor(actor, async (tx) => ok(await findOwnProvider(tx)))
}

/** Takes the actor's link off. Refuses with `step_up_required`, and `conflict` where it is their only way in. */
export async function unlinkProvider(actor: Actor): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => linkRefusal(await markUnlinked(tx)) ?? ok())
}

/** What the browser has with it when it comes back from the provider. */
export type Returned = {
  readonly journey: Journey
  readonly answer: URL
  readonly invitation: string | null
  readonly actor: Actor | null
  readonly origin: RequestOrigin
}

/**
 * Ends a way to the provider: checks what it says and does what the way was for. A session that it starts or renews is
 * given back by its id.
 *
 * Refuses with `forbidden` a proof that doesn't hold (`proof_refused`) or is nobody's (`nobody_linked`), `conflict` one
 * that is another member's (`identity_taken`), `not_found` an invitation that doesn't hold, `unavailable` while the
 * provider doesn't answer, and `step_up_required` a link whose session isn't fresh any more.
 */
export async function endAtProvider(returned: Returned): Promise<Result<{ readonly session?: string }>> {
  const { journey, answer } = returned
  const provider = await findProvider({ id: journey.flow.agency })
  if (provider === null) return refuse('forbidden', 'proof_refused')
  try {
    return await use(await endFlow(provider, journey.flow, answer), returned)
  } catch (error) {
    if (error instanceof ProviderAway) return away(error)
    if (!(error instanceof ProofRefused)) throw error
    log.warn({ err: error }, 'a proof of an identity provider was refused')
    return refuse('forbidden', 'proof_refused')
  }
}

async function use(proof: Proof, returned: Returned): Promise<Result<{ readonly session?: string }>> {
  const { journey, actor, origin } = returned
  const agency = journey.flow.agency
  const session = newSecret()
  switch (journey.purpose) {
    case 'sign_in':
      return (await startProven(agency, proof, digestOf(session), origin))
        ? ok({ session })
        : refuse('forbidden', 'nobody_linked')
    case 'join':
      return join(proof, returned, session)
    case 'confirm': {
      if (actor?.credential.kind !== 'session') return refuse('forbidden', 'proof_refused')
      const ids = { old: actor.credential.hash, renewed: digestOf(session) }
      return (await markConfirmed(ids, agency, proof, origin)) ? ok({ session }) : refuse('forbidden', 'proof_refused')
    }
    case 'link':
      if (actor === null) return refuse('forbidden', 'proof_refused')
      return withActor(actor, async (tx) => linkRefusal(await markLinked(tx, agency, proof)) ?? ok({}))
  }
}

async function join(
  proof: Proof,
  { journey, invitation, origin }: Returned,
  session: string,
): Promise<Result<{ readonly session?: string }>> {
  if (invitation === null) return refuse('not_found', 'invitation_gone')
  const answer = await markJoined(digestOf(invitation), journey.flow.agency, proof, digestOf(session), origin)
  if (answer === 'taken') return refuse('conflict', 'identity_taken')
  return answer === 'ok' ? ok({ session }) : refuse('not_found', 'invitation_gone')
}

function linkRefusal(answer: LinkAnswer): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'stale':
      return refuse('step_up_required')
    case 'taken':
      return refuse('conflict', 'identity_taken')
    case 'last_way':
      return refuse('conflict', 'last_way_in')
    case 'gone':
      return refuse('not_found')
  }
}

function away(error: ProviderAway): Refused {
  log.warn({ err: error }, 'an identity provider does not answer')
  return refuse('unavailable', 'provider_away')
}
