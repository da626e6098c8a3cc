import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { searchDirectoryInput } from '@/lib/directory/schema'
import {
  addListedService,
  changeListedService,
  endListedService,
  listOwnEntry,
  prepareOffer,
  searchDirectory,
  setReceivers,
  updateRoom,
  viewFacets,
  viewListedService,
} from '@/lib/directory/service'
import { newId } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { officesOfOneNetwork } from '@/tests/factories/agreements'
import { valueOf } from '@/tests/factories/cases'
import { codesOf, listedService, networkArea, offer } from '@/tests/factories/directory'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let clinic: Office
let coordinator: Actor
let auditor: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  const [first, second] = await officesOfOneNetwork(owner, 2)
  if (first === undefined || second === undefined) throw new Error('Two agencies')
  ;[harbour, clinic] = [first, second]
  const { network } = harbour.admin
  coordinator = await outsider(owner, 'coordinator', { network })
  auditor = await outsider(owner, 'auditor', { network })
  for (const key of ['north', 'east']) await networkArea(owner, network, key)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

async function clearAll(): Promise<void> {
  for (const table of [
    'listed_service_receiver',
    'listed_service_room',
    'listed_service',
    'agreement_party',
    'agreement',
  ])
    await owner`DELETE FROM ${owner(table)}`
}

const search = (actor: Actor, over: Readonly<Record<string, unknown>> = {}) =>
  searchDirectory(actor, searchDirectoryInput.parse(over))
const found = async (actor: Actor, over: Readonly<Record<string, unknown>> = {}) =>
  valueOf(await search(actor, over)).items
const viewed = async (actor: Actor, service: string) => valueOf(await viewListedService(actor, { service }))

/** What the database itself says of who may answer, as the functions that answer a referral ask it. */
async function mayAnswer(service: string, actor: Actor): Promise<boolean> {
  return owner.begin(async (sql) => {
    await sql.unsafe(`SET LOCAL ROLE ${database.rolePrefix}definer`)
    const [row] = await sql<{ may: boolean }[]>`SELECT app.may_answer_for(${service}, ${actor.member}, now()) AS may`
    return row?.may === true
  })
}
const iAnswer = async (service: string, actor: Actor) =>
  valueOf(
    await withActor(actor, async (tx) => {
      const [row] = await tx.$queryRaw<{ may: boolean }[]>`SELECT app.i_answer_for(${service}::uuid) AS may`
      const mine = await tx.$queryRaw<{ id: string }[]>`SELECT app.services_i_answer_for() AS id`
      expect(mine.some(({ id }) => id === service)).toBe(row?.may)
      return ok(row?.may === true)
    }),
  )

describe('an entry of the directory', () => {
  it('is made by the supervisor or the administrator of its agency, and by nobody else', async () => {
    await clearAll()
    for (const other of [harbour.caseworker, coordinator, auditor, await outsider(owner, 'system_admin')]) {
      expect(await addListedService(other, offer())).toMatchObject({ refusal: 'forbidden' })
      expect(await prepareOffer(other)).toMatchObject({ refusal: 'forbidden' })
    }
    const made = valueOf(await addListedService(harbour.admin, offer({ name: 'Night shelter' })))
    valueOf(await addListedService(harbour.supervisor, offer()))
    expect(
      valueOf(await listOwnEntry(harbour.caseworker))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Advice', 'Night shelter'])
    const events = await owner`SELECT type FROM audit_event WHERE subject = ${made.code} ORDER BY id`
    expect(events.map((row) => String(row['type']))).toEqual(['listed-service.added'])
  })

  it('says back what was entered', async () => {
    await clearAll()
    const [receiver] = await codesOf(harbour, [harbour.caseworker])
    const made = valueOf(
      await addListedService(
        harbour.supervisor,
        offer({
          ...{ category: 'social', type: 'emergency_shelter', name: 'Night shelter', description: 'Ring first.' },
          ...{
            minAge: 18,
            maxAge: 64,
            genders: ['Feminine'],
            languages: ['Tigrinya', 'eng', 'eng'],
            interpreters: true,
          },
          ...{ areas: ['north'], stepFree: true, withChildren: true, unit: 'beds', maximum: 6, available: 2 },
          opening: [
            { day: '1', opens: '09:00', closes: '17:30' },
            { day: '2' },
            { day: 7, opens: '20:00', closes: '24:00' },
          ],
          receivers: [receiver],
        }),
      ),
    )
    expect(made).toMatchObject({
      ...{ agency: harbour.agency.key, category: 'social', type: 'emergency_shelter', status: 'active', version: 1 },
      ...{
        minAge: 18,
        maxAge: 64,
        genders: ['Feminine'],
        languages: ['tir', 'eng'],
        interpreters: true,
        areas: ['north'],
      },
      ...{ stepFree: true, withChildren: true, receivers: 1, standIns: 0 },
      opening: [
        { day: 1, opens: '09:00', closes: '17:30' },
        { day: 7, opens: '20:00', closes: '24:00' },
      ],
      room: { unit: 'beds', maximum: 6, available: 2, version: 1 },
      answering: [{ code: receiver, standsIn: false, mayAnswer: true, isAway: false }],
      lastChange: { by: harbour.supervisor.displayName },
      may: { change: true, updateRoom: true, answer: false },
    })
    expect(valueOf(await viewFacets(clinic.caseworker))).toMatchObject({ languages: ['eng', 'tir'] })
  })

  it('refuses what can’t be', async () => {
    for (const over of [
      { type: 'emergency_shelter' },
      { minAge: 40, maxAge: 18 },
      { available: 4, maximum: 3 },
      { opening: [{ day: 1, opens: '17:00', closes: '09:00' }] },
      { opening: [{ day: 8, opens: '09:00', closes: '17:00' }] },
      { languages: ['Elvish'] },
      { name: ' ' },
    ])
      expect(() => offer(over), JSON.stringify(over)).toThrow()
    expect(await addListedService(harbour.admin, offer({ areas: ['moon'] }))).toMatchObject({
      errors: { areas: ['directory.errors.area'] },
    })
    const [stranger, administrator] = [
      await codesOf(clinic, [clinic.caseworker]),
      await codesOf(harbour, [harbour.admin]),
    ]
    for (const standIns of [stranger, administrator, ['MBR-000000000']])
      expect(await addListedService(harbour.admin, offer({ standIns }))).toMatchObject({
        errors: { standIns: ['directory.errors.member'] },
      })
  })

  it('is changed by who keeps it, as they saw it, and stays what it is; what has ended stays as it was', async () => {
    await clearAll()
    const { code } = await listedService(harbour)
    const change = { service: code, version: 2, name: 'Advice by phone', minAge: 16, status: 'paused' as const }
    for (const other of [harbour.caseworker, clinic.supervisor, coordinator])
      for (const answer of [
        await changeListedService(other, change),
        await endListedService(other, change),
        await setReceivers(other, { ...change, receivers: [], standIns: [] }),
      ])
        expect(answer).toMatchObject({ refusal: 'forbidden' })
    for (const stranger of [auditor, (await office(owner)).supervisor])
      expect(await changeListedService(stranger, change)).toMatchObject({ refusal: 'not_found' })
    expect(await changeListedService(harbour.admin, { ...change, version: 1 })).toMatchObject({ refusal: 'stale' })
    expect(valueOf(await changeListedService(harbour.admin, change))).toMatchObject({
      ...{ name: 'Advice by phone', minAge: 16, maxAge: null, status: 'paused', version: 3, category: 'legal' },
    })
    expect(await changeListedService(harbour.admin, { service: code, version: 3, maxAge: 15 })).toMatchObject({
      errors: { maxAge: ['directory.errors.ages'] },
    })
    expect(
      valueOf(await changeListedService(harbour.admin, { service: code, version: 3, minAge: null })).minAge,
    ).toBeNull()
    valueOf(await endListedService(harbour.admin, { service: code, version: 4 }))
    for (const answer of [
      await changeListedService(harbour.admin, { ...change, version: 5 }),
      await endListedService(harbour.admin, { service: code, version: 5 }),
    ])
      expect(answer).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
    expect(await updateRoom(harbour.caseworker, { service: code, available: 1 })).toMatchObject({
      refusal: 'forbidden',
    })
    expect(await found(clinic.caseworker)).toEqual([])
    expect((await viewed(clinic.caseworker, code)).status).toBe('ended')
    expect(valueOf(await listOwnEntry(harbour.caseworker)).map(({ status }) => status)).toEqual(['ended'])
  })

  it('T04: is known to everybody of its network who works with cases, coordinates or administers, and to nobody else', async () => {
    await clearAll()
    const { code } = await listedService(harbour)
    for (const reader of [harbour.colleague, clinic.caseworker, clinic.admin, coordinator]) {
      expect(await found(reader)).toMatchObject([{ code, receivers: 1 }])
      const isColleague = reader.agency === harbour.agency.id
      expect((await viewed(reader, code)).answering === null).toBe(!isColleague)
    }
    const stranger = await office(owner)
    for (const other of [stranger.caseworker, stranger.admin, await outsider(owner, 'coordinator')]) {
      expect(await found(other)).toEqual([])
      expect(await viewListedService(other, { service: code })).toEqual(
        await viewListedService(other, { service: 'DIR-000000000' }),
      )
    }
    for (const other of [auditor, await outsider(owner, 'system_admin', { network: harbour.admin.network })]) {
      expect(await search(other)).toMatchObject({ refusal: 'forbidden' })
      expect(await listOwnEntry(other)).toMatchObject({ refusal: 'forbidden' })
      expect(await viewListedService(other, { service: code })).toMatchObject({ refusal: 'not_found' })
    }
  })
})

describe('who answers', () => {
  it('are the receivers and stand-ins of the service, and who stands in for one who is away', async () => {
    await clearAll()
    const standIn = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    const deputy = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    const { id } = await listedService(harbour, {}, { receivers: [harbour.caseworker], standIns: [standIn] })
    const answers = async () =>
      Promise.all(
        [harbour.caseworker, standIn, deputy, harbour.colleague, harbour.supervisor, clinic.caseworker].map(
          async (one) => {
            expect(await iAnswer(id, one)).toBe(await mayAnswer(id, one))
            return mayAnswer(id, one)
          },
        ),
      )
    expect(await answers()).toEqual([true, true, false, false, false, false])
    await owner`
      INSERT INTO absence (id, agency_id, member_id, stand_in_id, set_by_id, starts_at, ends_at)
      VALUES (${newId()}, ${harbour.agency.id}, ${harbour.caseworker.member}, ${deputy.member}, ${harbour.caseworker.member}, now() - interval '1 hour', now() + interval '1 hour')`
    expect(await answers()).toEqual([true, true, true, false, false, false])
    await owner`UPDATE absence SET ends_at = now() - interval '1 minute' WHERE stand_in_id = ${deputy.member}`
    expect(await answers()).toEqual([true, true, false, false, false, false])
    await owner`DELETE FROM absence WHERE stand_in_id = ${deputy.member}`
  })

  it('are no longer those who have left, or work with no cases any more', async () => {
    await clearAll()
    const leaver = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    const mover = await memberOf(owner, harbour.agency.id, ['supervisor', 'agency_admin'], harbour.unit)
    const { id, code } = await listedService(harbour, {}, { receivers: [leaver], standIns: [mover] })
    expect([await mayAnswer(id, leaver), await mayAnswer(id, mover)]).toEqual([true, true])
    await owner`UPDATE member SET status = 'deactivated', deactivated_at = now() WHERE id = ${leaver.member}`
    await owner`UPDATE member SET roles = '{agency_admin}' WHERE id = ${mover.member}`
    expect([await mayAnswer(id, leaver), await mayAnswer(id, mover)]).toEqual([false, false])
    expect(await viewed(harbour.admin, code)).toMatchObject({
      ...{ receivers: 0, standIns: 0 },
      answering: [{ mayAnswer: false }, { mayAnswer: false }],
    })
  })

  it('are set by who keeps the entry; a colleague named twice receives', async () => {
    await clearAll()
    const { code } = await listedService(harbour, {}, { receivers: [] })
    const [one, two] = [await codesOf(harbour, [harbour.caseworker]), await codesOf(harbour, [harbour.colleague])]
    const set = { service: code, version: 1, receivers: one, standIns: [...one, ...two] }
    const after = valueOf(await setReceivers(harbour.admin, set))
    expect(after).toMatchObject({ receivers: 1, standIns: 1, version: 2 })
    expect(await setReceivers(harbour.admin, set)).toMatchObject({ refusal: 'stale' })
    valueOf(await setReceivers(harbour.admin, { ...set, version: 2, receivers: [], standIns: [] }))
    expect(await viewed(harbour.caseworker, code)).toMatchObject({ receivers: 0, standIns: 0, answering: [] })
  })
})

describe('room', () => {
  it('is told in one press by who answers or keeps the entry, and by nobody else', async () => {
    await clearAll()
    const { code } = await listedService(harbour, { available: 3, maximum: 10 })
    for (const other of [harbour.colleague, clinic.supervisor, coordinator])
      expect(await updateRoom(other, { service: code, available: 1 })).toMatchObject({ refusal: 'forbidden' })
    expect(
      valueOf(await updateRoom(harbour.caseworker, { service: code, available: 2, roomVersion: 1 })).room,
    ).toMatchObject({
      available: 2,
      version: 2,
    })
    // The same press again, and a colleague's press from an older page.
    valueOf(await updateRoom(harbour.caseworker, { service: code, available: 2, roomVersion: 1 }))
    expect(await updateRoom(harbour.admin, { service: code, available: 1, roomVersion: 1 })).toMatchObject({
      refusal: 'stale',
    })
    expect(await updateRoom(harbour.supervisor, { service: code, available: 11 })).toMatchObject({ refusal: 'invalid' })
    expect(
      valueOf(await updateRoom(harbour.supervisor, { service: code, available: null, maximum: 12 })).room,
    ).toMatchObject({
      available: null,
      maximum: 12,
    })
    const [by] = await owner<{ updated_by_id: string }[]>`SELECT updated_by_id FROM listed_service_room`
    expect(by?.updated_by_id).toBe(harbour.supervisor.member)
  })

  it('counts as unknown once the number is three days old', async () => {
    await clearAll()
    const { code } = await listedService(harbour, { available: 3 })
    const roomOf = async () => (await viewed(clinic.caseworker, code)).fit.room
    expect(await roomOf()).toBe('free')
    await owner`UPDATE listed_service_room SET updated_at = now() - interval '73 hours'`
    expect(await roomOf()).toBe('old')
    expect(await found(clinic.caseworker, { room: 'yes' })).toEqual([])
    valueOf(await updateRoom(harbour.caseworker, { service: code, available: 0 }))
    expect(await roomOf()).toBe('full')
    valueOf(await updateRoom(harbour.caseworker, { service: code, available: null }))
    expect(await roomOf()).toBe('unknown')
  })
})

describe('the database itself', () => {
  it('T07: lets nobody list, change or answer for another agency, whatever the code above it does', async () => {
    await clearAll()
    const { id } = await listedService(harbour, {}, { receivers: [harbour.caseworker] })
    const tried = async (actor: Actor, statement: (id: string, agency: string) => string) =>
      withActor(actor, async (tx) => ok(await tx.$executeRawUnsafe(statement(id, harbour.agency.id)))).then(
        (done) => (done.ok ? done.value : 'refused'),
        () => 'refused',
      )
    const rename = (service: string) => `UPDATE listed_service SET name = 'Other' WHERE id = '${service}'`
    const room = (service: string) =>
      `UPDATE listed_service_room SET available = 9 WHERE listed_service_id = '${service}'`
    const join = (service: string, agency: string) =>
      `INSERT INTO listed_service_receiver (listed_service_id, agency_id, member_id) SELECT '${service}', '${agency}', app.member_id()`
    const leave = (service: string) => `DELETE FROM listed_service_receiver WHERE listed_service_id = '${service}'`
    expect(await tried(harbour.supervisor, rename)).toBe(1)
    expect(await tried(harbour.caseworker, room)).toBe(1)
    for (const other of [clinic.supervisor, clinic.admin, harbour.colleague, harbour.caseworker]) {
      expect(await tried(other, rename)).toBe(0)
      expect(await tried(other, leave)).toBe(0)
      expect(await tried(other, join)).toBe('refused')
    }
    for (const other of [clinic.supervisor, harbour.colleague]) expect(await tried(other, room)).toBe(0)
    for (const statement of [rename, room, leave, join]) expect(await tried(coordinator, statement)).toBe('refused')
    expect(
      await tried(
        harbour.supervisor,
        (service) => `UPDATE listed_service SET type = 'civil_documents' WHERE id = '${service}'`,
      ),
    ).toBe('refused')
    expect(await tried(harbour.supervisor, (service) => `DELETE FROM listed_service WHERE id = '${service}'`)).toBe(
      'refused',
    )
  })
})
