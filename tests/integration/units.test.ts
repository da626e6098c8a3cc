import { beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { setCover } from '@/lib/agencies/staffing-service'
import {
  addUnit,
  closeUnit,
  listUnits,
  moveMembers,
  renameUnit,
  takeUnplacedCases,
  viewUnit,
} from '@/lib/agencies/unit-service'
import { moveCase, prepareCaseUnit } from '@/lib/cases/unit-service'
import { openCase, viewCase } from '@/lib/cases/service'
import { newId } from '@/lib/platform/ids'
import { openedCase, registeredPerson, restrictedCase, valueOf } from '@/tests/factories/cases'
import { memberOf, office, signedIn, type Office } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

let clinic: Office

beforeAll(async () => {
  clinic = await office(owner)
})

async function codeOf(member: Actor): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${member.member}`
  return row?.code ?? ''
}

async function unitCode(id: string): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM agency_unit WHERE id = ${id}`
  return row?.code ?? ''
}

async function added(by: Actor = harbour.admin) {
  return valueOf(await addUnit(by, { name: `Unit ${newId().slice(-6)}` })).unit
}

const again = (actor: Actor) => signedIn(owner, actor.agency, actor.member)

describe('units of an agency', () => {
  it('are made, renamed and listed with numbers by its administrator alone', async () => {
    const unit = await added()
    valueOf(await renameUnit(harbour.admin, { unit, name: 'Quay team', version: 1 }))
    expect(await renameUnit(harbour.admin, { unit, name: 'Late', version: 1 })).toMatchObject({ refusal: 'stale' })
    expect(await addUnit(harbour.admin, { name: 'quay TEAM' })).toMatchObject({
      refusal: 'invalid',
      reason: 'name_taken',
    })
    await openedCase(harbour.caseworker)
    const view = valueOf(await listUnits(harbour.admin))
    expect(view.units.find(({ code }) => code === unit)).toMatchObject({ name: 'Quay team', members: 0, cases: 0 })
    const day = view.units.find(({ name }) => name === 'Day team')
    expect(day?.members).toBe(4)
    expect(day?.cases).toBeGreaterThan(0)
    for (const stranger of [harbour.supervisor, harbour.caseworker])
      for (const answer of [await listUnits(stranger), await addUnit(stranger, { name: 'Mine' })])
        expect(answer).toMatchObject({ refusal: 'forbidden' })
    expect(await viewUnit(clinic.admin, { unit })).toMatchObject({ refusal: 'not_found' })
    expect(await renameUnit(clinic.admin, { unit, name: 'Ours', version: 2 })).toMatchObject({ refusal: 'not_found' })
  })

  it('are made once by a form that is sent twice', async () => {
    const key = newId()
    const first = valueOf(await addUnit(harbour.admin, { name: 'Twice' }, key))
    expect(valueOf(await addUnit(harbour.admin, { name: 'Twice' }, key))).toEqual(first)
  })

  it('count no restricted case', async () => {
    const before = valueOf(await listUnits(harbour.admin)).units.find(({ name }) => name === 'Day team')
    await restrictedCase(harbour.caseworker)
    expect(valueOf(await listUnits(harbour.admin)).units.find(({ name }) => name === 'Day team')).toEqual(before)
  })

  it('A07: take colleagues, whose sessions end, and never oneself (trap T13)', async () => {
    const unit = await added()
    const worker = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    const small = await memberOf(owner, harbour.agency.id, ['agency_admin', 'supervisor'], null)
    const move = async (by: Actor, who: Actor) => moveMembers(by, { unit, members: [await codeOf(who)] })
    expect(await move(small, small)).toMatchObject({ refusal: 'forbidden', reason: 'own_record' })
    expect(await move(harbour.admin, clinic.caseworker)).toMatchObject({ refusal: 'not_found' })
    valueOf(await move(harbour.admin, worker))
    expect(await identify(worker.credential)).toBeNull()
    expect((await again(worker)).unit).not.toBeNull()
    expect(valueOf(await viewUnit(harbour.admin, { unit })).people).toMatchObject([{ code: await codeOf(worker) }])
    const [event] =
      await owner`SELECT fields FROM audit_event WHERE type = 'member.changed' AND subject = ${await codeOf(worker)}`
    expect(event).toEqual({ fields: ['unit'] })
  })

  it('A11: ask who is there once more before they change, and see no change without it', async () => {
    const admin = await memberOf(owner, harbour.agency.id, ['agency_admin'], null)
    await owner`UPDATE session SET proven_at = now() - interval '6 minutes' WHERE member_id = ${admin.member}`
    const unit = await unitCode(harbour.unit)
    for (const answer of [
      await addUnit(admin, { name: 'Late' }),
      await renameUnit(admin, { unit, name: 'Late', version: 1 }),
      await closeUnit(admin, { unit, into: 'none', version: 1 }),
    ])
      expect(answer).toMatchObject({ refusal: 'step_up_required' })
    expect((await listUnits(admin)).ok).toBe(true)
  })
})

describe('closing a unit', () => {
  it('moves its members and every case to the new place, ends its cover, and takes nothing any more', async () => {
    const from = await added()
    const into = await added()
    const worker = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    valueOf(await moveMembers(harbour.admin, { unit: from, members: [await codeOf(worker)] }))
    const inside = await again(worker)
    const [open, hidden] = [await openedCase(inside), await restrictedCase(inside)]
    const night = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    valueOf(
      await setCover(harbour.admin, {
        unit: from,
        member: await codeOf(night),
        untilOn: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
        untilTime: '08:00',
      }),
    )
    expect(valueOf(await viewCase(night, { case: open.code })).content).not.toBeNull()

    valueOf(await closeUnit(harbour.admin, { unit: from, into, version: 1 }))
    const places = await owner`
      SELECT c.code, u.code AS unit FROM case_file c JOIN agency_unit u ON u.id = c.unit_id
      WHERE c.code IN (${open.code}, ${hidden.code}) ORDER BY c.code`
    expect(places).toMatchObject([{ unit: into }, { unit: into }])
    expect(await identify(inside.credential)).toBeNull()
    expect(valueOf(await viewCase(night, { case: open.code })).content).toBeNull()
    const [changed] =
      await owner`SELECT count(*)::int AS n FROM audit_event WHERE type = 'case.changed' AND subject IN (${open.code}, ${hidden.code})`
    expect(changed).toEqual({ n: 2 })

    expect(await viewUnit(harbour.admin, { unit: from })).toMatchObject({ refusal: 'not_found' })
    const [closed] = await owner<{ id: string }[]>`SELECT id FROM agency_unit WHERE code = ${from}`
    await expect(owner`UPDATE member SET unit_id = ${closed?.id ?? ''} WHERE id = ${night.member}`).rejects.toThrow(
      /closed unit/,
    )
    await expect(owner`UPDATE case_file SET unit_id = ${closed?.id ?? ''} WHERE code = ${open.code}`).rejects.toThrow(
      /closed unit/,
    )
  })

  it('is refused to whoever is in it, without a place to go, and with a version that has passed', async () => {
    const unit = await added()
    const small = await memberOf(owner, harbour.agency.id, ['agency_admin'], null)
    valueOf(await moveMembers(harbour.admin, { unit, members: [await codeOf(small)] }))
    const inside = await again(small)
    expect(valueOf(await viewUnit(inside, { unit })).isOwn).toBe(true)
    expect(await closeUnit(inside, { unit, into: 'none', version: 1 })).toMatchObject({ reason: 'own_record' })
    for (const into of [unit, 'UNT-000000000', await unitCode(clinic.unit)])
      expect(await closeUnit(harbour.admin, { unit, into, version: 1 })).toMatchObject({ refusal: 'invalid' })
    expect(await closeUnit(harbour.admin, { unit, into: 'none', version: 9 })).toMatchObject({ refusal: 'stale' })
    valueOf(await closeUnit(harbour.admin, { unit, into: 'none', version: 1 }))
  })

  it('waits for a case that is on its way into it', async () => {
    const unit = await added()
    const worker = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    valueOf(await moveMembers(harbour.admin, { unit, members: [await codeOf(worker)] }))
    const inside = await again(worker)
    const person = await registeredPerson(inside)
    const [opened] = await Promise.allSettled([
      openCase(inside, { person }),
      closeUnit(harbour.admin, { unit, into: 'none', version: 1 }),
    ])
    // Whichever came first: no case stands in a closed unit.
    const [lost] = await owner`
      SELECT count(*)::int AS n FROM case_file c JOIN agency_unit u ON u.id = c.unit_id WHERE u.code = ${unit} AND u.closed_at IS NOT NULL`
    expect([opened.status, lost]).toEqual([opened.status, { n: 0 }])
  })
})

describe('a case that moves to another unit', () => {
  it('leaves its supervisor and cover at once, and keeps whoever is assigned', async () => {
    const unit = await added()
    const opened = await openedCase(harbour.caseworker)
    const form = valueOf(await prepareCaseUnit(harbour.supervisor, { case: opened.code }))
    expect(form.case.unit).toBe('Day team')
    valueOf(await moveCase(harbour.supervisor, { case: opened.code, unit, version: form.case.version }))
    expect(valueOf(await viewCase(harbour.supervisor, { case: opened.code })).content).toBeNull()
    expect(valueOf(await viewCase(harbour.caseworker, { case: opened.code })).content).not.toBeNull()
  })

  it('is moved by its team only, to a unit of its agency, and not over somebody else’s change', async () => {
    const opened = await openedCase(harbour.caseworker)
    const move = (by: Actor, unit: string, version = opened.version) =>
      moveCase(by, { case: opened.code, unit, version })
    expect(await move(harbour.colleague, 'none')).toMatchObject({ refusal: 'forbidden' })
    expect(await move(clinic.supervisor, 'none')).toMatchObject({ refusal: 'not_found' })
    expect(await move(harbour.caseworker, await unitCode(clinic.unit))).toMatchObject({ refusal: 'invalid' })
    valueOf(await move(harbour.caseworker, 'none'))
    expect(await move(harbour.caseworker, await unitCode(harbour.unit))).toMatchObject({ refusal: 'stale' })
  })

  it('out of no unit goes into one together with all others, for an office that begins to have units', async () => {
    const lone = await office(owner)
    const worker = await memberOf(owner, lone.agency.id, ['caseworker'], null)
    const opened = await openedCase(worker)
    expect(valueOf(await listUnits(lone.admin)).unplaced.cases).toBe(1)
    valueOf(await takeUnplacedCases(lone.admin, { unit: await unitCode(lone.unit) }))
    expect(valueOf(await listUnits(lone.admin)).unplaced.cases).toBe(0)
    expect(valueOf(await viewCase(worker, { case: opened.code })).unit).toBe('Day team')
  })
})
