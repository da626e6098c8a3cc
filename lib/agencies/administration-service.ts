import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { newKey, wrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import {
  findAdministered,
  findNetworkId,
  insertAgency,
  insertPaperAgency,
  listAdministered,
  listNetworks,
  type AgencyAnswer,
} from './administration-data'
import type {
  AdministeredAgencyView,
  AgencyAdministratorsView,
  CreateAgencyInput,
  CreatePaperAgencyInput,
  InviteAdministratorInput,
  NetworkView,
} from './administration-schema'
import { refusalOf } from './member-answers'
import { findMemberCode, insertInvited, listAdministratorsOf } from './member-data'
import { mayAdministerAgencies } from './member-policy'
import type { InvitationSecret } from './member-schema'
import { asksForFactor } from './member-security-data'

/** All agencies with who lacks an administrator, and the networks that a new one may join. */
export async function listAdministeredAgencies(
  actor: Actor,
): Promise<
  Result<{ readonly agencies: readonly AdministeredAgencyView[]; readonly networks: readonly NetworkView[] }>
> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const agencies = await listAdministered(tx)
    const networks = await listNetworks(tx)
    await record(tx, { type: 'agency.listed' })
    return ok({ agencies, networks })
  })
}

/** One agency with its administrators. Refuses with `forbidden` and `not_found`. */
export async function viewAdministeredAgency(actor: Actor, key: string): Promise<Result<AgencyAdministratorsView>> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const agency = await findAdministered(tx, key)
    if (agency === null) return refuse('not_found')
    const { id, ...view } = agency
    const administrators = await listAdministratorsOf(tx, id)
    const asks = await asksForFactor(tx, id)
    await record(tx, { type: 'agency.listed' })
    return ok({ ...view, administrators, asksForFactor: asks })
  })
}

/**
 * Makes an agency, its keys under the master key, and its first administrator, all or nothing.
 *
 * Refuses with `forbidden` anyone but a system administrator, `conflict` a key or an address that is taken, `invalid` a
 * network or time zone that isn't there.
 */
export async function createAgency(
  actor: Actor,
  input: CreateAgencyInput,
): Promise<Result<InvitationSecret & { readonly agency: string }>> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const { administrator, network, ...plain } = input
    const networkId = await findNetworkId(tx, network)
    if (networkId === null) return refusedAgency('network')
    const id = newId()
    const answer = await insertAgency(tx, { ...plain, id, networkId }, freshKeys(id))
    if (answer !== 'ok') return refusedAgency(answer)
    const invited = await inviteAdministratorIn(tx, id, administrator)
    if (!invited.ok) return underAdministrator(invited)
    return ok({ ...invited.value, agency: plain.key })
  })
}

/**
 * Adds an agency without Amparo to the directory: it can be referred to on paper, and nobody signs in there.
 *
 * Refuses as `createAgency` does.
 */
export async function createPaperAgency(
  actor: Actor,
  input: CreatePaperAgencyInput,
): Promise<Result<{ readonly agency: string }>> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const { network, ...plain } = input
    const networkId = await findNetworkId(tx, network)
    if (networkId === null) return refusedAgency('network')
    const id = newId()
    const answer = await insertPaperAgency(tx, { ...plain, id, networkId }, freshKeys(id))
    return answer === 'ok' ? ok({ agency: plain.key }) : refusedAgency(answer)
  })
}

function freshKeys(agency: string) {
  const wrap = (kind: 'data' | 'index') => Uint8Array.from(wrapAgencyKey(masterKeys(), kind, newKey(agency)))
  return { data: wrap('data'), index: wrap('index') }
}

/**
 * Invites the administrator of an agency that has none. Refuses with `conflict` where there is one, and `no_amparo` where
 * nobody signs in.
 */
export async function inviteAdministrator(
  actor: Actor,
  input: InviteAdministratorInput,
): Promise<Result<InvitationSecret>> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const agency = await findAdministered(tx, input.agency)
    if (agency === null) return refuse('not_found')
    if (agency.contact !== null) return refuse('conflict', 'no_amparo')
    return inviteAdministratorIn(tx, agency.id, input)
  })
}

async function inviteAdministratorIn(
  tx: ActorTx,
  agency: string,
  { email, name }: { readonly email: string; readonly name: string },
): Promise<Result<InvitationSecret>> {
  const secret = newSecret()
  const member = { id: newId(), agency, email, name, roles: ['agency_admin'], unit: null }
  const refused = refusalOf(await insertInvited(tx, member, digestOf(secret)))
  return refused ?? ok({ member: await findMemberCode(tx, member.id), secret })
}

function refusedAgency(answer: Exclude<AgencyAnswer, 'ok'>): Refused {
  switch (answer) {
    case 'forbidden':
      return refuse('forbidden')
    case 'key_taken':
      return refuse('conflict', 'key_taken', { key: ['agencies.agency.key.taken'] })
    case 'kind':
      return refuse('invalid', 'kind', { kind: ['agencies.agency.kind.required'] })
    case 'network':
      return refuse('invalid', 'network', { network: ['agencies.agency.network.required'] })
    case 'zone':
      return refuse('invalid', 'zone', { timeZone: ['agencies.agency.zone.required'] })
  }
}

/** The fields of the administrator stand in a group of their own on the form. */
function underAdministrator({ errors, ...refused }: Refused): Refused {
  if (errors === undefined) return refused
  const moved = Object.entries(errors).map(([path, keys]) => [`administrator.${path}`, keys] as const)
  return { ...refused, errors: Object.fromEntries(moved) }
}
