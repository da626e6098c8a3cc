import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import {
  listTurnedAwayInput,
  recordTurnedAwayInput,
  voidTurnedAwayInput,
  type TurnedAwayView,
} from '@/lib/assistance/turned-away/schema'
import {
  listTurnedAway,
  prepareTurnedAway,
  recordTurnedAway,
  viewTurnedAway,
  voidTurnedAway,
} from '@/lib/assistance/turned-away/service'
import { officesOfOneNetwork } from '@/tests/factories/agreements'
import { valueOf } from '@/tests/factories/cases'
import { outsider, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let clinic: Office
const strangers = new Map<string, Actor>()

const LEAST = { reason: 'no_capacity', category: 'social', sentTo: 'nowhere' }
const turnAway = async (actor: Actor, over: object = {}): Promise<TurnedAwayView> =>
  valueOf(await recordTurnedAway(actor, recordTurnedAwayInput.parse({ ...LEAST, ...over })))
const listed = async (actor: Actor, over: object = {}) =>
  valueOf(await listTurnedAway(actor, listTurnedAwayInput.parse(over)))
const codesOf = ({ items }: { readonly items: readonly TurnedAwayView[] }) => items.map(({ code }) => code)

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  const [first, second] = await officesOfOneNetwork(owner, 2)
  if (first === undefined || second === undefined) throw new Error('Two agencies')
  ;[harbour, clinic] = [first, second]
  const { network } = harbour.admin
  strangers.set('an administrator', harbour.admin)
  strangers.set('a coordinator', await outsider(owner, 'coordinator', { network }))
  strangers.set('an auditor', await outsider(owner, 'auditor', { network }))
  strangers.set('a system administrator', await outsider(owner, 'system_admin'))
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

describe('somebody who is turned away', () => {
  it('takes three answers; what could be seen is added where it is known, and nothing else is kept', async () => {
    const least = await turnAway(harbour.caseworker)
    expect(least).toMatchObject({ ...LEAST, gender: null, age: null, language: null, seen: [], voidReason: null })
    const most = await turnAway(harbour.caseworker, {
      ...{ reason: 'no_interpreter', sentTo: 'agency', sentAgency: clinic.agency.key, gender: 'Feminine' },
      ...{ age: 'adult', language: 'tir', migration: 'asylum', seen: ['interpreter', 'interpreter', 'with_children'] },
    })
    expect(most).toMatchObject({
      ...{ sentAgency: clinic.agency.key, language: 'tir', migration: 'asylum' },
      seen: ['interpreter', 'with_children'],
    })
    const columns = await owner<{ type: string }[]>`
      SELECT format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a
      WHERE a.attrelid = 'turned_away'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('code')
        AND format_type(a.atttypid, a.atttypmod) LIKE 'text%' AND NOT EXISTS (
          SELECT 1 FROM pg_constraint c WHERE c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey) AND c.contype IN ('c', 'f'))`
    expect(columns, 'a text that is bound to no list').toEqual([])
  })

  it('refuses text of any kind, a day that has not come, and an agency that is none', async () => {
    for (const over of [{ note: 'A tall woman' }, { reason: 'She had no room' }, { seen: ['red coat'] }, { age: '34' }])
      expect(recordTurnedAwayInput.safeParse({ ...LEAST, ...over }).success, JSON.stringify(over)).toBe(false)
    const refused = async (over: object) => {
      const answer = await recordTurnedAway(harbour.caseworker, recordTurnedAwayInput.parse({ ...LEAST, ...over }))
      return answer.ok ? [] : Object.keys(answer.errors ?? {})
    }
    expect(await refused({ askedOn: '2999-01-01' })).toEqual(['askedOn'])
    expect(await refused({ sentTo: 'agency', sentAgency: 'elsewhere' })).toEqual(['sentAgency'])
    expect(await refused({ sentTo: 'agency', sentAgency: harbour.agency.key })).toEqual(['sentAgency'])
    // A choice that was changed back leaves its agency in the form.
    expect((await turnAway(harbour.caseworker, { sentAgency: clinic.agency.key })).sentAgency).toBeNull()
  })

  it('is listed for who recorded it and for the agency’s supervisor, and for nobody else', async () => {
    const own = await turnAway(harbour.caseworker)
    const others = await turnAway(harbour.colleague)
    expect(codesOf(await listed(harbour.caseworker))).toContain(own.code)
    expect(codesOf(await listed(harbour.caseworker))).not.toContain(others.code)
    expect(codesOf(await listed(harbour.supervisor))).toEqual(expect.arrayContaining([own.code, others.code]))
    expect(codesOf(await listed(clinic.supervisor))).not.toContain(own.code)
    expect((await viewTurnedAway(harbour.colleague, { record: own.code })).ok).toBe(false)
    expect((await viewTurnedAway(clinic.supervisor, { record: own.code })).ok).toBe(false)
    for (const [who, actor] of strangers) {
      expect((await recordTurnedAway(actor, recordTurnedAwayInput.parse(LEAST))).ok, who).toBe(false)
      expect((await prepareTurnedAway(actor)).ok, who).toBe(false)
      expect((await listTurnedAway(actor, listTurnedAwayInput.parse({}))).ok, who).toBe(false)
      expect((await viewTurnedAway(actor, { record: own.code })).ok, who).toBe(false)
      expect((await voidTurnedAway(actor, { record: own.code, reason: 'mistake' })).ok, who).toBe(false)
    }
  })

  it('pages by key in both directions, filtered or not', async () => {
    const { caseworker } = clinic
    for (let day = 1; day <= 7; day += 1)
      await turnAway(caseworker, { askedOn: `2026-01-0${String(day)}`, category: day % 2 === 0 ? 'legal' : 'medical' })
    const whole = codesOf(await listed(caseworker, { limit: 200 }))
    const first = await listed(caseworker, { limit: 3 })
    const second = await listed(caseworker, { limit: 3, cursor: first.nextCursor ?? '' })
    expect([...codesOf(first), ...codesOf(second)]).toEqual(whole.slice(0, 6))
    const back = await listed(caseworker, { limit: 3, cursor: second.previousCursor ?? '' })
    expect(codesOf(back)).toEqual(codesOf(first))
    expect((await listed(caseworker, { category: 'legal' })).items).toHaveLength(3)
    const ofAnother = listTurnedAwayInput.parse({ category: 'legal', cursor: first.nextCursor ?? '' })
    expect((await listTurnedAway(caseworker, ofAnother)).ok).toBe(false)
  })

  it('counts what is not voided, for supervisors; a voided record stays readable', async () => {
    const before = (await listed(clinic.supervisor)).year?.total ?? 0
    const made = await turnAway(clinic.caseworker, { reason: 'closed' })
    expect((await listed(clinic.supervisor)).year?.total).toBe(before + 1)
    expect((await listed(clinic.caseworker)).year).toBeNull()
    const input = voidTurnedAwayInput.parse({ record: made.code, reason: 'twice', version: 1 })
    expect(valueOf(await voidTurnedAway(clinic.caseworker, input))).toMatchObject({ voidReason: 'twice', version: 2 })
    expect((await listed(clinic.supervisor)).year?.total).toBe(before)
    const again = await voidTurnedAway(clinic.supervisor, input)
    expect(again.ok ? null : again.refusal).toBe('conflict')
    expect(valueOf(await viewTurnedAway(clinic.supervisor, { record: made.code })).voidReason).toBe('twice')
    const events = await owner<{ type: string }[]>`
      SELECT type FROM audit_event WHERE subject = ${made.code} AND action <> 'read' AND outcome = 'success' ORDER BY id`
    expect(events.map(({ type }) => type)).toEqual(['turned-away.recorded', 'turned-away.voided'])
  })

  it('R02: goes over the API, once for one Idempotency-Key', async () => {
    const token = await tokenFor(owner, harbour.caseworker)
    const post = () => callApi('POST', '/turned-away', { token, body: LEAST, headers: { 'idempotency-key': 'door-1' } })
    const made = await post()
    expect(made.status).toBe(201)
    const { code } = made.body as { code: string }
    expect((await post()).body['code']).toBe(code)
    expect((await callApi('GET', `/turned-away/${code}`, { token })).body).toMatchObject(LEAST)
    const list = await callApi('GET', '/turned-away?reason=no_capacity&limit=2', { token })
    expect((list.body['items'] as { code: string }[])[0]?.code).toBe(code)
    const voided = await callApi('POST', `/turned-away/${code}/void`, {
      ...{ token, body: { reason: 'mistake' } },
      headers: { 'idempotency-key': 'door-2' },
    })
    expect(voided.body).toMatchObject({ code, voidReason: 'mistake' })
    for (const [who, actor] of strangers) {
      const answer = await callApi('GET', `/turned-away/${code}`, { token: await tokenFor(owner, actor) })
      expect(answer.status, who).toBe(404)
    }
  })
})
