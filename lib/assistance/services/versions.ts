import 'server-only'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { personKey, unsealUnder } from '@/lib/people/sealing'

import type { StoredVersion } from './data'
import type { ServiceChangeView } from './schema'

/** Where the reason of a change is sealed for. */
export function reasonPlace(service: string, version: number) {
  return { table: 'service_version', column: 'reason', row: `${service}:${String(version)}` } as const
}

/** The changes of a service with their reasons opened, for the team that gave it. */
export async function readReasons(
  tx: ActorTx,
  person: string,
  service: string,
  versions: readonly StoredVersion[],
): Promise<readonly ServiceChangeView[]> {
  if (versions.length === 0) return []
  const key = await personKey(tx, person)
  const agency = actorOf(tx).agency
  return versions.map(({ version, line, reason, changedBy, changedAt }) => ({
    version,
    before: line,
    reason: unsealUnder(key, agency, reasonPlace(service, version), reason),
    changedBy: changedBy ?? '',
    changedAt: changedAt.toISOString(),
  }))
}
