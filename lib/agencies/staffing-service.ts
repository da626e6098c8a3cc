import 'server-only'
import { z } from 'zod'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { actorOf, nowIn, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'
import { addDays } from '@/lib/platform/zone'

import {
  insertAbsence,
  insertCover,
  listAbsences,
  listColleagues,
  listCovers,
  markAbsenceEnded,
  markCoverEnded,
  type AbsenceRow,
  type ColleagueRow,
  type CoverRow,
  type StaffingAnswer,
} from './staffing-data'
import { maySetAbsence, maySetCover, supervises } from './staffing-policy'
import { LONGEST_DAYS, spanOf, type Span } from './staffing-rules'
import type {
  AbsenceFormView,
  AbsenceInput,
  AbsenceView,
  ColleagueView,
  CoverFormView,
  CoverInput,
  CoverView,
  OwnPlaceView,
  SetAbsenceInput,
  SetCoverInput,
  SetOwnAbsenceInput,
  SpanInput,
} from './staffing-schema'
import { listOpenUnits } from './unit-data'

/** What a cover may be set for, and whom. Refuses with `forbidden` whoever sets none. */
export async function prepareCover(actor: Actor): Promise<Result<CoverFormView>> {
  if (!holds(actor, 'cover:set')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const units = (await listOpenUnits(tx)).filter(({ id }) => maySetCover(actor, id))
    const colleagues = (await listColleagues(tx)).filter(({ id }) => id !== actor.member)
    return ok({
      units: units.map(({ code, name }) => ({ code, name })),
      colleagues: colleagues.map(viewColleague),
      ...daysIn(tx),
    })
  })
}

/**
 * Puts a colleague on duty cover for a unit: until then they read its cases as the team does, restricted ones apart;
 * at the end the database itself takes that back. The same `key` a second time sets no second one.
 *
 * Refuses with `forbidden` another unit's supervisor and oneself, `invalid` a unit or member that isn't there and a
 * span that is over, too long or too far away, `conflict` (`overlap`) when they cover it then already.
 */
export async function setCover(
  actor: Actor,
  input: SetCoverInput,
  key: string | null = null,
): Promise<Result<undefined>> {
  if (!holds(actor, 'cover:set')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const unit = (await listOpenUnits(tx)).find(({ code }) => code === input.unit)
    if (unit === undefined) return refused('unit')
    if (!maySetCover(actor, unit.id)) return refuse('forbidden')
    const member = await colleagueOf(tx, input.member)
    if (member === null) return refused('member')
    const span = spanIn(tx, input, LONGEST_DAYS.cover)
    if (span === null) return refused('dates')
    return resultOf(await insertCover(tx, { id: idOf(key), unit: unit.id, member: member.id, ...span }))
  })
}

/** Ends a cover now. Refuses with `not_found`, `forbidden`, and `conflict` when it is over. */
export async function endCover(actor: Actor, input: CoverInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => resultOf(await markCoverEnded(tx, input.cover)))
}

/** One cover that holds or is to come; refuses with `not_found`, also whoever may not end it. */
export async function viewCover(actor: Actor, input: CoverInput): Promise<Result<CoverView>> {
  return withActor(actor, async (tx) => {
    const found = (await coversIn(tx)).find(({ code }) => code === input.cover)
    return found === undefined ? refuse('not_found') : ok(found)
  })
}

/** Duty cover of the agency, for its administrator, who sets it too. Refuses with `forbidden`. */
export async function listCover(actor: Actor): Promise<Result<readonly CoverView[]>> {
  if (!holds(actor, 'cover:set')) return refuse('forbidden')
  return withActor(actor, async (tx) => ok(await coversIn(tx)))
}

/** Cover that holds or is to come, of the units that the actor may set it for. */
export async function coversIn(tx: ActorTx): Promise<readonly CoverView[]> {
  const actor = actorOf(tx)
  const rows = await listCovers(tx)
  return rows
    .filter((row) => maySetCover(actor, row.unitId) || row.memberId === actor.member)
    .map((row) => viewCoverRow(tx, row))
}

/** Absences that hold or are to come, of the actor and of those whom they supervise. */
export async function absencesIn(tx: ActorTx): Promise<readonly AbsenceView[]> {
  const actor = actorOf(tx)
  const rows = await listAbsences(tx)
  return rows
    .filter((row) => row.memberId === actor.member || supervises(actor, row.unitId))
    .map((row) => viewAbsenceRow(tx, row))
}

/** Of whom the actor may say that they are away, and who could stand in. Refuses with `forbidden`. */
export async function prepareAbsence(actor: Actor, of: 'own' | 'team'): Promise<Result<AbsenceFormView>> {
  if (!holds(actor, of === 'own' ? 'absence:set' : 'team:lead')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const colleagues = await listColleagues(tx)
    const others = colleagues.filter(({ id }) => id !== actor.member)
    const members = of === 'own' ? [] : others.filter((row) => maySetAbsence(actor, { id: row.id, unit: row.unitId }))
    return ok({ members: members.map(viewColleague), standIns: others.map(viewColleague), ...daysIn(tx) })
  })
}

/** One's own absences that hold or are to come. Refuses with `forbidden` whoever has no cases. */
export async function listOwnAbsences(actor: Actor): Promise<Result<readonly AbsenceView[]>> {
  if (!holds(actor, 'absence:set')) return refuse('forbidden')
  return withActor(actor, async (tx) => ok((await absencesIn(tx)).filter(({ isOwn }) => isOwn)))
}

/** Says of oneself from when until when one is away, and who stands in. Refuses as `setAbsence`. */
export async function setOwnAbsence(
  actor: Actor,
  input: SetOwnAbsenceInput,
  key: string | null = null,
): Promise<Result<undefined>> {
  if (!holds(actor, 'absence:set')) return refuse('forbidden')
  return withActor(actor, (tx) => setAbsenceIn(tx, actor.member, input, key))
}

/**
 * Says of a member of one's unit that they are away and who stands in: for that time, and never longer, the stand-in
 * has the team's rights on the cases that the other is assigned to, restricted ones apart. The same `key` a second
 * time sets no second one.
 *
 * Refuses with `forbidden` whoever isn't their supervisor, and a supervisor who names themselves; `invalid` a member
 * or stand-in who isn't there or has no case role, and a span that is over, too long or too far away; `conflict` when
 * they are away then already (`overlap`) or the stand-in is (`stand_in_away`).
 */
export async function setAbsence(
  actor: Actor,
  input: SetAbsenceInput,
  key: string | null = null,
): Promise<Result<undefined>> {
  if (!holds(actor, 'team:lead')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const member = await colleagueOf(tx, input.member)
    if (member === null) return refused('member')
    if (!maySetAbsence(actor, { id: member.id, unit: member.unitId })) return refuse('forbidden')
    return setAbsenceIn(tx, member.id, input, key)
  })
}

/** Ends an absence now: whoever is back works again, the stand-in no more. Refuses as `endCover`. */
export async function endAbsence(actor: Actor, input: AbsenceInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => resultOf(await markAbsenceEnded(tx, input.absence)))
}

/** One absence that holds or is to come; refuses with `not_found`, also whoever may not end it. */
export async function viewAbsence(actor: Actor, input: AbsenceInput): Promise<Result<AbsenceView>> {
  return withActor(actor, async (tx) => {
    const found = (await absencesIn(tx)).find(({ code }) => code === input.absence)
    return found === undefined ? refuse('not_found') : ok(found)
  })
}

/** For which unit and for whom the actor works beside their own cases at this moment. */
export async function ownPlacesIn(tx: ActorTx): Promise<readonly OwnPlaceView[]> {
  const { member } = actorOf(tx)
  const now = nowIn(tx)
  const covers = (await listCovers(tx)).filter((row) => row.memberId === member && row.startsAt <= now)
  const standing = (await listAbsences(tx)).filter((row) => row.standInId === member && row.startsAt <= now)
  return [
    ...covers.map(({ unit, unitCode, endsAt }) => ({
      kind: 'cover' as const,
      unit,
      unitCode,
      until: endsAt.toISOString(),
    })),
    ...standing.map(({ name, memberId, endsAt }) => ({
      kind: 'stand_in' as const,
      name,
      memberId,
      until: endsAt.toISOString(),
    })),
  ]
}

async function setAbsenceIn(
  tx: ActorTx,
  member: string,
  input: SetOwnAbsenceInput,
  key: string | null,
): Promise<Result<undefined>> {
  const standIn = await colleagueOf(tx, input.standIn)
  if (standIn === null) return refused('stand_in')
  const span = spanIn(tx, input, LONGEST_DAYS.absence)
  if (span === null) return refused('dates')
  return resultOf(await insertAbsence(tx, { id: idOf(key), member, standIn: standIn.id, ...span }))
}

async function colleagueOf(tx: ActorTx, wanted: string): Promise<ColleagueRow | null> {
  return (await listColleagues(tx)).find(({ code }) => code === wanted) ?? null
}

function spanIn(tx: ActorTx, input: SpanInput, longest: number): Span | null {
  return spanOf(input, actorOf(tx).timeZone, nowIn(tx), todayIn(tx), longest)
}

function daysIn(tx: ActorTx): { readonly today: string; readonly tomorrow: string } {
  const today = todayIn(tx)
  return { today, tomorrow: addDays(today, 1) }
}

/** The form's own key, so that a page loaded again, which sends its form again, sets nothing twice. */
function idOf(key: string | null): string {
  return z.uuid().safeParse(key).data ?? newId()
}

function resultOf(answer: StaffingAnswer): Result<undefined> {
  return answer === 'ok' ? ok() : refused(answer)
}

function refused(answer: Exclude<StaffingAnswer, 'ok'>): Refused {
  switch (answer) {
    case 'not_found':
    case 'forbidden':
      return refuse(answer)
    case 'own_record':
      return refuse('forbidden', 'own_record')
    case 'overlap':
    case 'stand_in_away':
    case 'wrong_state':
      return refuse('conflict', answer)
    case 'unit':
      return refuse('invalid', answer, { unit: ['staffing.unit.required'] })
    case 'member':
      return refuse('invalid', answer, { member: ['staffing.member.required'] })
    case 'stand_in':
      return refuse('invalid', answer, { standIn: ['staffing.stand_in.required'] })
    case 'dates':
      return refuse('invalid', answer, { untilOn: ['staffing.until.not_valid'] })
  }
}

function viewColleague({ code, name, unit }: ColleagueRow): ColleagueView {
  return { code, name, unit }
}

function viewCoverRow(tx: ActorTx, row: CoverRow): CoverView {
  const { code, unit, name, startsAt, endsAt } = row
  return { code, unit, name, startsAt, endsAt, isNow: startsAt <= nowIn(tx) }
}

function viewAbsenceRow(tx: ActorTx, row: AbsenceRow): AbsenceView {
  const { code, member, name, standIn, startsAt, endsAt } = row
  const isOwn = row.memberId === actorOf(tx).member
  return { code, member, name, standIn, startsAt, endsAt, isNow: startsAt <= nowIn(tx), isOwn }
}
