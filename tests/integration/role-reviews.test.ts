import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { changeMember, viewMember } from '@/lib/agencies/member-service'
import { alarmLateRoleReviews } from '@/lib/agencies/review-jobs-service'
import { listRoleReviews, reviewRoles, viewRoleReview } from '@/lib/agencies/role-review-service'
import { closeWorker } from '@/lib/platform/db/worker'
import { ok, refuse } from '@/lib/platform/result'
import { valueOf } from '@/tests/factories/cases'
import { withToken } from '@/tests/factories/networks'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

type Roles = Parameters<typeof changeMember>[1]['roles']

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let system: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  system = await outsider(owner, 'system_admin')
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

/** Gives a member other roles; returns the reviews of the agency's changes, as its administrator sees them. */
async function change(by: Actor, whom: Actor, roles: Roles) {
  const member = await codeOf(whom)
  const { name, version } = valueOf(await viewMember(by, { member }))
  expect(await changeMember(by, { member, name, roles, version })).toEqual(ok())
  return valueOf(await listRoleReviews(by)).filter((review) => review.member === member)
}

const noticesOf = (actor: Actor, kind: string) =>
  owner`SELECT subject FROM notice WHERE member_id = ${actor.member} AND kind = ${kind}`

describe('a change of roles in a small office', () => {
  it('that gives a member several roles waits for the system administrator, who is told, and holds meanwhile', async () => {
    const [review] = await change(harbour.admin, harbour.supervisor, ['supervisor', 'caseworker'])
    expect(review).toMatchObject({
      rolesBefore: ['supervisor'],
      rolesAfter: ['supervisor', 'caseworker'],
      changedBy: harbour.admin.displayName,
      isLate: false,
      verdict: null,
      mayDecide: false,
    })
    expect(await noticesOf(system, 'role-review.due')).toEqual([{ subject: review?.code }])
    expect(await noticesOf(harbour.admin, 'role-review.due')).toEqual([])
    const [row] = await owner`SELECT roles::text[] AS roles FROM member WHERE id = ${harbour.supervisor.member}`
    expect(row).toEqual({ roles: ['supervisor', 'caseworker'] })
    const [event] =
      await owner`SELECT actor_id AS by FROM audit_event WHERE type = 'role-review.opened' AND subject = ${review?.code ?? ''}`
    expect(event).toEqual({ by: harbour.admin.member })
  })

  it('waits whatever it is, when its administrator works on cases as well; one of a plain administrator does not', async () => {
    const both = await memberOf(owner, harbour.agency.id, ['agency_admin', 'caseworker'], harbour.unit)
    const plain = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    expect(await change(harbour.admin, plain, ['supervisor'])).toEqual([])
    expect(await change(both, plain, ['caseworker'])).toMatchObject([{ rolesAfter: ['caseworker'], verdict: null }])
  })

  it('is reviewed once, by a second person outside of the agency, in a session that is fresh (A11)', async () => {
    const plain = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    const [review] = await change(harbour.admin, plain, ['caseworker', 'agency_admin'])
    const input = { review: review?.code ?? '', verdict: 'not_agreed' as const }
    expect(await reviewRoles(harbour.admin, input)).toEqual(refuse('not_found'))
    expect(await reviewRoles(harbour.caseworker, input)).toEqual(refuse('forbidden'))
    expect(await reviewRoles(withToken(system), input)).toEqual(refuse('forbidden'))
    await owner`UPDATE session SET proven_at = now() - interval '6 minutes' WHERE member_id = ${system.member}`
    expect(await reviewRoles(system, input)).toEqual(refuse('step_up_required'))
    await owner`UPDATE session SET proven_at = now() WHERE member_id = ${system.member}`
    expect(valueOf(await viewRoleReview(system, input))).toMatchObject({ mayDecide: true, verdict: null })
    expect(await reviewRoles(system, input)).toEqual(ok())
    expect(await reviewRoles(system, { ...input, verdict: 'agreed' })).toEqual(refuse('conflict', 'wrong_state'))
    expect(valueOf(await viewRoleReview(harbour.admin, input))).toMatchObject({
      verdict: 'not_agreed',
      reviewedBy: system.displayName,
    })
    expect(await noticesOf(harbour.admin, 'role-review.not-agreed')).toEqual([{ subject: input.review }])
  })

  it('T04: is not there for another agency', async () => {
    const [review] = valueOf(await listRoleReviews(harbour.admin))
    const other = await office(owner)
    expect(valueOf(await listRoleReviews(other.admin))).toEqual([])
    expect(await viewRoleReview(other.admin, { review: review?.code ?? '' })).toEqual(refuse('not_found'))
  })

  it('raises the alarm once when nobody reviews it within three working days', async () => {
    const plain = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    const [review] = await change(harbour.admin, plain, ['caseworker', 'supervisor'])
    const code = review?.code ?? ''
    await alarmLateRoleReviews()
    expect(await noticesOf(system, 'role-review.late')).toEqual([])
    await owner`UPDATE role_review SET due_at = now() - interval '1 minute' WHERE code = ${code}`
    expect(await alarmLateRoleReviews()).toBe(1)
    expect(await alarmLateRoleReviews()).toBe(0)
    for (const told of [system, harbour.admin])
      expect(await noticesOf(told, 'role-review.late')).toEqual([{ subject: code }])
    expect(valueOf(await viewRoleReview(system, { review: code }))).toMatchObject({ isLate: true })
    const [event] =
      await owner`SELECT actor_id AS by FROM audit_event WHERE type = 'role-review.late' AND subject = ${code}`
    expect(event).toEqual({ by: null })
  })
})
