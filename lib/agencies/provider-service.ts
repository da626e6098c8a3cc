import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { sealClientSecret } from '@/lib/platform/crypto/client-secret'
import { isLoopback, settings } from '@/lib/platform/env'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { findAdministered } from './administration-data'
import { mayAdministerAgencies } from './member-policy'
import { deleteProvider, findProviderOf, writeProvider, type ProviderAnswer } from './provider-data'
import type { AgencyProviderView, RemoveProviderInput, SetProviderInput } from './provider-schema'

/** An agency's own place to sign in. Refuses with `forbidden` anyone but a system administrator, and `not_found`. */
export async function viewProvider(actor: Actor, agencyKey: string): Promise<Result<AgencyProviderView>> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const agency = await findAdministered(tx, agencyKey)
    if (agency === null) return refuse('not_found')
    const provider = await findProviderOf(tx, agency.id)
    await record(tx, { type: 'agency.listed', subject: agency.key })
    return ok({ agency: { key: agency.key, name: agency.name }, provider })
  })
}

/**
 * Sets where the members of an agency may sign in (OpenID Connect). The operator does this and not the agency: the
 * server goes to whatever address stands here (decision 0020).
 *
 * Refuses with `invalid` an issuer that is not https, unless it is on this computer and so are we, `stale` one that
 * changed meanwhile, and `step_up_required`.
 */
export async function setProvider(actor: Actor, input: SetProviderInput): Promise<Result<undefined>> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  if (!isSafe(input.issuer)) return refuse('invalid', undefined, { issuer: ['agencies.provider.issuer.not_valid'] })
  return withActor(actor, async (tx) => {
    const agency = await findAdministered(tx, input.agency)
    if (agency === null) return refuse('not_found')
    const { agency: _, clientSecret, ...plain } = input
    const secret = clientSecret === undefined || clientSecret === '' ? null : sealClientSecret(agency.id, clientSecret)
    return refusalOf(await writeProvider(tx, { ...plain, agency: agency.id, clientSecret: secret })) ?? ok()
  })
}

/** Takes it away; the sessions of those who are linked to it end. Refuses with `stale` and `step_up_required`. */
export async function removeProvider(actor: Actor, input: RemoveProviderInput): Promise<Result<undefined>> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const agency = await findAdministered(tx, input.agency)
    if (agency === null) return refuse('not_found')
    return refusalOf(await deleteProvider(tx, agency.id, input.version)) ?? ok()
  })
}

function isSafe(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || (isLoopback(hostname) && !settings.secureCookies)
}

function refusalOf(answer: ProviderAnswer): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'forbidden':
      return refuse('forbidden')
    case 'unproven':
      return refuse('step_up_required')
    case 'changed':
      return refuse('stale')
  }
}
