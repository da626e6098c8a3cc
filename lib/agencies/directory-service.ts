import 'server-only'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor } from '@/lib/access/with-actor'
import { openCursor, sealCursor } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findAgency, listAgencyRows } from './directory-data'
import type { AgencyList, AgencyView } from './directory-schema'

const SCOPE = 'agencies'

/** The agencies of this installation, by key. Refuses with `invalid` a cursor of another list. */
export async function listAgencies(
  actor: Actor,
  input: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Result<AgencyList>> {
  if (!holds(actor, 'agency:read')) return refuse('forbidden')
  const cursor = input.cursor === undefined ? undefined : openCursor(SCOPE, input.cursor)
  if (cursor === null) return refuse('invalid', undefined, { cursor: ['errors.field.not_valid'] })
  const [after] = cursor?.position ?? []
  return withActor(actor, async (tx) => {
    const found = await listAgencyRows(tx, typeof after === 'string' ? after : null, input.limit)
    const items = found.slice(0, input.limit)
    const last = items.at(-1)
    const hasMore = found.length > items.length && last !== undefined
    return ok({ items, nextCursor: hasMore ? sealCursor(SCOPE, { direction: 'after', position: [last.code] }) : null })
  })
}

/** One agency by its key; `not_found` when there is none. */
export async function viewAgency(actor: Actor, key: string): Promise<Result<AgencyView>> {
  if (!holds(actor, 'agency:read')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const agency = await findAgency(tx, key)
    return agency === null ? refuse('not_found') : ok(agency)
  })
}
