import { actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import { newId } from '@/lib/platform/ids'

import { keptFilters, type KeptFilters, type SavedView } from './schema'

/** The member's views, by name; what an older version kept and this one doesn't know is left out. */
export async function listSavedViews(tx: ActorTx): Promise<SavedView[]> {
  const rows = await tx.savedView.findMany({
    where: { agencyId: actorOf(tx).agency, memberId: actorOf(tx).member },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, filters: true },
  })
  return rows.flatMap(({ filters, ...row }) => {
    const parsed = keptFilters.safeParse(filters)
    return parsed.success ? [{ ...row, filters: parsed.data }] : []
  })
}

export function countSavedViews(tx: ActorTx): Promise<number> {
  return tx.savedView.count({ where: { agencyId: actorOf(tx).agency, memberId: actorOf(tx).member } })
}

export async function insertSavedView(tx: ActorTx, name: string, filters: KeptFilters): Promise<void> {
  const { agency, member } = actorOf(tx)
  await tx.savedView.create({
    data: { id: newId(), agencyId: agency, memberId: member, name, filters, madeAt: nowIn(tx) },
  })
}

/** Gives a view of the member's another name; false when there is none. */
export async function renameSavedView(tx: ActorTx, id: string, name: string): Promise<boolean> {
  const { agency, member } = actorOf(tx)
  return (
    (await tx.savedView.updateMany({ where: { id, agencyId: agency, memberId: member }, data: { name } })).count === 1
  )
}

/** Removes a view of the member's; false when there is none. */
export async function deleteSavedView(tx: ActorTx, id: string): Promise<boolean> {
  const { agency, member } = actorOf(tx)
  return (await tx.savedView.deleteMany({ where: { id, agencyId: agency, memberId: member } })).count === 1
}
