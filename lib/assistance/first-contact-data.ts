import { nowIn, type ActorTx } from '@/lib/access/with-actor'

/** Which first contacts: of one need, or of all needs of a case. */
export type FirstContacts = { readonly need: string } | { readonly case: string }

/** Ends first-contact tasks that still wait; returns how many. */
export async function endFirstContacts(tx: ActorTx, which: FirstContacts): Promise<number> {
  const { count } = await tx.task.updateMany({
    where: {
      kind: 'first_contact',
      doneAt: null,
      ...('need' in which ? { needId: which.need } : { caseId: which.case }),
    },
    data: { doneAt: nowIn(tx), version: { increment: 1 } },
  })
  return count
}
