import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countSavedViews, deleteSavedView, insertSavedView, listSavedViews, renameSavedView } from './data'
import { MOST_VIEWS, type KeepViewInput, type RenameViewInput, type SavedView } from './schema'

/** The views that the auditor keeps, by name. Refuses with `not_found` everybody else. */
export async function listViews(actor: Actor): Promise<Result<{ readonly items: readonly SavedView[] }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'log:read-network')) return refuse('not_found')
    return ok({ items: await listSavedViews(tx) })
  })
}

/** Keeps the filters of the log under a name. Refuses with `conflict` when there are many already. */
export async function keepView(actor: Actor, input: KeepViewInput): Promise<Result<KeepViewInput>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'log:read-network')) return refuse('not_found')
    if ((await countSavedViews(tx)) >= MOST_VIEWS) return refuse('conflict', 'too_many_views')
    const { name, ...filters } = input
    await insertSavedView(tx, name, filters)
    await record(tx, { type: 'saved-view.changed', fields: ['added'] })
    return ok(input)
  })
}

/** Gives one of the auditor's own views another name. Refuses with `not_found` for any other. */
export async function renameView(actor: Actor, { id, name }: RenameViewInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'log:read-network') || !(await renameSavedView(tx, id, name))) return refuse('not_found')
    await record(tx, { type: 'saved-view.changed', fields: ['renamed'] })
    return ok()
  })
}

/** Removes one of the auditor's own views. Refuses with `not_found` for any other. */
export async function dropView(actor: Actor, { id }: { readonly id: string }): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'log:read-network') || !(await deleteSavedView(tx, id))) return refuse('not_found')
    await record(tx, { type: 'saved-view.changed', fields: ['removed'] })
    return ok()
  })
}
