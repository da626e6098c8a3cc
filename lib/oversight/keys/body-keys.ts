import 'server-only'
import type { ActorTx } from '@/lib/access/with-actor'
import type { SealingKey } from '@/lib/platform/crypto/envelope'
import { masterVersionOf, unwrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'

import { listBodyKeys, type ReceivingKey } from './body-data'

/** The newest key of the auditor's body, or the version asked for. An auditor's role reads no table of keys. */
export async function bodyKey(tx: ActorTx, version?: number): Promise<SealingKey> {
  const found = (await listBodyKeys(tx)).findLast((key) => version === undefined || key.version === version)
  if (found === undefined) throw new Error('The body has no data key')
  return unwrapBodyKey(found)
}

/** Opens a data key that the database handed out for one step. */
export function unwrapBodyKey({ agency, version, wrapped }: ReceivingKey): SealingKey {
  return unwrapAgencyKey(masterKeys(masterVersionOf(wrapped)), 'data', agency, version, wrapped)
}
