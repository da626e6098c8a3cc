import type postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { logContactInput } from '@/lib/assistance/contacts/schema'
import { logContact } from '@/lib/assistance/contacts/service'
import { addNeedInput } from '@/lib/assistance/needs/schema'
import { addNeed } from '@/lib/assistance/needs/service'
import { amendService } from '@/lib/assistance/services/amend-service'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { workerHandle } from '@/lib/cases/data'
import { openCase, restrictCase, viewCase } from '@/lib/cases/service'
import { assignMember } from '@/lib/cases/team-service'
import { ok, type Result } from '@/lib/platform/result'
import { loggedContact, loggedService, send } from '@/tests/factories/assistance'
import { openedCase, restrictedCase, valueOf } from '@/tests/factories/cases'
import { office, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
beforeEach(async () => {
  harbour = await office(owner)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

/** What the agency's other caseworkers can read of its tables, by the database's own word. */
async function seenBy(actor: Actor): Promise<Record<string, number>> {
  const counted = await withActor(actor, async (tx) =>
    ok({
      persons: await tx.person.count(),
      cases: await tx.caseFile.count(),
      assignments: await tx.assignment.count(),
      needs: await tx.need.count(),
      services: await tx.service.count(),
      paragraphs: await tx.serviceMandate.count(),
      counts: await tx.caseServiceCount.count(),
      tasks: await tx.task.count(),
    }),
  )
  return valueOf(counted)
}

const NOTHING = { persons: 0, cases: 0, assignments: 0, needs: 0, services: 0, paragraphs: 0, counts: 0, tasks: 0 }

/** Does two things so that the second begins while the first has written and not yet committed. */
async function overlapping(
  actor: Actor,
  first: () => Promise<Result<unknown>>,
  second: () => Promise<Result<unknown>>,
): Promise<void> {
  let began: () => void = () => undefined
  const hasBegun = new Promise<void>((resolve) => (began = resolve))
  const one = withActor(actor, async () => {
    const done = await first()
    began()
    await new Promise((resolve) => setTimeout(resolve, 400))
    return done
  })
  await hasBegun
  const two = second()
  valueOf(await one)
  valueOf(await two)
}

describe('what is written on a restricted case (invariant 5, trap T11)', () => {
  it('is hidden in every table, also when it comes after the restriction', async () => {
    const on = (await restrictedCase(harbour.caseworker)).code
    const service = await loggedService(harbour.caseworker, { case: on, note: 'Kind words' })
    valueOf(await addNeed(harbour.caseworker, addNeedInput.parse({ case: on, category: 'legal' })))
    await loggedContact(harbour.caseworker, { case: on, text: 'Spoke briefly' })
    valueOf(
      await amendService(
        harbour.caseworker,
        amendServiceInput.parse({
          service: service.code,
          version: 1,
          reason: 'It was a permit',
          category: 'residency',
          type: 'temporary_permit',
        }),
      ),
    )
    expect(await seenBy(harbour.colleague)).toEqual(NOTHING)
    expect(await seenBy(harbour.supervisor)).toEqual(NOTHING)
    expect(await seenBy(harbour.caseworker)).toMatchObject({ cases: 1, services: 1, needs: 1 })
  })

  it.each<[string, (actor: Actor, on: string) => Promise<Result<unknown>>]>([
    ['a need', (actor, on) => addNeed(actor, addNeedInput.parse({ case: on, category: 'legal' }))],
    ['a service', (actor, on) => send(actor, { case: on, category: 'social', type: 'transport' })],
    ['a contact', (actor, on) => logContact(actor, logContactInput.parse({ case: on, kind: 'call' }))],
  ])('is hidden also when it was on its way while the case was restricted: %s', async (_what, write) => {
    const on = (await openedCase(harbour.caseworker)).code
    valueOf(await assignMember(harbour.caseworker, { case: on, member: workerHandle(harbour.colleague.member) }))
    await overlapping(
      harbour.caseworker,
      () => write(harbour.caseworker, on),
      () => restrictCase(harbour.colleague, { case: on }),
    )
    expect(valueOf(await viewCase(harbour.caseworker, { case: on })).restricted).toBe(true)
    expect(await seenBy(harbour.supervisor)).toEqual(NOTHING)
  })

  it('hides a further case of the person that was being opened meanwhile', async () => {
    const first = await openedCase(harbour.caseworker)
    valueOf(
      await assignMember(harbour.caseworker, { case: first.code, member: workerHandle(harbour.colleague.member) }),
    )
    await overlapping(
      harbour.caseworker,
      () => openCase(harbour.caseworker, { person: first.person }),
      () => restrictCase(harbour.colleague, { case: first.code }),
    )
    expect(await seenBy(harbour.supervisor)).toEqual(NOTHING)

    const other = await openedCase(harbour.caseworker)
    valueOf(
      await assignMember(harbour.caseworker, { case: other.code, member: workerHandle(harbour.colleague.member) }),
    )
    await overlapping(
      harbour.colleague,
      () => restrictCase(harbour.colleague, { case: other.code }),
      () => openCase(harbour.caseworker, { person: other.person }),
    )
    expect(await seenBy(harbour.supervisor)).toEqual(NOTHING)
  })
})
