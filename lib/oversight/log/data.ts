import type { ActorTx } from '@/lib/access/with-actor'
import type { Cursor } from '@/lib/platform/cursor'

import type { OversightEvent, OversightView } from './schema'

export type OversightRow = Omit<OversightEvent, 'at' | 'case'> & {
  readonly id: bigint
  readonly at: Date
  /** The time to the microsecond, which a page's cursor needs. */
  readonly sort: string
  readonly case_subject: string | null
}

export type OversightQuery = {
  readonly view?: OversightView | undefined
  readonly type?: string | undefined
  readonly subject?: string | undefined
  readonly actor?: string | undefined
  readonly agency?: string | undefined
  readonly from?: string | undefined
  readonly below?: string | undefined
  /** One event by its code. */
  readonly event?: string | undefined
}

/** Events of the actor's network as their body may see them, in the cursor's direction. */
export function listOversightRows(
  tx: ActorTx,
  query: OversightQuery,
  cursor: Cursor | null,
  limit: number,
): Promise<OversightRow[]> {
  const [at, id] = cursor?.position ?? [null, null]
  return tx.$queryRaw<OversightRow[]>`
    SELECT * FROM app.oversight_events(${JSON.stringify(query)}::jsonb, ${cursor?.direction === 'before'}, ${at === null ? null : String(at)}::timestamptz,
      ${id === null ? null : String(id)}::bigint, ${limit}::int)`
}

/** The agencies whose log the actor oversees, by name. */
export function listOverseen(tx: ActorTx): Promise<{ readonly key: string; readonly name: string }[]> {
  return tx.$queryRaw<{ key: string; name: string }[]>`SELECT key, name FROM app.overseen_agencies()`
}

/** What may have happened, of one view or of all. */
export async function listOversightTypes(tx: ActorTx, view: OversightView | undefined): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ type: string }[]>`
    SELECT t.type FROM audit_event_type t WHERE ${view ?? null}::text IS NULL OR t.type = ANY (app.oversight_types(${view ?? null})) ORDER BY 1`
  return rows.map(({ type }) => type)
}
