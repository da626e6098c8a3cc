import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Who looks after the installation: its state is of nobody's records. */
export function mayWatch(actor: Actor): boolean {
  return holds(actor, 'installation:watch')
}

/** Who sees the versions of keys and begins to change them; a token begins nothing, since it is never fresh. */
export function mayAdministerKeys(actor: Actor): boolean {
  return holds(actor, 'key:administer')
}
