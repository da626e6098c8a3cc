import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { networkSettings, type LegalBasis, type Purpose } from '@/lib/agencies/network-schema'
import type { CategoryKey } from '@/lib/mandate/categories'

import type { IdentityLevel } from '../fields'
import type { ReceiverKind } from '../schema'
import type { AllowedBases, SetBasisInput } from './schema'

export type BasisRow = {
  readonly id: string
  readonly code: string
  readonly purpose: Purpose
  readonly agencyKind: ReceiverKind | null
  readonly basis: LegalBasis
  readonly categories: readonly CategoryKey[]
  readonly identity: IdentityLevel
  readonly source: string
  readonly by: string | null
  readonly setAt: Date
}

/** What the actor's agency has said that it rests on, the latest first. */
export function listBasisRows(tx: ActorTx): Promise<readonly BasisRow[]> {
  return tx.$queryRaw<BasisRow[]>`
    SELECT b.id, b.code, b.purpose, b.to_kind AS "agencyKind", b.basis, b.categories, b.identity, b.source, m.display_name AS by,
      b.set_at AS "setAt"
    FROM lawful_basis b LEFT JOIN member m ON m.id = b.set_by_id WHERE b.agency_id = ${actorOf(tx).agency}::uuid
    ORDER BY b.set_at DESC, b.id DESC LIMIT 500`
}

/** What the actor's network lets its agencies rest on. */
export async function findAllowed(tx: ActorTx): Promise<AllowedBases> {
  const network = await tx.network.findUnique({ where: { id: actorOf(tx).network }, select: { settings: true } })
  return networkSettings.parse(network?.settings ?? {}).legalBases
}

export type BasisAnswer = 'ok' | 'forbidden' | 'step_up_required'

/** The code of what was just written down. */
export async function findBasisCode(tx: ActorTx, id: string): Promise<string> {
  const { code } = await tx.lawfulBasis.findUniqueOrThrow({ where: { id }, select: { code: true } })
  return code
}

/** Writes down what the agency rests on from now on; the database checks the administrator once more. */
export async function insertBasis(tx: ActorTx, id: string, input: SetBasisInput): Promise<BasisAnswer> {
  const rows = await tx.$queryRaw<{ answer: BasisAnswer }[]>`
    SELECT app.set_lawful_basis(${id}::uuid, ${input.purpose}, ${input.agencyKind ?? null}::text, ${input.basis},
      ${[...new Set(input.categories)]}::text[], ${input.identity}, ${input.source},
      ${JSON.stringify(actorOf(tx).origin ?? {})}::jsonb) AS answer`
  return rows[0]?.answer ?? 'forbidden'
}
