import 'server-only'
import type { ActorTx } from '@/lib/access/with-actor'

import { listWhoLooked } from './data'
import { partsOf, reasonOf } from './rules'
import type { WhoLookedView } from './schema'

const LINES = 2_000

/**
 * Who looked at a person's record, when and why, as the person may be told (requirement L07). The caller has decided that
 * the actor may, and writes down that it was read or printed.
 */
export async function whoLookedAt(tx: ActorTx, person: string): Promise<WhoLookedView> {
  const rows = await listWhoLooked(tx, person, LINES + 1)
  const lines = rows.slice(0, LINES).map(({ types, emergency, agency, who, ...row }) => {
    const parts = partsOf(types)
    return { ...row, agency: agency ?? '', who: who ?? '', parts, reason: reasonOf(emergency, parts) }
  })
  return { lines, isCut: rows.length > LINES }
}
