import pg from 'pg'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { deactivateMember } from '@/lib/agencies/member-service'
import { addHoliday, viewNetwork } from '@/lib/agencies/network-service'
import { logServiceInput } from '@/lib/assistance/services/schema'
import { logService } from '@/lib/assistance/services/service'
import { restrictCase } from '@/lib/cases/service'
import { setReceivers } from '@/lib/directory/service'
import { mailText } from '@/lib/notifications/mail-text'
import { viewListedService } from '@/lib/directory/service'
import { closeWorker } from '@/lib/platform/db/worker'
import { ok } from '@/lib/platform/result'
import { viewDesk, viewWaiting } from '@/lib/referrals/desk/service'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { listReferralsInput } from '@/lib/referrals/schema'
import { listReferrals, readPackage, viewReferral } from '@/lib/referrals/service'
import { listReferralsToAnswer } from '@/lib/referrals/to-answer-service'
import { signedAgreement } from '@/tests/factories/agreements'
import { openNeed } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import { networkKeyOf } from '@/tests/factories/networks'
import { memberOf, office, outsider, ownerOf } from '@/tests/factories/office'
import {
  agreedTo,
  caseToRefer,
  MARKERS,
  moved,
  pairOfAgencies,
  refer,
  sentReferral,
  type Pair,
} from '@/tests/factories/referrals'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let sender: Actor
let receiver: Actor
let coordinator: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  sender = pair.harbour.caseworker
  receiver = pair.legalaid.caseworker
  coordinator = await outsider(owner, 'coordinator', { network: pair.harbour.admin.network })
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const codesIn = async (actor: Actor, box: 'in' | 'out' | 'desk') =>
  valueOf(await listReferrals(actor, listReferralsInput.parse({ box, limit: 200 }))).items.map(({ code }) => code)

describe('what is of one case', () => {
  it('trap T2: is not taken for another one: needs at making and accepting, services under a grant', async () => {
    const [one, other] = [await sentReferral(owner, pair), await caseToRefer(owner, pair)]
    const mixed = { case: one.case, needs: [one.need, other.need], directoryService: pair.service.code }
    expect(await refer(sender, mixed)).toMatchObject({ ok: false, refusal: 'invalid', reason: 'needs' })
    expect(await moved(receiver, one.referral, 'accept', { needs: [other.need] })).toMatchObject({ refusal: 'invalid' })
    valueOf(await moved(receiver, one.referral, 'accept'))
    const service = { category: 'legal', type: 'information_advice' }
    expect(await logService(receiver, logServiceInput.parse({ ...service, case: other.case }))).toMatchObject({
      refusal: 'not_found',
    })
    expect(
      await logService(receiver, logServiceInput.parse({ ...service, case: one.case, need: other.need })),
    ).toMatchObject({ ok: false })
    // A list of one case's referrals holds no other's, whoever asks by which code.
    const token = await tokenFor(owner, sender)
    const listed = await callApi('GET', `/referrals?box=out&case=${other.case}`, { token })
    expect(listed.body).toMatchObject({ items: [] })
  })
})

describe('a consent', () => {
  it('trap T5: that has run out, or names another agency, lets nothing through, before sending and after accepting', async () => {
    const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
    const over = await caseToRefer(owner, pair, { endsOn: yesterday })
    const input = (of: { case: string; need: string }) => ({
      ...{ case: of.case, needs: [of.need], directoryService: pair.service.code, send: true },
    })
    expect(await refer(sender, input(over))).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })

    const person = await registeredPerson(sender)
    const elsewhere = (await openedCase(sender, { person })).code
    const need = (await openNeed(sender, { case: elsewhere })).code
    await agreedTo(owner, elsewhere, await office(owner, { network: pair.harbour.admin.network }))
    expect(await refer(sender, input({ case: elsewhere, need }))).toMatchObject({ reason: 'no_basis' })

    const { referral, consent } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    valueOf(await readPackage(receiver, { referral }))
    await owner`ALTER TABLE consent DISABLE TRIGGER consent_kept`
    await owner`UPDATE consent SET ends_on = ${yesterday} WHERE id = ${consent}`
    await owner`ALTER TABLE consent ENABLE TRIGGER consent_kept`
    // No job has run: each read asks what lives now.
    expect(await readPackage(receiver, { referral })).toMatchObject({ refusal: 'not_found' })
    expect(valueOf(await viewReferral(receiver, { referral }))).toMatchObject({
      preview: null,
      package: null,
      texts: [],
    })
    await owner`UPDATE referral SET next_at = clock_timestamp() WHERE code = ${referral}`
    await runReferralClock()
    expect(valueOf(await viewReferral(receiver, { referral }))).toMatchObject({ state: 'withdrawn', endedWhy: 'basis' })
  })
})

describe('whoever leaves', () => {
  it('trap T16: a receiver who no longer answers for the service opens nothing from then on, nor one who left', async () => {
    const { legalaid } = pair
    const leaver = await memberOf(owner, legalaid.agency.id, ['caseworker'], legalaid.unit)
    const listed = await listedService(legalaid, { name: 'Second advice' }, { receivers: [leaver, receiver] })
    const of = await caseToRefer(owner, pair)
    const { code: referral } = valueOf(
      await refer(sender, { case: of.case, needs: [of.need], directoryService: listed.code, send: true }),
    )
    valueOf(await moved(leaver, referral, 'accept'))
    valueOf(await readPackage(leaver, { referral }))
    const token = await tokenFor(owner, leaver)
    const { version } = valueOf(await viewListedService(legalaid.admin, { service: listed.code }))
    const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${receiver.member}`
    valueOf(
      await setReceivers(legalaid.admin, { service: listed.code, receivers: [row?.code ?? ''], standIns: [], version }),
    )
    expect(await readPackage(leaver, { referral })).toMatchObject({ refusal: 'not_found' })
    expect(valueOf(await viewReferral(leaver, { referral }))).toMatchObject({ preview: null, texts: [], may: [] })
    expect(await moved(leaver, referral, 'complete', { outcome: 'partly' })).toMatchObject({ refusal: 'forbidden' })
    const [member] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${leaver.member}`
    expect(await deactivateMember(legalaid.admin, { member: member?.code ?? '' })).toEqual(ok())
    const answer = await callApi('GET', `/referrals/${referral}/package`, { token })
    expect(answer.status).toBe(401)
    // Whoever answers now opens it.
    valueOf(await readPackage(receiver, { referral }))
  })

  it('trap T16: a sender off the team keeps the skeleton alone', async () => {
    const { referral, case: file } = await sentReferral(owner, pair)
    await owner`UPDATE assignment SET ended_at = clock_timestamp() WHERE case_id = (SELECT id FROM case_file WHERE code = ${file})`
    expect(await readPackage(sender, { referral })).toMatchObject({ refusal: 'not_found' })
    expect(valueOf(await viewReferral(sender, { referral }))).toMatchObject({
      preview: null,
      texts: [],
      fields: [],
      may: [],
    })
    expect(await moved(sender, referral, 'withdraw')).toMatchObject({ refusal: 'forbidden' })
  })
})

describe('a restricted case', () => {
  it('T18, invariant 5: has no referral for whoever is off its team: view, list, count; the desk never tells', async () => {
    const { referral, case: file } = await sentReferral(owner, pair)
    const before = await codesIn(pair.harbour.colleague, 'out')
    expect(before).toContain(referral)
    valueOf(await restrictCase(sender, { case: file }))
    expect(await viewReferral(pair.harbour.colleague, { referral })).toMatchObject({ refusal: 'not_found' })
    expect(await codesIn(pair.harbour.colleague, 'out')).toEqual(before.filter((code) => code !== referral))
    expect(await codesIn(sender, 'out')).toContain(referral)
    const waiting = JSON.stringify(valueOf(await viewWaiting(coordinator, { referral })))
    expect(waiting).not.toContain('restrict')
    expect(waiting).not.toContain(file)
    const desk = valueOf(await viewDesk(coordinator, {}))
    const shown = (await codesIn(coordinator, 'desk')).length
    expect(desk.lanes.unseen.n + desk.lanes.undecided.n).toBeLessThanOrEqual(shown)
    // The receiver was shared with, and is not told that the case is restricted.
    expect(valueOf(await viewReferral(receiver, { referral })).state).toBe('sent')
  })
})

describe('who somebody is', () => {
  it('invariant 7: changes nothing of the order in which a coordinator is shown who could help', async () => {
    const third = await office(owner, { network: pair.harbour.admin.network })
    await signedAgreement([pair.harbour, third], { categories: ['legal'] })
    await listedService(third, { name: 'A', minAge: 40, genders: ['Masculine'], languages: ['fra'] })
    await listedService(third, { name: 'B' })
    const offered: unknown[] = []
    for (const profile of [
      { birth: { state: 'stated', value: 1950 }, gender: { state: 'stated', value: 'Masculine' } },
      { birth: { state: 'stated', value: 2008 }, gender: { state: 'stated', value: 'Feminine' } },
      { migration: { state: 'stated', value: 'irregular' } },
    ]) {
      const person = await registeredPerson(sender, { profile: profile as never })
      const file = (await openedCase(sender, { person })).code
      const need = (await openNeed(sender, { case: file })).code
      await agreedTo(owner, file, pair.legalaid)
      const { code } = valueOf(
        await refer(sender, { case: file, needs: [need], directoryService: pair.service.code, send: true }),
      )
      const { services } = valueOf(await viewWaiting(coordinator, { referral: code }))
      offered.push(services.map(({ code: of, fit }) => [of, fit]))
    }
    expect(offered[0]).toHaveLength(2)
    expect(offered[1]).toEqual(offered[0])
    expect(offered[2]).toEqual(offered[0])
  })

  it('invariant 9, trap T9: is in no notice, no mail and no event of a whole life', async () => {
    const of = await sentReferral(owner, pair)
    for (const [actor, move, detail] of [
      [receiver, 'request-info', { question: 'Which language?' }],
      [sender, 'answer-info', { answer: 'English.' }],
      [receiver, 'accept', {}],
      [receiver, 'start', {}],
      [receiver, 'complete', { outcome: 'achieved' }],
      [sender, 'close', {}],
    ] as const)
      valueOf(await moved(actor, of.referral, move, detail))
    const notices = await owner<
      { kind: string; subject: string }[]
    >`SELECT kind, subject FROM notice WHERE subject = ${of.referral}`
    const mails = notices.flatMap(({ kind, subject }) =>
      ['en', 'zh-Hans'].map((locale) =>
        mailText({ kind, subject, urgent: true, locale, productName: null }, 'https://amparo.example'),
      ),
    )
    expect(notices.length).toBeGreaterThan(5)
    const events = await owner`SELECT row_to_json(e)::text AS text FROM audit_event e WHERE subject = ${of.referral}`
    const bytes = JSON.stringify([notices, mails, events])
    for (const secret of [...Object.values(MARKERS), of.person, of.case, 'Needs advice this week', 'Which language?'])
      expect(bytes, secret).not.toContain(secret)
  })

  it('C06: a search finds no other agency’s person: the same bytes and the same statements, held there or nowhere, and nobody is told', async () => {
    await registeredPerson(sender, { identity: { names: [{ value: 'Wilhelmina Heldelsewhere' }] } })
    const token = await tokenFor(owner, receiver)
    const ask = async (query: string) => {
      const spy = vi.spyOn(pg.Client.prototype, 'query')
      try {
        const answer = await callApi('POST', '/persons/search', { token, body: { query } })
        const texts = spy.mock.calls.map(([asked]: readonly unknown[]) =>
          typeof asked === 'string' ? asked : String((asked as { readonly text?: unknown }).text),
        )
        return { status: answer.status, text: answer.text, texts }
      } finally {
        spy.mockRestore()
      }
    }
    const told = async () => (await owner`SELECT count(*)::int AS n FROM notice`)[0]?.['n'] as number
    const before = await told()
    await ask('Nobody Ofthisname')
    const [held, nowhere] = [await ask('Wilhelmina Heldelsewhere'), await ask('Wolfhardina Nowhereatall')]
    expect(held.status).toBe(200)
    expect(held.text).toBe(nowhere.text)
    expect(held.texts).toEqual(nowhere.texts)
    expect(await told()).toBe(before)
  })
})

describe('the clock of a referral', () => {
  it('R03: says by which version of the calendar it was counted, and keeps its limits when a holiday comes later', async () => {
    const system = await outsider(owner, 'system_admin')
    const network = await networkKeyOf(owner, pair.harbour.agency.id)
    const versionOf = async () => valueOf(await viewNetwork(system, network)).version
    const routine = async () => {
      const of = await caseToRefer(owner, pair)
      return valueOf(
        await refer(sender, {
          ...{ case: of.case, needs: [of.need], directoryService: pair.service.code, urgency: 'routine', send: true },
        }),
      )
    }
    const first = await routine()
    const version = await versionOf()
    expect(first.calendarVersion).toBe(version)
    const day = (first.decideBy ?? '').slice(0, 10)
    expect(await addHoliday(system, { network, version, day, name: 'A day of rest' })).toEqual(ok())
    const second = await routine()
    expect(second.calendarVersion).toBe(version + 1)
    expect(Date.parse(second.decideBy ?? '')).toBeGreaterThan(Date.parse(first.decideBy ?? ''))
    valueOf(await moved(receiver, first.code, 'acknowledge'))
    const kept = valueOf(await viewReferral(receiver, { referral: first.code }))
    expect(kept).toMatchObject({ calendarVersion: version, decideBy: first.decideBy })
    // A clock that begins again after a question is counted by the calendar of that day.
    valueOf(await moved(receiver, first.code, 'request-info', { question: 'Which language?' }))
    const resumed = valueOf(await moved(sender, first.code, 'answer-info', { answer: 'English.' }))
    expect(resumed.calendarVersion).toBe(resumed.decideBy === first.decideBy ? version : version + 1)
  })
})

describe('by the moved clock', () => {
  it('a referral that nobody answers is late for both sides and the desk, goes upwards, and expires with its need open', async () => {
    const { harbour, legalaid } = pair
    const { referral, need } = await sentReferral(owner, pair)
    const [chief] = await owner<{ id: string }[]>`
      INSERT INTO network_coordinator (network_id, agency_id, member_id) VALUES (${coordinator.network}, ${coordinator.agency}, ${coordinator.member})
      ON CONFLICT DO NOTHING RETURNING member_id AS id`
    expect(chief?.id).toBe(coordinator.member)
    const moveOn = async (hours: number) => {
      await owner`UPDATE installation SET demonstration = true, clock_offset_seconds = clock_offset_seconds + ${hours * 3600}`
      for (let done = 1; done > 0;) done = await runReferralClock()
    }
    const told = async (member: Actor) =>
      (
        await owner`SELECT kind FROM notice WHERE member_id = ${member.member} AND subject = ${referral} ORDER BY at, id`
      ).map((row) => String(row['kind']))
    const [senders, receivers] = [await tokenFor(owner, sender), await tokenFor(owner, receiver)]
    const seenBy = async (token: string) => (await callApi('GET', `/referrals/${referral}`, { token })).body
    try {
      await moveOn(3)
      expect(await told(receiver)).toEqual(['referral.received', 'referral.due'])
      expect((await seenBy(senders))['overdue']).toBe(false)
      await moveOn(23)
      for (const token of [senders, receivers]) expect((await seenBy(token))['overdue']).toBe(true)
      expect(valueOf(await viewWaiting(coordinator, { referral })).card.clock?.standing).toBe('late')
      for (const member of [sender, receiver, legalaid.supervisor, coordinator])
        expect(await told(member)).toContain('referral.overdue')
      await moveOn(24)
      expect(await told(legalaid.admin)).toContain('referral.overdue')
      expect((await seenBy(receivers))['may']).toContain('accept')
      await moveOn(23)
      expect(await seenBy(receivers)).toMatchObject({ state: 'expired', preview: null, needs: [], may: [] })
      expect((await seenBy(senders))['state']).toBe('expired')
      expect((await callApi('GET', `/needs/${need}`, { token: senders })).body['state']).toBe('open')
      expect(valueOf(await viewWaiting(coordinator, { referral })).card.lane).toBe('unplaced')
      expect(await told(harbour.caseworker)).toContain('referral.expired')
    } finally {
      await owner`UPDATE installation SET demonstration = false, clock_offset_seconds = 0`
    }
  })
})

describe('what waits for an answer', () => {
  it('stands in the order in which answers are due, a page after the other', async () => {
    const { referral: late } = await sentReferral(owner, pair)
    await sentReferral(owner, pair)
    const on = await caseToRefer(owner, pair)
    const pressing = { case: on.case, needs: [on.need], directoryService: pair.service.code, send: true } as const
    const { code: emergency } = valueOf(await refer(sender, { ...pressing, urgency: 'emergency' }))
    await owner`UPDATE referral SET acknowledge_by = acknowledge_by - interval '30 days' WHERE code = ${late}`
    const dues: string[] = []
    const codes: string[] = []
    let cursor: string | undefined
    do {
      const page = valueOf(
        await listReferralsToAnswer(receiver, { limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
      )
      for (const { code, clock } of page.items) {
        codes.push(code)
        dues.push(clock?.by ?? '')
      }
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    const all = valueOf(await listReferrals(receiver, { box: 'in', states: ['sent', 'acknowledged'], limit: 200 }))
    expect(codes.toSorted()).toEqual(all.items.map(({ code }) => code).toSorted())
    expect(dues).toEqual(dues.toSorted())
    expect(codes[0]).toBe(late)
    expect(codes.indexOf(emergency)).toBe(1)
    expect(valueOf(await listReferralsToAnswer(sender, { limit: 50 })).items).toEqual([])
  })
})
