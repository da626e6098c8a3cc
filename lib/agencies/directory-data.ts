import type { ActorTx } from '@/lib/access/with-actor'

import type { AgencyView } from './directory-schema'

const SELECT = { key: true, name: true, kind: true, country: true, timeZone: true } as const

type Row = { key: string; name: string; kind: string; country: string; timeZone: string }

/** Agencies by key, those after `after` first; one more than `limit` when there are more. */
export async function listAgencyRows(tx: ActorTx, after: string | null, limit: number): Promise<AgencyView[]> {
  const rows = await tx.agency.findMany({
    where: after === null ? {} : { key: { gt: after } },
    orderBy: { key: 'asc' },
    take: limit + 1,
    select: SELECT,
  })
  return rows.map(viewOf)
}

export async function findAgency(tx: ActorTx, key: string): Promise<AgencyView | null> {
  const row = await tx.agency.findUnique({ where: { key }, select: SELECT })
  // The row is checked to be the one that was asked for (a fault of prisma's batching is still open).
  return row?.key === key ? viewOf(row) : null
}

function viewOf({ key, ...rest }: Row): AgencyView {
  return { code: key, ...rest }
}
