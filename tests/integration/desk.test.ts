import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import type { LogFilters } from '@/lib/audit/log/schema'
import { listAuditEvents } from '@/lib/audit/log/service'
import { closeWorker } from '@/lib/platform/db/worker'
import {
  askSide,
  deskChoices,
  deskMark,
  escalateReferral,
  listDeskLane,
  remindReceivers,
  viewDesk,
  viewMatrix,
  viewWaiting,
} from '@/lib/referrals/desk/service'
import type { DeskLane } from '@/lib/referrals/desk/schema'
import { viewReferral } from '@/lib/referrals/service'
import { valueOf } from '@/tests/factories/cases'
import { outsider, ownerOf } from '@/tests/factories/office'
import { MARKERS, moved, pairOfAgencies, pauseOver, sentReferral, type Pair } from '@/tests/factories/referrals'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let coordinator: Actor
/** The coordinator of another network. */
let stranger: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  coordinator = await outsider(owner, 'coordinator', { network: pair.harbour.admin.network })
  stranger = await outsider(owner, 'coordinator')
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const laneOf = async (lane: DeskLane, actor = coordinator) =>
  valueOf(await listDeskLane(actor, { lane })).items.map(({ code }) => code)
const receiver = () => pair.legalaid.caseworker
const told = async (member: Actor, kind: string) =>
  (await owner`SELECT subject FROM notice WHERE member_id = ${member.member} AND kind = ${kind}`).map((row) =>
    String(row['subject']),
  )

describe('the coordinator’s desk', () => {
  it('has a referral in the lane of what it waits for, and nothing once it is accepted', async () => {
    const { referral } = await sentReferral(owner, pair)
    expect(await laneOf('unseen')).toContain(referral)
    valueOf(await moved(receiver(), referral, 'acknowledge'))
    expect(await laneOf('unseen')).not.toContain(referral)
    expect(await laneOf('undecided')).toContain(referral)
    valueOf(await moved(receiver(), referral, 'request-info', { question: 'Which language?' }))
    const waiting = valueOf(await viewWaiting(coordinator, { referral }))
    expect(waiting.card.clock?.standing).toBe('stopped')
    const asked = valueOf(await viewReferral(receiver(), { referral }))
    const onBoard = valueOf(await viewDesk(coordinator, {})).lanes.undecided.items.find(({ code }) => code === referral)
    for (const card of [waiting.card, onBoard])
      expect(card).toMatchObject({ pauseEndsAt: asked.pauseEndsAt, unanswered: false })
    await pauseOver(owner, referral)
    expect(valueOf(await viewWaiting(coordinator, { referral })).card).toMatchObject({
      ...{ pauseEndsAt: null, unanswered: true },
      clock: { standing: 'running' },
    })
    valueOf(await moved(pair.harbour.caseworker, referral, 'answer-info', { answer: 'Tigrinya.' }))
    valueOf(await moved(receiver(), referral, 'accept'))
    expect(await laneOf('undecided')).not.toContain(referral)
    expect(await viewWaiting(coordinator, { referral })).toMatchObject({ ok: false, refusal: 'not_found' })
  })

  it('keeps what was declined until somebody else is asked, with who else could take it', async () => {
    const { referral } = await sentReferral(owner, pair)
    valueOf(await moved(receiver(), referral, 'decline', { declineReason: 'no_capacity' }))
    const { card } = valueOf(await viewWaiting(coordinator, { referral }))
    expect(card).toMatchObject({ lane: 'unplaced', declineReason: 'no_capacity', fitting: 0, withRoom: 0, clock: null })
    expect(await laneOf('unplaced')).toContain(referral)
    await owner`
      UPDATE need SET state = 'met' WHERE id IN (SELECT need_id FROM referral_need rn JOIN referral r ON r.id = rn.referral_id WHERE r.code = ${referral})`
    expect(await laneOf('unplaced')).not.toContain(referral)
  })

  it('puts the soonest limit first and counts what it shows, also narrowed', async () => {
    const first = (await sentReferral(owner, pair)).referral
    const second = (await sentReferral(owner, pair)).referral
    await owner`UPDATE referral SET acknowledge_by = acknowledge_by - interval '1 day', overdue_at = clock_timestamp() WHERE code = ${second}`
    const codes = await laneOf('unseen')
    expect(codes.indexOf(second)).toBeLessThan(codes.indexOf(first))
    const desk = valueOf(await viewDesk(coordinator, {}))
    expect(desk.lanes.unseen.n).toBe(codes.length)
    expect(desk.lanes.unseen.late).toBe(1)
    expect(desk.lanes.unseen.items[0]?.code).toBe(second)
    const [bottleneck] = desk.bottlenecks
    expect(bottleneck).toMatchObject({ category: 'legal', late: 1, offeredBy: 1 })
    expect(desk.declines).toEqual([{ reason: 'no_capacity', n: 1 }])
    expect(valueOf(await viewDesk(coordinator, { category: 'medical' })).lanes.unseen.n).toBe(0)
    expect(valueOf(await viewDesk(coordinator, { agency: pair.legalaid.agency.key })).lanes.unseen.n).toBe(codes.length)
    // By where the service is for; one without an area is for everywhere.
    const area = { category: 'legal', area: 'north' } as const
    await owner`INSERT INTO network_area (network_id, key, name) VALUES (${coordinator.network}, 'north', 'North'), (${coordinator.network}, 'south', 'South')`
    expect(valueOf(await deskChoices(coordinator)).areas.map(({ key }) => key)).toEqual(['north', 'south'])
    const narrowed = async () => {
      const { n, items } = valueOf(await viewDesk(coordinator, area)).lanes.unseen
      expect(valueOf(await listDeskLane(coordinator, { lane: 'unseen', ...area })).items).toHaveLength(n)
      return [n, items.length]
    }
    const all = await narrowed()
    expect(all[0]).toBe(codes.length)
    await owner`UPDATE listed_service SET areas = '{south}' WHERE code = ${pair.service.code}`
    expect(await narrowed()).toEqual([0, 0])
    await owner`UPDATE listed_service SET areas = '{south,north}' WHERE code = ${pair.service.code}`
    expect(await narrowed()).toEqual(all)
    expect(valueOf(await viewMatrix(coordinator))).toEqual([
      expect.objectContaining({
        from: pair.harbour.agency.key,
        to: pair.legalaid.agency.key,
        declined: 1,
        accepted: 1,
        late: 1,
      }),
    ])
  })

  it('reads what happened to each referral that was sent, by code and agency alone, page by page', async () => {
    const { referral, person, case: file } = await sentReferral(owner, pair)
    valueOf(await moved(receiver(), referral, 'acknowledge'))
    valueOf(await moved(receiver(), referral, 'accept'))
    const log = async (filters: LogFilters, actor = coordinator) => valueOf(await listAuditEvents(actor, filters))
    const { scope, items } = await log({ subject: referral })
    expect(scope).toBe('referrals')
    expect(items.map(({ type, by }) => [type, by])).toEqual([
      ['referral.accepted', pair.legalaid.agency.name],
      ['referral.acknowledged', pair.legalaid.agency.name],
      ['referral.sent', pair.harbour.agency.name],
    ])
    const text = JSON.stringify(await log({ limit: 200 }))
    for (const secret of [person, file, pair.harbour.caseworker.member, ...Object.values(MARKERS)])
      expect(text).not.toContain(secret)
    expect((await log({ limit: 200 })).items.map(({ type }) => type)).not.toContain('referral.drafted')

    const first = await log({ limit: 2, subject: referral })
    const second = await log({ limit: 2, subject: referral, cursor: first.nextCursor ?? '' })
    expect([...first.items, ...second.items]).toEqual(items)
    expect((await log({ subject: referral, type: 'referral.sent' })).items).toHaveLength(1)
    expect((await log({}, stranger)).items.map(({ subject }) => subject)).toEqual([])
    for (const actor of [pair.harbour.caseworker, receiver(), pair.harbour.admin])
      expect(await listAuditEvents(actor, { scope: 'referrals' })).toMatchObject({ ok: false, refusal: 'forbidden' })
  })

  it('tells no other role and no other network anything, and holds no byte of the person', async () => {
    const { referral, person, case: file, need } = await sentReferral(owner, pair)
    const { harbour, legalaid } = pair
    const auditor = await outsider(owner, 'auditor', { network: harbour.admin.network })
    for (const actor of [harbour.caseworker, harbour.supervisor, legalaid.caseworker, harbour.admin, auditor]) {
      for (const refused of [
        await viewDesk(actor, {}),
        await listDeskLane(actor, { lane: 'unseen' }),
        await viewMatrix(actor),
        await deskMark(actor),
        await deskChoices(actor),
      ])
        expect(refused).toMatchObject({ ok: false, refusal: 'forbidden' })
      for (const refused of [
        await viewWaiting(actor, { referral }),
        await remindReceivers(actor, { referral }),
        await escalateReferral(actor, { referral }),
      ])
        expect(refused).toMatchObject({ ok: false, refusal: 'not_found' })
    }
    expect(await laneOf('unseen', stranger)).toEqual([])
    expect(valueOf(await viewMatrix(stranger))).toEqual([])
    expect(await viewWaiting(stranger, { referral })).toMatchObject({ ok: false, refusal: 'not_found' })
    expect(await remindReceivers(stranger, { referral })).toMatchObject({ ok: false, refusal: 'not_found' })

    const shown = JSON.stringify([
      await viewDesk(coordinator, {}),
      await listDeskLane(coordinator, { lane: 'unseen' }),
      await viewWaiting(coordinator, { referral }),
      await viewMatrix(coordinator),
    ])
    for (const secret of [...Object.values(MARKERS), person, file, need, 'Needs advice this week'])
      expect(shown).not.toContain(secret)
  })

  it('reminds, asks and passes upwards, each told and written down, and not twice in a row', async () => {
    const { referral } = await sentReferral(owner, pair)
    expect(await remindReceivers(coordinator, { referral })).toMatchObject({ ok: true })
    expect(await told(receiver(), 'referral.reminded')).toEqual([referral])
    expect(await remindReceivers(coordinator, { referral })).toMatchObject({
      ok: false,
      refusal: 'conflict',
      reason: 'too_soon',
    })
    expect(await askSide(coordinator, { referral, words: 'later_start' })).toMatchObject({ ok: true })
    expect(await told(receiver(), 'referral.asked')).toEqual([referral])
    expect(await askSide(coordinator, { referral, words: 'ask_consent' })).toMatchObject({ ok: true })
    expect(await told(pair.harbour.caseworker, 'referral.asked')).toEqual([referral])
    expect(await escalateReferral(coordinator, { referral })).toMatchObject({ ok: true })
    for (const above of [pair.legalaid.supervisor, pair.legalaid.admin])
      expect(await told(above, 'referral.escalated')).toEqual([referral])

    const { acts } = valueOf(await viewWaiting(coordinator, { referral }))
    expect(acts.map(({ kind, words }) => words ?? kind)).toEqual([
      'escalated',
      'ask_consent',
      'later_start',
      'reminded',
    ])
    const events =
      await owner`SELECT type, case_id, person_id FROM audit_event WHERE subject = ${referral} AND agency_id = ${coordinator.agency}`
    expect(events.map((row) => String(row['type']))).toEqual(
      expect.arrayContaining(['referral.reminded', 'referral.asked', 'referral.escalated', 'desk.viewed']),
    )
    for (const event of events) expect([event['case_id'], event['person_id']]).toEqual([null, null])

    valueOf(await moved(receiver(), referral, 'decline', { declineReason: 'outside_area' }))
    expect(await remindReceivers(coordinator, { referral })).toMatchObject({ ok: false, reason: 'wrong_state' })
    expect(await askSide(coordinator, { referral, words: 'other_agency' })).toMatchObject({ ok: true })
  })

  it('changes its mark with whatever waits', async () => {
    const before = valueOf(await deskMark(coordinator))
    const { referral } = await sentReferral(owner, pair)
    const sent = valueOf(await deskMark(coordinator))
    valueOf(await moved(receiver(), referral, 'acknowledge'))
    expect(new Set([before, sent, valueOf(await deskMark(coordinator))]).size).toBe(3)
    expect(valueOf(await viewReferral(coordinator, { referral })).side).toBe('desk')
  })
})
