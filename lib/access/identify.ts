import 'server-only'
import { appClient } from '@/lib/platform/db/client'

import type { Actor, Credential, RequestOrigin } from './actor'
import { openContext } from './open-context'

/**
 * The member behind a credential, or null when it opens nothing: unknown, ended, too old, idle, or of a member who
 * left. One statement; the rights themselves are opened anew by `withActor`.
 */
export async function identify(credential: Credential, origin?: RequestOrigin): Promise<Actor | null> {
  const opened = await openContext(appClient(), credential)
  if (opened === null) return null
  const { at: _at, ...member } = opened
  return { ...member, credential, ...(origin === undefined ? {} : { origin }) }
}
