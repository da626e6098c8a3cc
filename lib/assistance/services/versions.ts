import 'server-only'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { unsealUnder } from '@/lib/people/sealing'

import type { StoredVersion } from './data'
import { keysToRead, type RecordOn } from './record-key'
import type { ServiceChangeView } from './schema'

/** Where the reason of a change is sealed for. */
export function reasonPlace(service: string, version: number) {
  return { table: 'service_version', column: 'reason', row: `${service}:${String(version)}` } as const
}

/** The changes of a service with their reasons opened, for the team that gave it. */
export async function readReasons(
  tx: ActorTx,
  on: RecordOn,
  service: string,
  versions: readonly StoredVersion[],
): Promise<readonly ServiceChangeView[]> {
  if (versions.length === 0) return []
  const keyOf = await keysToRead(tx, on)
  const agency = actorOf(tx).agency
  return versions.map(({ version, line, reason, changedBy, changedAt }) => ({
    version,
    before: line,
    reason: unsealUnder(keyOf(reason), agency, reasonPlace(service, version), reason),
    changedBy: changedBy ?? '',
    changedAt: changedAt.toISOString(),
  }))
}
