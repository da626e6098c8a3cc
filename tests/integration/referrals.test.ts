import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { viewNeed } from '@/lib/assistance/needs/service'
import { insertServices } from '@/lib/assistance/services/data'
import { prepareService } from '@/lib/assistance/services/prepare-service'
import { listServicesInput, logServiceInput } from '@/lib/assistance/services/schema'
import { listServices, logService, viewService } from '@/lib/assistance/services/service'
import { viewCase } from '@/lib/cases/service'
import { changePerson } from '@/lib/people/change-service'
import { viewPerson } from '@/lib/people/service'
import { fromQueue } from '@/lib/platform/jobs/queue'
import { REFERRAL_QUEUES } from '@/lib/referrals/renew-service'
import { closeWorker } from '@/lib/platform/db/worker'
import { ok } from '@/lib/platform/result'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { NEXT, MOVER, MOVES_OF } from '@/lib/referrals/rules'
import { MOVE_KEYS, REFERRAL_KINDS, REFERRAL_STATES } from '@/lib/referrals/schema'
import { listReferrals, readPackage, viewReferral } from '@/lib/referrals/service'
import { offerReferral } from '@/lib/referrals/send-service'
import { office, outsider, ownerOf } from '@/tests/factories/office'
import { officesOfOneNetwork } from '@/tests/factories/agreements'
import { openNeed } from '@/tests/factories/assistance'
import { valueOf } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import {
  agreedTo,
  caseToRefer,
  clockPutBack,
  MARKERS,
  moved,
  pairOfAgencies,
  refer,
  sentReferral,
  takenBack,
  type Pair,
} from '@/tests/factories/referrals'
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

const seen = async (actor: Actor, referral: string) => valueOf(await viewReferral(actor, { referral }))
const needState = async (need: string) => valueOf(await viewNeed(sender, { need })).state
const noticesOf = async (actor: Actor, subject: string) =>
  (await owner`SELECT kind FROM notice WHERE member_id = ${actor.member} AND subject = ${subject} ORDER BY at, id`).map(
    (row) => String(row['kind']),
  )
const later = (referral: string, interval: string) => clockPutBack(owner, referral, interval)

describe('the table of transitions', () => {
  it('is the same in code and in the database', async () => {
    const inDatabase = await owner<{ move: string; state: string; next: string; mover: string }[]>`
      SELECT m AS move, s AS state, app.referral_next(m, s) AS next, app.referral_mover(m) AS mover
      FROM unnest(${owner.array([...MOVE_KEYS])}::text[]) m, unnest(${owner.array([...REFERRAL_STATES])}::text[]) s`
    for (const kind of REFERRAL_KINDS) {
      const [row] = await owner<{ moves: string[] }[]>`SELECT app.referral_moves(${kind}) AS moves`
      expect(row?.moves).toEqual(MOVES_OF[kind])
    }
    const inCode = MOVE_KEYS.flatMap((move) =>
      REFERRAL_STATES.map((state) => ({
        move,
        state,
        next: (NEXT[move] as Record<string, string>)[state] ?? null,
        mover: MOVER[move],
      })),
    )
    const sorted = (rows: readonly { move: string; state: string }[]) =>
      [...rows].sort((a, b) => (a.move + a.state < b.move + b.state ? -1 : 1))
    expect(sorted([...inDatabase])).toEqual(sorted(inCode))
  })
})

describe('a referral', () => {
  it('goes from sending to closing, each side seeing what is its own', async () => {
    const { referral, case: caseCode, need } = await sentReferral(owner, pair)
    expect(await needState(need)).toBe('planned')
    expect(await noticesOf(receiver, referral)).toEqual(['referral.received'])

    const before = await seen(receiver, referral)
    expect(before).toMatchObject({ side: 'receiver', state: 'sent', case: null, package: null, urgency: 'urgent' })
    expect(before.preview?.map(({ field }) => field)).toEqual([
      'profile.birth_band',
      'profile.gender',
      'profile.languages',
      'need.legal',
    ])
    expect(before.texts).toMatchObject([{ kind: 'reason', text: 'Needs advice this week.', own: false }])
    expect(before.may).toEqual(['acknowledge', 'request-info', 'accept', 'decline'])
    expect(JSON.stringify(before)).not.toContain(MARKERS.name)
    expect(await readPackage(receiver, { referral })).toMatchObject({ ok: false, refusal: 'not_found' })

    valueOf(await moved(receiver, referral, 'acknowledge'))
    valueOf(await moved(receiver, referral, 'request-info', { question: 'Is there a hearing soon?' }))
    expect(await moved(receiver, referral, 'accept')).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
    const answered = valueOf(await moved(sender, referral, 'answer-info', { answer: 'Yes, next week.' }))
    expect(answered).toMatchObject({ state: 'acknowledged', pausedAt: null })

    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
    expect(await moved(receiver, referral, 'accept', { startsOn: day(-2) })).toMatchObject({
      ...{ refusal: 'invalid', errors: { startsOn: ['referrals.errors.starts_on'] } },
    })
    const accepted = valueOf(await moved(receiver, referral, 'accept', { startsOn: day(30) }))
    expect(accepted).toMatchObject({ state: 'accepted', case: caseCode, startsOn: day(30) })
    expect(accepted.package?.fields).toContain('contact.name')
    const opened = valueOf(await readPackage(receiver, { referral }))
    const facts = new Map(opened.fields.map(({ field, value }) => [field, value]))
    // To be reached is not to be known in full.
    expect(facts.get('contact.name')).toEqual({ value: MARKERS.name.split(' ')[0] })
    expect(facts.get('contact.channels')).toMatchObject({ phones: [MARKERS.phone] })
    expect(facts.get('contact.rules')).toMatchObject({
      channels: { text: { safe: true, from: '10:00', until: '14:00' } },
    })
    expect(JSON.stringify(opened)).not.toContain(MARKERS.street)

    valueOf(await moved(receiver, referral, 'start'))
    expect(await needState(need)).toBe('being_met')
    const completed = valueOf(await moved(receiver, referral, 'complete', { outcome: 'achieved' }))
    expect(completed).toMatchObject({
      state: 'completed',
      outcome: 'achieved',
      package: null,
      preview: null,
      texts: [],
    })
    expect(await readPackage(receiver, { referral })).toMatchObject({ refusal: 'not_found' })
    expect(await seen(sender, referral)).toMatchObject({ state: 'completed', may: ['close'] })
    valueOf(await moved(sender, referral, 'close', { feedback: 'helped' }))
    expect(await seen(receiver, referral)).toMatchObject({ state: 'closed', feedback: 'helped' })
    expect(await noticesOf(sender, referral)).toEqual([
      'referral.acknowledged',
      'referral.question',
      'referral.accepted',
      'referral.started',
      'referral.completed',
    ])
  })

  it('trap T10: is answered once, by one of twenty', async () => {
    const { referral } = await sentReferral(owner, pair)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0
          ? moved(receiver, referral, 'accept')
          : moved(receiver, referral, 'decline', { declineReason: 'no_capacity' }),
      ),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.reason]))
    expect(new Set(refused)).toEqual(new Set(['already_answered']))
    expect(
      await owner`SELECT count(*)::int AS n FROM audit_event WHERE subject = ${referral} AND type IN ('referral.accepted', 'referral.declined')`,
    ).toMatchObject([{ n: 1 }])
  })

  it('T12, trap T3: shows after a decline its skeleton, and the need is open again', async () => {
    const { referral, need } = await sentReferral(owner, pair)
    const declined = valueOf(
      await moved(receiver, referral, 'decline', { declineReason: 'other', text: 'Our lawyer is away.' }),
    )
    expect(declined).toMatchObject({ state: 'declined', preview: null, texts: [], needs: [], case: null })
    expect(await needState(need)).toBe('open')
    const told = await seen(sender, referral)
    expect(told).toMatchObject({ state: 'declined', declineReason: 'other' })
    expect(told.texts.map(({ kind, text }) => [kind, text])).toEqual([
      ['reason', 'Needs advice this week.'],
      ['decline', 'Our lawyer is away.'],
    ])
    expect(
      await owner`SELECT 1 FROM referral_key WHERE agency_id = ${pair.legalaid.agency.id} AND referral_id = (SELECT id FROM referral WHERE code = ${referral})`,
    ).toHaveLength(0)
  })

  it('T13: is not sent without the person, nor without an agreement', async () => {
    const of = await caseToRefer(owner, pair, { categories: ['medical'] })
    const input = { case: of.case, needs: [of.need], directoryService: pair.service.code, send: true }
    expect(await refer(sender, input)).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })
    await agreedTo(owner, of.case, pair.legalaid, { answer: 'refused', categories: ['legal'] })
    expect(await refer(sender, input)).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })
    await agreedTo(owner, of.case, pair.legalaid, { categories: ['legal'], identity: 'none' })
    const view = valueOf(await refer(sender, input))
    expect(view.fields).not.toContain('contact.name')

    const stranger = await office(owner, { network: pair.harbour.admin.network })
    const listed = await listedService(stranger)
    await agreedTo(owner, of.case, stranger)
    expect(await refer(sender, { ...input, directoryService: listed.code })).toMatchObject({
      refusal: 'conflict',
      reason: 'no_agreement',
    })
  })

  it('T14, invariant 3: ends with the consent: the next request for the package is not found, both sides are told', async () => {
    const { referral, consent, need } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    valueOf(await readPackage(receiver, { referral }))
    await takenBack(owner, consent)
    expect(await readPackage(receiver, { referral })).toMatchObject({ refusal: 'not_found' })
    expect(await seen(receiver, referral)).toMatchObject({ state: 'withdrawn', endedWhy: 'basis', preview: null })
    expect(await needState(need)).toBe('open')
    expect(await noticesOf(receiver, referral)).toContain('referral.withdrawn')
    expect(await noticesOf(sender, referral)).toContain('referral.withdrawn')
    expect(
      await owner`SELECT g.ended_at IS NOT NULL AS over FROM case_grant g JOIN referral r ON r.id = g.referral_id WHERE r.code = ${referral}`,
    ).toMatchObject([{ over: true }])
  })

  it('T12, trap T5: opens field by field what is still covered', async () => {
    const { referral, case: caseCode } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    await agreedTo(owner, caseCode, pair.legalaid, { identity: 'none', categories: ['legal'] })
    const opened = valueOf(await readPackage(receiver, { referral }))
    expect(opened.fields.map(({ field }) => field)).not.toContain('contact.name')
    expect(opened.fields.map(({ field }) => field)).toContain('need.legal')
    expect(JSON.stringify(opened)).not.toContain(MARKERS.name)
  })

  it('is accepted in part: the needs that were not taken are open again', async () => {
    const of = await caseToRefer(owner, pair)
    const second = await openNeed(sender, { case: of.case, category: 'social' })
    const { code: referral } = valueOf(
      await refer(sender, {
        case: of.case,
        needs: [of.need, second.code],
        directoryService: pair.service.code,
        send: true,
      }),
    )
    expect(await moved(receiver, referral, 'accept', { needs: ['NED-000000000'] })).toMatchObject({
      refusal: 'invalid',
    })
    valueOf(await moved(receiver, referral, 'accept', { needs: [of.need] }))
    expect([await needState(of.need), await needState(second.code)]).toEqual(['planned', 'open'])
    expect(valueOf(await readPackage(receiver, { referral })).fields.map(({ field }) => field)).not.toContain(
      'need.social',
    )
  })

  it('trap T1: is for its receivers to answer, its sender to withdraw, and for everyone else not there', async () => {
    const { referral } = await sentReferral(owner, pair)
    const { colleague } = pair.legalaid
    expect(await seen(colleague, referral)).toMatchObject({ side: 'receiver', preview: null, texts: [], may: [] })
    for (const actor of [colleague, pair.legalaid.supervisor])
      expect(await moved(actor, referral, 'accept')).toMatchObject({ refusal: 'forbidden' })
    expect(await moved(receiver, referral, 'withdraw')).toMatchObject({ refusal: 'forbidden' })
    expect(await moved(sender, referral, 'accept')).toMatchObject({ refusal: 'forbidden' })
    expect(await moved(pair.harbour.colleague, referral, 'withdraw')).toMatchObject({ refusal: 'forbidden' })
    expect(await moved(coordinator, referral, 'accept')).toMatchObject({ refusal: 'forbidden' })
    const desk = await seen(coordinator, referral)
    expect(desk).toMatchObject({ side: 'desk', case: null, preview: null, texts: [], needs: [{ code: null }] })
    const [elsewhere] = await officesOfOneNetwork(owner, 1)
    for (const actor of [elsewhere?.caseworker, pair.legalaid.admin, pair.harbour.admin]) {
      if (actor === undefined) throw new Error('An actor')
      expect(await viewReferral(actor, { referral })).toMatchObject({ refusal: 'not_found' })
      expect(await moved(actor, referral, 'accept')).toMatchObject({ refusal: 'not_found' })
    }
    valueOf(await moved(sender, referral, 'withdraw'))
    expect(await seen(receiver, referral)).toMatchObject({ state: 'withdrawn', endedWhy: 'sender', preview: null })
  })

  it('is in the boxes of both sides and of the desk, a draft in its own alone', async () => {
    const of = await caseToRefer(owner, pair)
    const draft = valueOf(await refer(sender, { case: of.case, needs: [of.need], toAgency: pair.legalaid.agency.key }))
    expect(draft.state).toBe('draft')
    const boxOf = async (actor: Actor, box: 'in' | 'out' | 'desk') =>
      valueOf(await listReferrals(actor, { box, limit: 200 })).items.map(({ code }) => code)
    expect(await boxOf(sender, 'out')).toContain(draft.code)
    expect(await boxOf(receiver, 'in')).not.toContain(draft.code)
    expect(await boxOf(coordinator, 'desk')).not.toContain(draft.code)
    expect(await viewReferral(receiver, { referral: draft.code })).toMatchObject({ refusal: 'not_found' })
    valueOf(await moved(sender, draft.code, 'send'))
    expect(await boxOf(receiver, 'in')).toContain(draft.code)
    expect(await boxOf(coordinator, 'desk')).toContain(draft.code)
    expect(await boxOf(receiver, 'out')).toEqual([])
    expect(await moved(sender, draft.code, 'send')).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
  })

  it('shows before sending what would leave, without a look at identity', async () => {
    const of = await caseToRefer(owner, pair, { withheld: ['contact.channels'] })
    const offer = valueOf(
      await offerReferral(sender, {
        case: of.case,
        needs: [of.need],
        directoryService: pair.service.code,
        fields: undefined,
      }),
    )
    const field = (key: string) => offer.fields.find((one) => one.field === key)
    expect(offer).toMatchObject({ ready: true, why: null })
    expect(field('profile.gender')).toMatchObject({
      allowed: true,
      wanted: true,
      part: 'preview',
      value: { state: 'stated' },
    })
    expect(field('contact.name')).toMatchObject({ allowed: true, wanted: true, part: 'package', value: null })
    expect(field('contact.channels')).toMatchObject({ allowed: false, wanted: false, reason: 'withheld' })
    expect(field('case.experience')).toMatchObject({ allowed: true, wanted: false })
    expect(
      await owner`SELECT 1 FROM audit_event WHERE type = 'identity.read' AND person_id = (SELECT id FROM person WHERE code = ${of.person})`,
    ).toHaveLength(0)
  })
})

describe('what was shared', () => {
  it('follows a change of safe contact and of names, with a line of the ledger for what left', async () => {
    const { referral, person } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    const { version } = valueOf(await viewPerson(sender, { person }))
    valueOf(
      await changePerson(sender, {
        person,
        version,
        safeContact: { channels: { call: { safe: false }, text: { safe: true } } },
      }),
    )
    await renewAll()
    const opened = valueOf(await readPackage(receiver, { referral }))
    const rules = opened.fields.find(({ field }) => field === 'contact.rules')?.value
    expect(rules).toMatchObject({ channels: { call: { safe: false }, text: { safe: true } } })
    expect(opened.version).toBe(2)
    const lines = await owner<{ fields: string[] }[]>`
      SELECT fields FROM disclosure WHERE subject = ${referral} AND way = 'package' ORDER BY at`
    expect(lines).toHaveLength(2)
    expect(lines[1]?.fields).toEqual(['contact.rules', 'need.legal'])
    await renewAll()
    expect(valueOf(await readPackage(receiver, { referral })).version).toBe(2)
  })

  async function renewAll(): Promise<void> {
    for (const handler of REFERRAL_QUEUES) while ((await fromQueue(handler).run()) > 0);
  }
})

describe('the clock', () => {
  it('reminds at half-time, tells when an answer is late, and expires', async () => {
    const { referral, need } = await sentReferral(owner, pair)
    await later(referral, '125 minutes')
    await runReferralClock()
    expect(await noticesOf(receiver, referral)).toEqual(['referral.received', 'referral.due'])
    await later(referral, '3 hours')
    await runReferralClock()
    expect(await seen(sender, referral)).toMatchObject({ state: 'sent', overdue: true })
    expect(await noticesOf(pair.legalaid.supervisor, referral)).toEqual(['referral.overdue'])
    expect(await noticesOf(coordinator, referral)).toEqual(['referral.overdue'])
    expect(await noticesOf(pair.legalaid.admin, referral)).toEqual([])
    await later(referral, '5 hours')
    await runReferralClock()
    expect(await noticesOf(pair.legalaid.admin, referral)).toEqual(['referral.overdue'])
    await later(referral, '72 hours')
    await runReferralClock()
    expect(await seen(receiver, referral)).toMatchObject({ state: 'expired', preview: null, needs: [] })
    expect(await needState(need)).toBe('open')
    expect(await moved(receiver, referral, 'accept')).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
  })

  it('stands still while a question waits, and goes on by itself after the time to decide', async () => {
    const { referral } = await sentReferral(owner, pair)
    const asked = valueOf(await moved(receiver, referral, 'request-info', { question: 'Which language?' }))
    const hours = (Date.parse(asked.pauseEndsAt ?? '') - Date.parse(asked.pausedAt ?? '')) / 3_600_000
    expect(hours).toBeCloseTo(24, 1)
    await later(referral, '23 hours')
    await runReferralClock()
    expect(await seen(sender, referral)).toMatchObject({ state: 'info_requested', overdue: false })
    await later(referral, '2 hours')
    await runReferralClock()
    await runReferralClock()
    const over = await seen(sender, referral)
    expect(over).toMatchObject({ state: 'sent', pausedAt: null, pauseEndsAt: null, unanswered: true, overdue: false })
    expect(over.may).toEqual(['answer-info', 'withdraw'])
    expect(over.clock).toMatchObject({ awaited: 'acknowledge', standing: 'running', minutes: 179 })
    expect((await seen(receiver, referral)).may).toEqual(['acknowledge', 'accept', 'decline'])
    expect(await noticesOf(sender, referral)).toEqual(['referral.question', 'referral.pause-ended'])
    expect(await noticesOf(receiver, referral)).toEqual(['referral.received', 'referral.pause-ended'])
    const events = await owner`SELECT 1 FROM audit_event WHERE subject = ${referral} AND type = 'referral.pause-ended'`
    expect(events).toHaveLength(1)
    expect(await moved(receiver, referral, 'request-info', { question: 'And the hours?' })).toMatchObject({
      reason: 'wrong_state',
    })
    const acknowledged = valueOf(await moved(receiver, referral, 'acknowledge'))
    const answered = valueOf(await moved(sender, referral, 'answer-info', { answer: 'Spanish.' }))
    expect(answered).toMatchObject({ state: 'acknowledged', unanswered: false, decideBy: acknowledged.decideBy })
    expect(answered.texts.map(({ kind }) => kind)).toEqual(['reason', 'question', 'answer'])
    expect((await seen(receiver, referral)).may).toContain('request-info')
  })

  it('has run since the end of the pause for whoever answers before the job came by', async () => {
    const { referral } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'request-info', { question: 'Which language?' }))
    await later(referral, '25 hours')
    const answered = valueOf(await moved(sender, referral, 'answer-info', { answer: 'Spanish.' }))
    expect(answered).toMatchObject({ state: 'sent', unanswered: false, clock: { standing: 'running', minutes: 179 } })
  })

  it('closes what was completed two weeks ago', async () => {
    const { referral } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    valueOf(await moved(receiver, referral, 'complete', { outcome: 'Two meetings, papers filed.' }))
    expect(await seen(sender, referral)).toMatchObject({ outcome: 'other' })
    await runReferralClock()
    expect((await seen(sender, referral)).state).toBe('completed')
    await later(referral, '14 days')
    await runReferralClock()
    expect((await seen(sender, referral)).state).toBe('closed')
  })
})

describe('services of the other agency', () => {
  const logged = (actor: Actor, input: Readonly<Record<string, unknown>>) =>
    logService(actor, logServiceInput.parse({ category: 'legal', type: 'information_advice', ...input }))

  it('stand on the case as coded lines while the basis lives, and stay its own', async () => {
    const { referral, case: caseCode, need, consent } = await sentReferral(owner, pair)
    expect(await logged(receiver, { case: caseCode })).toMatchObject({ refusal: 'not_found' })
    valueOf(await moved(receiver, referral, 'accept'))
    const service = valueOf(await logged(receiver, { case: caseCode, need, minutes: 40 }))
    expect(service).toMatchObject({ case: caseCode, agency: pair.legalaid.agency.key, person: null })
    expect(service.mandate.map(({ paragraph }) => paragraph)).toEqual(['6(b)', '9'])
    expect(valueOf(await viewService(receiver, { service: service.code })).detail).toMatchObject({ minutes: 40 })
    expect(await logged(receiver, { case: caseCode, category: 'social', type: 'transport' })).toMatchObject({
      refusal: 'conflict',
      reason: 'no_basis',
    })
    expect(await logged(receiver, { case: caseCode, followUpOn: '2027-01-04' })).toMatchObject({ refusal: 'invalid' })
    expect(await logged(pair.legalaid.colleague, { case: caseCode })).toMatchObject({ refusal: 'forbidden' })
    // Whoever answers for nothing of it learns the case by the help that their agency gave, and not by the referral.
    expect(await seen(receiver, referral)).toMatchObject({ case: caseCode })
    expect(await seen(pair.legalaid.colleague, referral)).toMatchObject({ case: null, needs: [{ code: null }] })
    expect(await viewCase(receiver, { case: caseCode })).toMatchObject({ refusal: 'not_found' })

    const ofCase = (actor: Actor) => listServices(actor, listServicesInput.parse({ case: caseCode }))
    expect(valueOf(await ofCase(sender)).items).toMatchObject([
      { code: service.code, agency: pair.legalaid.agency.key },
    ])
    expect(valueOf(await viewService(sender, { service: service.code }))).toMatchObject({
      detail: null,
      mayAmend: false,
    })
    const own = valueOf(await loggedBySender(caseCode))
    expect(valueOf(await ofCase(receiver)).items.map(({ code }) => code)).toEqual([service.code])
    expect(await viewService(receiver, { service: own.code })).toMatchObject({ refusal: 'not_found' })

    await takenBack(owner, consent)
    expect(await logged(receiver, { case: caseCode })).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })
    expect(valueOf(await ofCase(receiver)).items).toMatchObject([{ code: service.code, case: caseCode }])
  })

  const loggedBySender = (caseCode: string) =>
    logService(sender, logServiceInput.parse({ case: caseCode, category: 'social', type: 'transport' }))

  it('T18: are refused by the database itself once the grant is dead, whatever the application says', async () => {
    const { referral, case: caseCode, consent } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    const [on] = await owner<{ id: string; person: string; holder: string }[]>`
      SELECT id, person_id AS person, holder_agency_id AS holder FROM case_file WHERE code = ${caseCode}`
    if (on === undefined) throw new Error('A case')
    const insert = () =>
      withActor(receiver, async (tx) => {
        const entry = logServiceInput.parse({ case: caseCode, category: 'legal', type: 'information_advice' })
        await insertServices(tx, [prepareService(entry, on, '2026-01-05')])
        return ok()
      })
    valueOf(await insert())
    await takenBack(owner, consent)
    await expect(insert()).rejects.toThrow(/row-level security/)
  })
})
