import 'server-only'
import type { RequestOrigin } from '@/lib/access/actor'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { appClient } from '@/lib/platform/db/client'

import { openClientSecret } from '@/lib/platform/crypto/client-secret'
import type { OwnProviderView, Proof, Provider } from './schema'

export type FoundProvider = Provider & { readonly agencyKey: string; readonly agencyName: string }

/** Whether any agency has a provider. */
export async function hasAnyProvider(): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ any: boolean }[]>`SELECT app.has_providers() AS any`
  return rows[0]?.any === true
}

/** An agency's provider, by the agency's key or id. */
export async function findProvider(
  by: { readonly key: string } | { readonly id: string },
): Promise<FoundProvider | null> {
  const [key, id] = 'key' in by ? [by.key, null] : [null, by.id]
  const rows = await appClient().$queryRaw<
    {
      agency: string
      agency_key: string
      agency_name: string
      issuer: string
      client_id: string
      client_secret: Uint8Array | null
      strong_acr: string[]
      strong_amr: string[]
    }[]
  >`SELECT * FROM app.find_provider(${key}, ${id}::uuid)`
  const row = rows[0]
  if (row === undefined) return null
  return {
    agency: row.agency,
    agencyKey: row.agency_key,
    agencyName: row.agency_name,
    issuer: row.issuer,
    clientId: row.client_id,
    clientSecret: row.client_secret === null ? null : openClientSecret(row.agency, row.client_secret),
    strongAcr: row.strong_acr,
    strongAmr: row.strong_amr,
  }
}

/** The key of the agency that an invitation is of; null when the invitation doesn't hold. */
export async function findInvitingAgency(invitation: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const rows = await appClient().$queryRaw<{ key: string | null }[]>`SELECT app.inviting_agency(${invitation}) AS key`
  return rows[0]?.key ?? null
}

/** Starts a session of whoever is linked to the proof; false when nobody is. */
export async function startProven(
  agency: string,
  proof: Proof,
  session: Uint8Array<ArrayBuffer>,
  origin: RequestOrigin,
): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ done: boolean }[]>`
    SELECT app.sign_in_with_provider(${agency}::uuid, ${proof.issuer}, ${proof.subject}, ${proof.strength}::int, ${session},
      ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}

/** Joins by an invitation as whom the provider has proven, and starts the session. */
export async function markJoined(
  invitation: Uint8Array<ArrayBuffer>,
  agency: string,
  proof: Proof,
  session: Uint8Array<ArrayBuffer>,
  origin: RequestOrigin,
): Promise<'ok' | 'gone' | 'taken'> {
  const rows = await appClient().$queryRaw<{ answer: 'ok' | 'gone' | 'taken' }[]>`
    SELECT app.join_with_provider(${invitation}, ${agency}::uuid, ${proof.issuer}, ${proof.subject}, ${proof.strength}::int,
      ${session}, ${JSON.stringify(origin)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'gone'
}

/** Gives the session a new id and makes it fresh; false when it is over or the proof is not its member's. */
export async function markConfirmed(
  session: { readonly old: Uint8Array<ArrayBuffer>; readonly renewed: Uint8Array<ArrayBuffer> },
  agency: string,
  proof: Proof,
  origin: RequestOrigin,
): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ done: boolean }[]>`
    SELECT app.confirm_with_provider(${session.old}, ${session.renewed}, ${agency}::uuid, ${proof.issuer}, ${proof.subject},
      ${proof.strength}::int, ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}

/** The provider of the actor's agency and the actor's link to it; null where the agency has none. */
export async function findOwnProvider(tx: ActorTx): Promise<OwnProviderView | null> {
  const rows = await tx.$queryRaw<
    { agency_key: string; issuer: string; linked_at: Date | null; has_password: boolean }[]
  >`SELECT * FROM app.own_provider()`
  const row = rows[0]
  if (row === undefined) return null
  return {
    agencyKey: row.agency_key,
    host: new URL(row.issuer).host,
    linkedAt: row.linked_at,
    hasPassword: row.has_password,
  }
}

export type LinkAnswer = 'ok' | 'stale' | 'taken' | 'gone' | 'last_way'

export async function markLinked(tx: ActorTx, agency: string, proof: Proof): Promise<LinkAnswer> {
  const rows = await tx.$queryRaw<{ answer: LinkAnswer }[]>`
    SELECT app.link_identity(${agency}::uuid, ${proof.issuer}, ${proof.subject}, ${originText(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'gone'
}

export async function markUnlinked(tx: ActorTx): Promise<LinkAnswer> {
  const rows = await tx.$queryRaw<
    { answer: LinkAnswer }[]
  >`SELECT app.unlink_identity(${originText(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'gone'
}

function originText(tx: ActorTx): string {
  return JSON.stringify(actorOf(tx).origin ?? {})
}
