import 'server-only'
import { originOf, type ActorTx } from '@/lib/access/with-actor'

import type {
  AdministeredAgencyView,
  CreateAgencyInput,
  CreatePaperAgencyInput,
  NetworkView,
} from './administration-schema'

export type AgencyAnswer = 'ok' | 'forbidden' | 'kind' | 'network' | 'zone' | 'key_taken'

const SELECT = {
  id: true,
  key: true,
  name: true,
  kind: true,
  country: true,
  timeZone: true,
  createdAt: true,
  contact: true,
  network: { select: { name: true } },
} as const

type Row = {
  id: string
  key: string
  name: string
  kind: string
  country: string
  timeZone: string
  createdAt: Date
  contact: string | null
  network: { name: string }
}

/** Every agency but the operator's own, by name. */
export async function listAdministered(tx: ActorTx): Promise<AdministeredAgencyView[]> {
  const rows = await tx.agency.findMany({
    where: { kind: { not: 'operator' } },
    orderBy: { name: 'asc' },
    select: SELECT,
  })
  const bare = await listUnadministered(tx)
  return rows.map((row) => viewOf(row, bare))
}

export async function findAdministered(
  tx: ActorTx,
  key: string,
): Promise<(AdministeredAgencyView & { readonly id: string }) | null> {
  const row = await tx.agency.findUnique({ where: { key }, select: SELECT })
  if (row?.key !== key || row.kind === 'operator') return null
  return { id: row.id, ...viewOf(row, await listUnadministered(tx)) }
}

export async function listNetworks(tx: ActorTx): Promise<NetworkView[]> {
  return tx.network.findMany({ orderBy: { name: 'asc' }, select: { key: true, name: true } })
}

export async function findNetworkId(tx: ActorTx, key: string): Promise<string | null> {
  return (await tx.network.findUnique({ where: { key }, select: { id: true } }))?.id ?? null
}

/** Makes an agency with its two keys. */
export async function insertAgency(
  tx: ActorTx,
  agency: Omit<CreateAgencyInput, 'administrator' | 'network'> & { readonly id: string; readonly networkId: string },
  wrapped: { readonly data: Uint8Array<ArrayBuffer>; readonly index: Uint8Array<ArrayBuffer> },
): Promise<AgencyAnswer> {
  const rows = await tx.$queryRaw<{ answer: AgencyAnswer }[]>`
    SELECT app.create_agency(${agency.id}::uuid, ${agency.key}, ${agency.name}, ${agency.kind}, ${agency.networkId}::uuid,
      ${agency.country}, ${agency.timeZone}, ${wrapped.data}, ${wrapped.index}, ${originOf(tx)}::jsonb) AS answer`
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('Making an agency gives one answer')
  return answer
}

/** Adds an agency without Amparo, with keys for the day on which it joins. */
export async function insertPaperAgency(
  tx: ActorTx,
  agency: Omit<CreatePaperAgencyInput, 'network'> & { readonly id: string; readonly networkId: string },
  wrapped: { readonly data: Uint8Array<ArrayBuffer>; readonly index: Uint8Array<ArrayBuffer> },
): Promise<AgencyAnswer> {
  const rows = await tx.$queryRaw<{ answer: AgencyAnswer }[]>`
    SELECT app.create_paper_agency(${agency.id}::uuid, ${agency.key}, ${agency.name}, ${agency.kind}, ${agency.networkId}::uuid,
      ${agency.country}, ${agency.timeZone}, ${agency.contact}, ${wrapped.data}, ${wrapped.index}, ${originOf(tx)}::jsonb) AS answer`
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('Making an agency gives one answer')
  return answer
}

async function listUnadministered(tx: ActorTx): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM app.unadministered_agencies() AS id`
  return new Set(rows.map(({ id }) => id))
}

function viewOf({ id, createdAt, network, ...plain }: Row, bare: ReadonlySet<string>): AdministeredAgencyView {
  return { ...plain, network: network.name, since: createdAt, hasAdministrator: !bare.has(id) }
}
