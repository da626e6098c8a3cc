import 'server-only'
import { originOf, type ActorTx } from '@/lib/access/with-actor'

import type { ProviderView } from './provider-schema'

export type ProviderAnswer = 'ok' | 'forbidden' | 'unproven' | 'changed'

export async function findProviderOf(tx: ActorTx, agency: string): Promise<ProviderView | null> {
  const rows = await tx.$queryRaw<
    {
      issuer: string
      client_id: string
      has_secret: boolean
      strong_acr: string[]
      strong_amr: string[]
      version: number
      linked: number
    }[]
  >`SELECT * FROM app.view_provider(${agency}::uuid)`
  const row = rows[0]
  if (row === undefined) return null
  const { client_id: clientId, has_secret: hasSecret, strong_acr: strongAcr, strong_amr: strongAmr, ...plain } = row
  return { ...plain, clientId, hasSecret, strongAcr, strongAmr }
}

export type NewProvider = {
  readonly agency: string
  readonly version: number
  readonly issuer: string
  readonly clientId: string
  /** Sealed; null leaves the one that is there. */
  readonly clientSecret: Uint8Array<ArrayBuffer> | null
  readonly strongAcr: readonly string[]
  readonly strongAmr: readonly string[]
}

export async function writeProvider(tx: ActorTx, given: NewProvider): Promise<ProviderAnswer> {
  const rows = await tx.$queryRaw<{ answer: ProviderAnswer }[]>`
    SELECT app.set_provider(${given.agency}::uuid, ${given.version}::int, ${given.issuer}, ${given.clientId}, ${given.clientSecret},
      ${[...given.strongAcr]}::text[], ${[...given.strongAmr]}::text[], ${originOf(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'forbidden'
}

export async function deleteProvider(tx: ActorTx, agency: string, version: number): Promise<ProviderAnswer> {
  const rows = await tx.$queryRaw<{ answer: ProviderAnswer }[]>`
    SELECT app.remove_provider(${agency}::uuid, ${version}::int, ${originOf(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'forbidden'
}
