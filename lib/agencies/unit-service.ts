import 'server-only'
import { z } from 'zod'

import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { findMemberId, listMembersOf } from './member-data'
import { mayAdministerUnits } from './member-policy'
import {
  countInUnits,
  findOpenUnit,
  insertUnit,
  listOpenUnits,
  markClosed,
  markMoved,
  markPlaced,
  markRenamed,
  type UnitAnswer,
  type UnitCount,
  type UnitRow,
} from './unit-data'
import type {
  AddUnitInput,
  CloseUnitInput,
  MoveMembersInput,
  RenameUnitInput,
  UnitInput,
  UnitLineView,
  UnitsView,
  UnitView,
} from './unit-schema'

/** The units of the actor's agency, with how much stands in each. Refuses with `forbidden` all but its administrator. */
export async function listUnits(actor: Actor): Promise<Result<UnitsView>> {
  if (!mayAdministerUnits(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const units = await listOpenUnits(tx)
    const counts = await countInUnits(tx)
    await record(tx, { type: 'unit.listed' })
    return ok({ units: units.map((unit) => viewLine(unit, counts)), unplaced: countOf(counts, null) })
  })
}

/** The agency's units that take members and cases, for other parts; inside a transaction. */
export function openUnitsIn(tx: ActorTx): Promise<readonly UnitRow[]> {
  return listOpenUnits(tx)
}

/** One unit with its members, and who could be moved there. Refuses with `forbidden`, and `not_found` a closed one too. */
export async function viewUnit(actor: Actor, input: UnitInput): Promise<Result<UnitView>> {
  if (!mayAdministerUnits(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const unit = await findOpenUnit(tx, input.unit)
    if (unit === null) return refuse('not_found')
    const units = await listOpenUnits(tx)
    const counts = await countInUnits(tx)
    const members = (await listMembersOf(tx, actor.agency)).filter(({ status }) => status !== 'deactivated')
    await record(tx, { type: 'unit.listed', subject: unit.code })
    return ok({
      ...viewLine(unit, counts),
      people: members
        .filter((member) => member.unit?.id === unit.id)
        .map(({ code, name, roles, status, isSelf }) => ({ code, name, roles, status, isSelf })),
      others: members
        .filter((member) => member.unit?.id !== unit.id && !member.isSelf)
        .map(({ code, name, unit: where }) => ({ code, name, unit: where?.name ?? null })),
      otherUnits: units.filter(({ id }) => id !== unit.id).map(({ code, name }) => ({ code, name })),
      unplacedCases: countOf(counts, null).cases,
      isOwn: members.some((member) => member.isSelf && member.unit?.id === unit.id),
    })
  })
}

/** Makes a unit; the same `key` a second time makes no second one. Refuses with `forbidden`, `invalid` a name in use. */
export async function addUnit(
  actor: Actor,
  input: AddUnitInput,
  key: string | null = null,
): Promise<Result<{ readonly unit: string }>> {
  if (!mayAdministerUnits(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const id = z.uuid().safeParse(key).data ?? newId()
    const refused = refusalOf(await insertUnit(tx, id, input.name))
    if (refused !== null) return refused
    const made = (await listOpenUnits(tx)).find((unit) => unit.id === id)
    return ok({ unit: made?.code ?? '' })
  })
}

/** Renames a unit. Refuses with `forbidden`, `not_found`, `invalid` a name in use, and `stale`. */
export async function renameUnit(actor: Actor, input: RenameUnitInput): Promise<Result<{ readonly unit: string }>> {
  return onUnit(actor, input.unit, (tx, unit) => markRenamed(tx, unit.id, input.name, input.version))
}

/**
 * Moves colleagues into a unit; each signs in again, since what they see changes. Refuses with `forbidden` (also
 * oneself: nobody changes their own unit, trap T13), `not_found`.
 */
export async function moveMembers(actor: Actor, input: MoveMembersInput): Promise<Result<{ readonly unit: string }>> {
  return onUnit(actor, input.unit, async (tx, unit) => {
    const ids = await idsOf(tx, input.members)
    return ids === null ? 'not_found' : markMoved(tx, unit.id, ids)
  })
}

/** Takes the cases that stand in no unit into this one. Refuses with `forbidden`, `not_found`. */
export async function takeUnplacedCases(actor: Actor, input: UnitInput): Promise<Result<{ readonly unit: string }>> {
  return onUnit(actor, input.unit, (tx, unit) => markPlaced(tx, unit.id))
}

/**
 * Closes a unit; its members and cases move where it is said, its cover ends, all or nothing. Refuses with `forbidden`
 * (also whoever is in it), `not_found`, `invalid` a place that isn't there, and `stale`.
 */
export async function closeUnit(actor: Actor, input: CloseUnitInput): Promise<Result<{ readonly unit: string }>> {
  return onUnit(actor, input.unit, async (tx, unit) => {
    if (input.into === 'none') return markClosed(tx, unit.id, null, input.version)
    const into = await findOpenUnit(tx, input.into)
    return into === null ? 'unit' : markClosed(tx, unit.id, into.id, input.version)
  })
}

async function onUnit(
  actor: Actor,
  code: string,
  change: (tx: ActorTx, unit: UnitRow) => Promise<UnitAnswer>,
): Promise<Result<{ readonly unit: string }>> {
  if (!mayAdministerUnits(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const unit = await findOpenUnit(tx, code)
    if (unit === null) return refuse('not_found')
    return refusalOf(await change(tx, unit)) ?? ok({ unit: unit.code })
  })
}

/** The ids behind members' codes of the actor's own agency; null when one is nobody's there. */
async function idsOf(tx: ActorTx, codes: readonly string[]): Promise<string[] | null> {
  const ids: string[] = []
  for (const code of codes) {
    const id = await findMemberId(tx, code)
    if (id === null) return null
    ids.push(id)
  }
  return ids
}

function refusalOf(answer: UnitAnswer): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'name_taken':
      return refuse('invalid', 'name_taken', { name: ['units.name.taken'] })
    case 'unit':
      return refuse('invalid', 'unit', { into: ['units.close.into_required'] })
    case 'own_record':
      return refuse('forbidden', 'own_record')
    default:
      return refuse(answer)
  }
}

function viewLine(unit: UnitRow, counts: readonly UnitCount[]): UnitLineView {
  const { code, name, version } = unit
  return { code, name, version, ...countOf(counts, unit.id) }
}

function countOf(counts: readonly UnitCount[], unit: string | null) {
  const found = counts.find((count) => count.unit === unit)
  return { members: found?.members ?? 0, cases: found?.cases ?? 0 }
}
