import 'server-only'
import { actorOf, type ActorTx, originOf } from '@/lib/access/with-actor'
import { parseCode } from '@/lib/platform/ids'

/** What a function of the database says of a change to a unit. */
export type UnitAnswer = 'ok' | 'forbidden' | 'not_found' | 'stale' | 'name_taken' | 'unit' | 'own_record'

export type UnitRow = { readonly id: string; readonly code: string; readonly name: string; readonly version: number }

const SELECT = { id: true, code: true, name: true, version: true } as const

/** The agency's units that are not closed, by name. */
export async function listOpenUnits(tx: ActorTx): Promise<UnitRow[]> {
  return tx.agencyUnit.findMany({
    where: { agencyId: actorOf(tx).agency, closedAt: null },
    orderBy: { name: 'asc' },
    select: SELECT,
  })
}

/** The open unit of the actor's agency that a code names, or null. */
export async function findOpenUnit(tx: ActorTx, text: string): Promise<UnitRow | null> {
  const code = parseCode(text, 'UNT')
  if (code === null) return null
  const row = await tx.agencyUnit.findFirst({
    where: { code, agencyId: actorOf(tx).agency, closedAt: null },
    select: SELECT,
  })
  return row?.code === code ? row : null
}

export type UnitCount = { readonly unit: string | null; readonly members: number; readonly cases: number }

/** How many members and open cases stand in each unit; for the administrator, who sees numbers only. */
export function countInUnits(tx: ActorTx): Promise<UnitCount[]> {
  return tx.$queryRaw<UnitCount[]>`SELECT unit, members, cases FROM app.unit_counts()`
}

export async function insertUnit(tx: ActorTx, id: string, name: string): Promise<UnitAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`SELECT app.add_unit(${id}::uuid, ${name}, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markRenamed(tx: ActorTx, unit: string, name: string, version: number): Promise<UnitAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.rename_unit(${unit}::uuid, ${name}, ${version}::int, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markMoved(tx: ActorTx, unit: string | null, members: readonly string[]): Promise<UnitAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.move_members(${unit}::uuid, ${[...members]}::uuid[], ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markPlaced(tx: ActorTx, unit: string): Promise<UnitAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.take_unplaced_cases(${unit}::uuid, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markClosed(tx: ActorTx, unit: string, into: string | null, version: number): Promise<UnitAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.close_unit(${unit}::uuid, ${into}::uuid, ${version}::int, ${originOf(tx)}::jsonb) AS answer`,
  )
}

type Answered = { answer: UnitAnswer }[]

function answered(rows: Answered): UnitAnswer {
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('A change to a unit gives one answer')
  return answer
}
