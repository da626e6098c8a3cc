import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { changeMember, deactivateMember, viewMember } from '@/lib/agencies/member-service'
import { alarmLateReviews, openAccessReviews } from '@/lib/agencies/review-jobs-service'
import { keepAccess, listAccessReviews, viewAccessReview } from '@/lib/agencies/review-service'
import { closeWorker } from '@/lib/platform/db/worker'
import { newId } from '@/lib/platform/ids'
import { ok, refuse } from '@/lib/platform/result'
import { valueOf } from '@/tests/factories/cases'
import { withToken } from '@/tests/factories/networks'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let system: Actor
let review: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  system = await outsider(owner, 'system_admin')
  await openAccessReviews()
  review = valueOf(await listAccessReviews(harbour.admin))[0]?.code ?? ''
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

async function codeOf(actor: Actor): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${actor.member}`
  return row?.code ?? ''
}

const rowOf = async (reader: Actor, of: Actor) => {
  const code = await codeOf(of)
  return valueOf(await viewAccessReview(reader, { review })).members.find(({ member }) => member === code)
}

const noticesOf = async (actor: Actor, kind: string) =>
  owner`SELECT subject, urgent FROM notice WHERE member_id = ${actor.member} AND kind = ${kind}`

describe('the access review of a quarter', () => {
  it('opens by itself once, and tells the administrators', async () => {
    expect(await openAccessReviews()).toBe(0)
    expect(await noticesOf(harbour.admin, 'access-review.due')).toMatchObject([{ subject: review, urgent: false }])
    expect(await noticesOf(harbour.caseworker, 'access-review.due')).toHaveLength(0)
    expect(valueOf(await listAccessReviews(harbour.admin))).toMatchObject([
      { code: review, isOwn: true, completedAt: null, decided: 0, undecided: 4, isLate: false },
    ])
  })

  it('shows of each member roles, sign-in and tokens, keeps a decision, and ends the tokens when asked', async () => {
    await owner`
      INSERT INTO api_token (id, member_id, agency_id, name, hash, expires_at)
      VALUES (${newId()}, ${harbour.colleague.member}, ${harbour.agency.id}, 'script', sha256('t'), now() + interval '9 days')`
    expect(await rowOf(harbour.admin, harbour.colleague)).toMatchObject({
      roles: ['caseworker'],
      tokens: 1,
      mayDecide: true,
    })
    const member = await codeOf(harbour.colleague)
    expect(await keepAccess(harbour.admin, { review, member, endTokens: true })).toEqual(ok())
    expect(await rowOf(harbour.admin, harbour.colleague)).toMatchObject({
      decision: 'kept',
      tokens: 0,
      mayDecide: false,
    })
    expect(await keepAccess(harbour.admin, { review, member })).toEqual(refuse('conflict', 'wrong_state'))
    const events =
      await owner`SELECT type FROM audit_event WHERE subject = ${member} AND type IN ('access-review.decided', 'token.ended')`
    expect(events).toHaveLength(2)
  })

  it('takes a change of roles and a removal as the answer for that member', async () => {
    const supervisor = await codeOf(harbour.supervisor)
    const { name, version } = valueOf(await viewMember(harbour.admin, { member: supervisor }))
    const roles = ['supervisor', 'caseworker'] as const
    expect(await changeMember(harbour.admin, { member: supervisor, name, roles: [...roles], version })).toEqual(ok())
    expect(await rowOf(harbour.admin, harbour.supervisor)).toMatchObject({ decision: 'changed', roles })
    expect(await deactivateMember(harbour.admin, { member: await codeOf(harbour.caseworker) })).toEqual(ok())
    expect(await rowOf(harbour.admin, harbour.caseworker)).toMatchObject({ decision: 'removed' })
  })

  it('lets nobody review themselves: the system administrator takes the administrator’s row, and no other of that agency', async () => {
    const own = await codeOf(harbour.admin)
    expect(await rowOf(harbour.admin, harbour.admin)).toMatchObject({ mayDecide: false })
    expect(await keepAccess(harbour.admin, { review, member: own })).toMatchObject({ refusal: 'not_found' })
    const seen = valueOf(await viewAccessReview(system, { review }))
    expect(seen.members.map(({ member }) => member)).toEqual([own])
    expect(await keepAccess(system, { review, member: await codeOf(harbour.colleague) })).toMatchObject({
      refusal: 'not_found',
    })
    expect(await keepAccess(system, { review, member: own })).toEqual(ok())
    const done = valueOf(await listAccessReviews(harbour.admin)).find(({ code }) => code === review)
    expect(done).toMatchObject({ decided: 4, undecided: 0 })
    expect(done?.completedAt).toBeInstanceOf(Date)
    expect(
      await owner`SELECT 1 FROM audit_event WHERE type = 'access-review.completed' AND subject = ${review}`,
    ).toHaveLength(1)
  })
})

describe('who reviews', () => {
  it('A11: has just shown that it is them, in a session', async () => {
    const clinic = await office(owner)
    await openAccessReviews()
    const code = valueOf(await listAccessReviews(clinic.admin))[0]?.code ?? ''
    const input = { review: code, member: await codeOf(clinic.colleague) }
    await owner`UPDATE session SET proven_at = now() - interval '6 minutes' WHERE member_id = ${clinic.admin.member}`
    expect(await keepAccess(clinic.admin, input)).toEqual(refuse('step_up_required'))
    expect(await keepAccess(withToken(clinic.admin), input)).toEqual(refuse('forbidden'))
    await owner`UPDATE session SET proven_at = now() WHERE member_id = ${clinic.admin.member}`
    expect(await keepAccess(clinic.admin, input)).toEqual(ok())
  })

  it('T04: is no other agency, no caseworker, no coordinator and no auditor', async () => {
    const other = await office(owner)
    const input = { review, member: await codeOf(harbour.colleague) }
    expect(await viewAccessReview(other.admin, { review })).toEqual(refuse('not_found'))
    expect(await keepAccess(other.admin, input)).toMatchObject({ refusal: 'not_found' })
    const rest = [
      other.caseworker,
      other.supervisor,
      await outsider(owner, 'coordinator'),
      await outsider(owner, 'auditor'),
    ]
    for (const actor of rest) {
      expect(await listAccessReviews(actor)).toEqual(refuse('forbidden'))
      expect(await viewAccessReview(actor, { review })).toEqual(refuse('forbidden'))
      expect(await keepAccess(actor, input)).toEqual(refuse('forbidden'))
    }
  })

  it('is a second administrator too, who reviews the first', async () => {
    const shelter = await office(owner)
    const second = await memberOf(owner, shelter.agency.id, ['agency_admin'], null)
    await openAccessReviews()
    const code = valueOf(await listAccessReviews(second))[0]?.code ?? ''
    expect(await keepAccess(second, { review: code, member: await codeOf(shelter.admin) })).toEqual(ok())
  })
})

describe('a review that is late', () => {
  it('raises one alarm, to its administrators and to those of the installation', async () => {
    const late = await office(owner)
    await openAccessReviews()
    await owner`UPDATE access_review SET due_at = now() - interval '1 minute' WHERE agency_id = ${late.agency.id}`
    expect(await alarmLateReviews()).toBe(1)
    expect(await alarmLateReviews()).toBe(0)
    for (const told of [late.admin, system])
      expect(await noticesOf(told, 'access-review.late')).toMatchObject([{ urgent: true }])
    expect(valueOf(await listAccessReviews(late.admin))).toMatchObject([{ isLate: true }])
  })
})
