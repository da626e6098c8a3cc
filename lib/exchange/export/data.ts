import 'server-only'
import type { ActorTx } from '@/lib/access/with-actor'
import { withConnection } from '@/lib/platform/db/owner'
import type { SteadyReader } from '@/lib/platform/db/steady-reader'

import type { CatalogueColumn } from './dictionary'
import type { ExportedRow } from './open-rows'

export async function insertExport(tx: ActorTx, id: string, sealed: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const rows = await tx.$queryRaw<{ is: boolean }[]>`SELECT app.prepare_export(${id}::uuid, ${sealed}) AS is`
  return rows[0]?.is ?? false
}

export async function findReadyUntil(tx: ActorTx): Promise<Date | null> {
  const rows = await tx.$queryRaw<{ until: Date | null }[]>`SELECT app.ready_export() AS until`
  return rows[0]?.until ?? null
}

/** Begins to fetch the member's own export; null when none is ready. */
export async function startReady(
  tx: ActorTx,
  ticket: Uint8Array<ArrayBuffer>,
): Promise<{ readonly id: string; readonly sealed: Uint8Array } | null> {
  const rows = await tx.$queryRaw<
    { id: string; sealed: Uint8Array }[]
  >`SELECT id, sealed FROM app.start_export(${ticket})`
  return rows[0] ?? null
}

/** Begins an export at the operator's command; false when no agency has this key. */
export async function startAsOperator(
  ownerUrl: string,
  id: string,
  agency: string,
  ticket: Uint8Array,
): Promise<boolean> {
  return withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<{ is: boolean }>('SELECT app.operator_export($1, $2, $3) AS is', [
      id,
      agency,
      Buffer.from(ticket),
    ])
    return rows[0]?.is ?? false
  })
}

/** Every column of every table whose rows belong to an agency. */
export async function listColumns(reader: SteadyReader): Promise<CatalogueColumn[]> {
  const found: CatalogueColumn[] = []
  const columns = reader.rows<CatalogueColumn>(
    `SELECT c.relname::text AS table, a.attname::text AS column, format_type(a.atttypid, a.atttypmod) AS type
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = 'public' AND c.relkind = 'r' AND (c.relname = 'agency' OR EXISTS (
       SELECT 1 FROM pg_attribute o WHERE o.attrelid = c.oid AND o.attname = 'agency_id' AND NOT o.attisdropped))
     ORDER BY c.relname, a.attnum`,
  )
  for await (const column of columns) found.push(column)
  return found
}

/** What the agency of the ticket wrote into a table. */
export async function* rowsOfTable(reader: SteadyReader, ticket: string, table: string): AsyncGenerator<ExportedRow> {
  const rows = reader.rows<{ line: string }>('SELECT r AS line FROM app.export_rows($1, $2) r', [ticket, table])
  for await (const { line } of rows) yield JSON.parse(line) as ExportedRow
}

export async function finishExport(reader: SteadyReader, ticket: string, rows: number): Promise<void> {
  await reader.finish('SELECT app.finish_export($1, $2::bigint)', [ticket, rows])
}
