import 'server-only'

import { createHash } from 'node:crypto'

import type { ActorTx } from '@/lib/access/with-actor'
import { withOwnWorker, type WorkerTx } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'

import {
  digestOf,
  listCells,
  listClusterings,
  listCubes,
  listDoors,
  listDue,
  listFrozen,
  listPersons,
  readAlike,
  storeTables,
  takeExtract,
  takeTurn,
} from './data'
import { clusterings } from './clusters-rules'
import { Gathered, suppress } from './rules'
import { PERSONS, type Cell, type Clustering, type CubeView, type Ground, type StoredTable } from './schema'

/** Changes with every change of what is shown of an extract, of what an extract holds, or of how its digest is taken. */
const CODE_VERSION = 'cube-4'

/** What is said of a long piece of work while it goes on. */
type Tell = (what: string) => void

/**
 * Freezes the earliest period that is over and not frozen, as the worker; returns how many that were (one or none). What
 * may be shown of its extract is stored once: no later look at the records changes a figure.
 *
 * A year of a large network takes minutes. It has a connection of its own, so that the other jobs go on, and no
 * transaction that writes lasts for all of it: the log is sealed up to the oldest of those.
 */
export async function freezeNextCube(tell: Tell = () => undefined): Promise<number> {
  return withOwnWorker({ statementMinutes: 30 }, async (sql) => {
    await takeTurn(sql)
    const [due] = await listDue(sql)
    if (due === undefined) return 0
    const year = due.startsOn.slice(0, 4)
    tell(`Taking the extract of ${year}`)
    const cube = due.extract ?? (await takeExtract(sql, due))
    if (cube === null) return 0
    tell(`Deciding what of ${year} may be shown`)
    const tables = await sql.begin('READ ONLY', (reading) => tablesOf(reading, cube))
    tell(`Storing what of ${year} is shown`)
    await store(sql, cube, tables)
    return 1
  })
}

/** The same within one transaction, of the owner who loads the demonstration. */
export async function freezeNextIn(sql: WorkerTx): Promise<number> {
  const [due] = await listDue(sql)
  if (due === undefined) return 0
  const cube = await takeExtract(sql, due)
  if (cube === null) return 0
  await freezeExtract(sql, cube)
  return 1
}

/** Decides what of an extract may be shown, and stores it. */
export async function freezeExtract(sql: WorkerTx, cube: string): Promise<void> {
  await store(sql, cube, await tablesOf(sql, cube))
}

async function store(sql: WorkerTx, cube: string, tables: readonly StoredTable[]): Promise<void> {
  const text = textOf(tables)
  await storeTables(sql, cube, text, hashOf(text), CODE_VERSION)
}

/** What of an extract may be shown; the same for an extract of before as it was then, which was told without persons. */
async function tablesOf(sql: WorkerTx, cube: string, withPersons = true): Promise<StoredTable[]> {
  const gathered = new Gathered()
  for await (const some of readAlike(sql, cube)) gathered.add(some)
  const tables: StoredTable[] = suppress(gathered.add(await listDoors(sql, cube)))
  if (withPersons) tables.push({ ground: PERSONS, cells: clusterings(await listPersons(sql, cube)) })
  return tables.sort((one, other) => (one.ground < other.ground ? -1 : 1))
}

/** A frozen period that isn't what was frozen. */
export type CubeDifference = { readonly code: string; readonly what: 'extract' | 'tables' | 'suppression' }

/** Recomputes every frozen period from its extract, as the worker: nothing when all are what was frozen. */
export async function checkCubes(tell: Tell = () => undefined): Promise<readonly CubeDifference[]> {
  return withOwnWorker({ statementMinutes: 30 }, async (sql) => {
    const differences: CubeDifference[] = []
    for (const { id, code, extractHash, tablesHash, tables } of await listFrozen(sql)) {
      tell(`Recomputing ${code}`)
      if ((await digestOf(sql, id)) !== extractHash) differences.push({ code, what: 'extract' })
      if (hashOf(textOf(tables)) !== tablesHash) differences.push({ code, what: 'tables' })
      const hasPersons = tables.some(({ ground }) => ground === PERSONS)
      const again = textOf(await tablesOf(sql, id, hasPersons))
      if (hashOf(again) !== tablesHash) differences.push({ code, what: 'suppression' })
    }
    return differences
  })
}

/** The frozen periods of the auditor's network, the latest first; nothing for everybody else. */
export async function frozenPeriods(tx: ActorTx): Promise<readonly CubeView[]> {
  return (await listCubes(tx)).map(({ id: _id, ...cube }) => cube)
}

type FrozenCells = {
  readonly id: string
  readonly cube: CubeView
  readonly cells: readonly Cell[]
  /** Null of a period that was frozen before it was told. */
  readonly persons: readonly Clustering[] | null
}

/** What of one ground of a period the auditor may read, with the period; null when there is no such period. */
export async function frozenCells(tx: ActorTx, period: string, ground: Ground): Promise<FrozenCells | null> {
  const found = (await listCubes(tx)).find((cube) => cube.period === period)
  if (found === undefined) return null
  const { id, ...cube } = found
  return { id, cube, cells: await listCells(tx, id, ground), persons: await listClusterings(tx, id) }
}

/** Always the same text for the same tables: the database keeps the members of an object in an order of its own. */
function textOf(tables: readonly StoredTable[]): string {
  return JSON.stringify(
    tables.map((table) => {
      if (table.ground === PERSONS)
        return { ground: PERSONS, cells: table.cells.map(({ split, factor }) => ({ split, factor })) }
      const { ground, cells } = table
      return { ground, cells: cells.map(inOrder) }
    }),
  )
}

function inOrder({ tier, category, agency, level, family, class: one, n }: Cell) {
  return { tier, category, agency, level, family, class: one, n }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The jobs of this part, for the process that serves the application. */
export const CUBE_JOBS: readonly Job[] = [{ name: 'freeze-cubes', everySeconds: 3600, run: () => freezeNextCube() }]
