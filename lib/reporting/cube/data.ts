import type { WorkerTx } from '@/lib/platform/db/worker'
import type { ActorTx } from '@/lib/access/with-actor'

import {
  PERSONS,
  type Alike,
  type Cell,
  type Clustering,
  type CubeView,
  type Family,
  type Ground,
  type Persons,
  type StoredTable,
} from './schema'

/** A year that is over, with its extract where that was taken already. */
export type DueCube = { readonly network: string; readonly startsOn: string; readonly extract: string | null }

/** The years that are over and not frozen yet, the earliest first. */
export function listDue(sql: WorkerTx): Promise<DueCube[]> {
  return sql<
    DueCube[]
  >`SELECT network_id AS network, starts_on::text AS "startsOn", taken AS extract FROM app.cubes_due()`
}

/** Waits until no other process freezes, and keeps others waiting until the connection ends. */
export async function takeTurn(sql: WorkerTx): Promise<void> {
  await sql`SELECT pg_advisory_lock(hashtext('amparo freezes'))`
}

/** Takes the extract of a period; null when there is one already. */
export async function takeExtract(sql: WorkerTx, { network, startsOn }: DueCube): Promise<string | null> {
  const rows = await sql<{ id: string | null }[]>`SELECT app.extract_cube(${network}, ${startsOn}::date) AS id`
  return rows[0]?.id ?? null
}

type Counted = Omit<Alike, 'classes'> & { readonly family: Family; readonly class: string }

/** At most so many rows are held at once: a year of a large network has hundreds of thousands. */
const ROWS_AT_ONCE = 5000

/** What of an extract is alike, ground by ground and class by class, a part at a time. */
export async function* readAlike(sql: WorkerTx, cube: string): AsyncGenerator<Alike[]> {
  const parts = sql<Counted[]>`SELECT * FROM app.cube_counts(${cube})`.cursor(ROWS_AT_ONCE)
  for await (const rows of parts)
    yield rows.map(({ family, class: one, ...row }) => ({ ...row, classes: { [family]: one } }))
}

type Door = { readonly ground: Ground; readonly level: string; readonly door: string; readonly n: number }

/** Who of an extract was turned away, ground by ground: each a person of their own, since nobody is known. */
export async function listDoors(sql: WorkerTx, cube: string): Promise<Alike[]> {
  const rows = await sql<Door[]>`SELECT * FROM app.cube_doors(${cube})`
  let last = 0
  return rows.map(({ ground, level, door, n }) => ({
    ground,
    level,
    category: '',
    agency: '',
    classes: { door },
    n,
    people: Array.from({ length: Math.min(n, 61) }, () => (last += 1)),
  }))
}

/** The people of an extract, by what became of all their needs. */
export function listPersons(sql: WorkerTx, cube: string): Promise<Persons[]> {
  return sql<Persons[]>`SELECT * FROM app.cube_persons(${cube})`
}

/** Stores what of an extract is shown, for good. */
export async function storeTables(
  sql: WorkerTx,
  cube: string,
  tables: string,
  hash: string,
  version: string,
): Promise<void> {
  await sql`SELECT app.freeze_cube(${cube}, ${tables}::text::jsonb, ${hash}, ${version})`
}

export type FrozenCube = {
  readonly id: string
  readonly code: string
  readonly extractHash: string
  readonly tablesHash: string
  readonly tables: readonly StoredTable[]
}

/** The frozen periods of all networks. */
export function listFrozen(sql: WorkerTx): Promise<FrozenCube[]> {
  return sql<FrozenCube[]>`
    SELECT id, code, extract_hash AS "extractHash", tables_hash AS "tablesHash", tables FROM app.frozen_cubes()`
}

/** The digest of an extract as it is now. */
export async function digestOf(sql: WorkerTx, cube: string): Promise<string> {
  const rows = await sql<{ digest: string }[]>`SELECT app.cube_digest(${cube}) AS digest`
  return rows[0]?.digest ?? ''
}

export type CubeRow = CubeView & { readonly id: string }

type Found = {
  id: string
  code: string
  starts_on: string
  ends_on: string
  as_of: Date
  needs: number | null
  refused: number | null
  extract_hash: string
  tables_hash: string
  code_version: string
}

/** The frozen periods of the auditor's network, the latest first. */
export async function listCubes(tx: ActorTx): Promise<CubeRow[]> {
  const rows = await tx.$queryRaw<Found[]>`SELECT * FROM app.cubes()`
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    period: row.starts_on.slice(0, 4),
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    asOf: row.as_of.toISOString(),
    needs: row.needs,
    refused: row.refused,
    extractHash: row.extract_hash,
    tablesHash: row.tables_hash,
    codeVersion: row.code_version,
  }))
}

/** What of one ground of a period the auditor may read. */
export async function listCells(tx: ActorTx, cube: string, ground: Ground): Promise<Cell[]> {
  const rows = await tx.$queryRaw<{ cells: Cell[] | null }[]>`
    SELECT app.cube_cells(${cube}::uuid, ${ground}) AS cells`
  return rows[0]?.cells ?? []
}

/** How alike needs of one person fared in a period; null of one that was frozen before that was told. */
export async function listClusterings(tx: ActorTx, cube: string): Promise<Clustering[] | null> {
  const rows = await tx.$queryRaw<{ cells: Clustering[] | null }[]>`
    SELECT app.cube_cells(${cube}::uuid, ${PERSONS}) AS cells`
  return rows[0]?.cells ?? null
}
