import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { addNeedInput, changeNeedInput } from '@/lib/assistance/needs/schema'
import { addNeed, changeNeed, listNeeds } from '@/lib/assistance/needs/service'
import { listNeedsInput } from '@/lib/assistance/needs/schema'
import { logServiceInput } from '@/lib/assistance/services/schema'
import { logService } from '@/lib/assistance/services/service'
import { listCaseLog, viewTimeline } from '@/lib/cases/log-service'
import { caseLogInput } from '@/lib/cases/log-schema'
import { closeCase, viewCase } from '@/lib/cases/service'
import { viewCaseAccess } from '@/lib/cases/team-service'
import { listDisclosures } from '@/lib/consent/sharing/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { closeWorker } from '@/lib/platform/db/worker'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { rerouteReferral } from '@/lib/referrals/desk/service'
import { renewPackages } from '@/lib/referrals/renew-service'
import { createReferralBody } from '@/lib/referrals/create-schema'
import { readPackage, viewReferral } from '@/lib/referrals/service'
import { addLedNeed, listCasesWeLead, moveLedNeed, viewLedCase } from '@/lib/referrals/transfer/lead-service'
import { addLedNeedInput, moveLedNeedInput } from '@/lib/referrals/transfer/schema'
import { prepareTransfer } from '@/lib/referrals/transfer/service'
import { signedAgreement } from '@/tests/factories/agreements'
import { valueOf } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import { office, outsider, ownerOf } from '@/tests/factories/office'
import { agreedTo, MARKERS, moved, takenBack, type Pair } from '@/tests/factories/referrals'
import { caseToHandOver, handedOver, ledCase, pairThatHandsOver } from '@/tests/factories/transfer'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let sender: Actor
let supervisor: Actor
let receiver: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairThatHandsOver(owner)
  sender = pair.harbour.caseworker
  supervisor = pair.harbour.supervisor
  receiver = pair.legalaid.caseworker
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const seen = async (actor: Actor, referral: string) => valueOf(await viewReferral(actor, { referral }))
const leadOf = async (code: string) => valueOf(await viewCase(sender, { case: code })).lead
const offered = async (of: { case: string }) =>
  valueOf(await handedOver(sender, { case: of.case, directoryService: pair.service.code })).code
const addsNeed = (actor: Actor, referral: string, category = 'medical') =>
  addLedNeed(actor, addLedNeedInput.parse({ referral, category, urgency: 'urgent' }))

describe('a transfer of the lead', () => {
  it('moves when both sides have confirmed: the receiver by accepting, another member of the team than who sent it', async () => {
    const of = await caseToHandOver(owner, pair)
    const start = valueOf(await prepareTransfer(sender, { case: of.case }))
    expect(start).toMatchObject({ lead: null, waiting: null, offer: null })
    expect(start.services.map(({ code }) => code)).toEqual([pair.service.code])
    const { offer } = valueOf(await prepareTransfer(sender, { case: of.case, directoryService: pair.service.code }))
    expect(offer).toMatchObject({ why: null, urgency: 'urgent' })
    expect(offer?.fields.find(({ field }) => field === 'identity.names')).toMatchObject({
      ...{ allowed: true, wanted: true, part: 'package', basis: 'consent', value: null },
    })

    const sent = valueOf(
      await handedOver(sender, {
        ...{ case: of.case, directoryService: pair.service.code, reason: 'Moves closer to their office.' },
      }),
    )
    expect(sent).toMatchObject({ kind: 'transfer', state: 'sent', urgency: 'urgent', needs: [], side: 'sender' })
    expect(sent.clock).toMatchObject({ awaited: 'acknowledge' })
    expect(await leadOf(of.case)).toBeNull()

    const shown = await seen(receiver, sent.code)
    expect(shown).toMatchObject({ case: null, package: null })
    expect(shown.preview?.map(({ field }) => field)).toContain('need.legal')
    valueOf(await moved(receiver, sent.code, 'acknowledge'))
    const accepted = valueOf(await moved(receiver, sent.code, 'accept'))
    expect(accepted).toMatchObject({ state: 'accepted', case: null, package: null, may: [] })
    expect((await readPackage(receiver, { referral: sent.code })).ok).toBe(false)

    // Nobody hands over a case alone, so whoever may be the second member is told.
    const toldOf = async (actor: Actor) =>
      (await owner`SELECT kind FROM notice WHERE member_id = ${actor.member} AND subject = ${sent.code}`).map(
        ({ kind }) => String(kind),
      )
    expect(await toldOf(sender)).toContain('referral.accepted')
    expect(await toldOf(sender)).not.toContain('referral.to-confirm')
    expect(await toldOf(supervisor)).toEqual(['referral.to-confirm'])
    expect((await seen(sender, sent.code)).may).toEqual(['withdraw'])
    expect(await moved(sender, sent.code, 'confirm')).toMatchObject({ refusal: 'conflict', reason: 'same_member' })
    expect((await seen(supervisor, sent.code)).may).toEqual(['confirm', 'withdraw'])
    const confirmed = valueOf(await moved(supervisor, sent.code, 'confirm'))
    expect(confirmed).toMatchObject({ state: 'in_service', may: ['withdraw'] })

    expect(await leadOf(of.case)).toEqual({
      agency: pair.legalaid.agency.key,
      agencyName: pair.legalaid.agency.name,
    })
    const opened = valueOf(await readPackage(receiver, { referral: sent.code }))
    expect(opened.case).toBe(of.case)
    expect(JSON.stringify(opened)).toContain(MARKERS.name)
    expect(opened.fields.find(({ field }) => field === 'need.legal')?.value).toHaveLength(1)
    expect(valueOf(await listCasesWeLead(receiver))).toMatchObject([
      { case: of.case, transfer: sent.code, categories: [...CATEGORY_KEYS].sort(), needsOpen: 1 },
    ])
    expect(await toldOf(receiver)).toContain('referral.confirmed')
  })

  it('is on the ledger, the timeline, in the log and among those who see the case', async () => {
    const of = await ledCase(owner, pair)
    expect(valueOf(await listDisclosures(sender, { case: of.case })).items).toMatchObject([
      { way: 'package', purpose: 'transfer', subject: of.referral, bases: ['consent'] },
      { way: 'preview', purpose: 'transfer', subject: of.referral },
    ])
    expect(valueOf(await viewCaseAccess(sender, { case: of.case })).outside).toMatchObject([
      { agencyName: pair.legalaid.agency.name, referral: of.referral, leads: true },
    ])
    const happened = valueOf(await viewTimeline(sender, { case: of.case })).items.map(({ what }) => what)
    expect(happened).toContain('case.lead-moved')
    const log = valueOf(await listCaseLog(sender, caseLogInput.parse({ case: of.case, kind: 'changes' })))
    expect(log.items.map(({ type }) => type)).toEqual(expect.arrayContaining(['case.lead-moved', 'case-grant.started']))
  })

  it('needs a basis of its own and an agreement about it: a consent to share for help is none', async () => {
    const sharing = await caseToHandOver(owner, pair, { purpose: 'sharing' })
    const input = { case: sharing.case, directoryService: pair.service.code }
    expect(await handedOver(sender, input)).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })
    expect(valueOf(await prepareTransfer(sender, input)).offer).toMatchObject({ why: 'no_basis' })

    // Two agencies that only share for help agreed about nothing here.
    const third = await office(owner, { network: sender.network })
    await signedAgreement([pair.harbour, third], { categories: [...CATEGORY_KEYS] })
    const elsewhere = await listedService(third)
    await agreedTo(owner, sharing.case, third, { purpose: 'transfer' })
    expect(await handedOver(sender, { ...input, directoryService: elsewhere.code })).toMatchObject({
      reason: 'no_agreement',
    })
    expect(await prepareTransfer(sender, { ...input, directoryService: elsewhere.code })).toMatchObject({
      reason: 'no_service',
    })
  })

  it('hands over the kinds of help that the person agreed to, and no other', async () => {
    const of = await caseToHandOver(owner, pair, { categories: ['legal', 'medical'], identity: 'contact' })
    const code = await offered(of)
    const { fields } = await seen(sender, code)
    expect(fields.filter((field) => field.startsWith('need.')).sort()).toEqual(['need.legal', 'need.medical'])
    expect(fields).not.toContain('identity.names')
    expect(
      await handedOver(sender, {
        ...{ case: (await caseToHandOver(owner, pair, { identity: 'contact' })).case },
        ...{ directoryService: pair.service.code, fields: ['need.legal', 'identity.names'] },
      }),
    ).toMatchObject({ reason: 'no_basis', errors: { fields: ['referrals.errors.uncovered'] } })
    valueOf(await moved(receiver, code, 'accept'))
    valueOf(await moved(supervisor, code, 'confirm'))
    valueOf(await addsNeed(receiver, code))
    expect(await addsNeed(receiver, code, 'residency')).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })
  })

  it('is one at a time, and not to who leads already', async () => {
    const of = await caseToHandOver(owner, pair)
    const input = { case: of.case, directoryService: pair.service.code }
    const code = await offered(of)
    expect(await handedOver(supervisor, input)).toMatchObject({ reason: 'under_way' })
    valueOf(await moved(receiver, code, 'accept'))
    valueOf(await moved(supervisor, code, 'confirm'))
    expect(await handedOver(sender, input)).toMatchObject({ reason: 'leads_already' })
    expect(valueOf(await prepareTransfer(sender, { case: of.case }))).toMatchObject({
      lead: { agencyName: pair.legalaid.agency.name, transfer: code },
      services: [],
    })
  })

  it('runs out when nobody confirms it', async () => {
    const of = await caseToHandOver(owner, pair)
    const code = await offered(of)
    valueOf(await moved(receiver, code, 'accept'))
    await owner`
      UPDATE referral SET acknowledge_half_at = acknowledge_half_at - d, acknowledge_by = acknowledge_by - d, acknowledge_late_at = acknowledge_late_at - d,
        decide_half_at = decide_half_at - d, decide_by = decide_by - d, decide_late_at = decide_late_at - d, expires_at = expires_at - d, next_at = next_at - d
      FROM (SELECT interval '90 days' AS d) x WHERE code = ${code}`
    await runReferralClock()
    expect(await seen(receiver, code)).toMatchObject({ state: 'expired' })
    expect(await moved(supervisor, code, 'confirm')).toMatchObject({ reason: 'wrong_state' })
    expect(await leadOf(of.case)).toBeNull()
  })

  it('is made by a program with `kind`, and by nobody with what belongs to another kind', async () => {
    const of = await caseToHandOver(owner, pair)
    const token = await tokenFor(owner, sender)
    const body = { kind: 'transfer', case: of.case, directoryService: pair.service.code }
    const made = await callApi('POST', '/referrals', { token, body, headers: { 'idempotency-key': 'transfer-1' } })
    expect(made).toMatchObject({ status: 201, body: { kind: 'transfer', state: 'sent' } })
    expect(createReferralBody.safeParse({ ...body, anonymous: true }).success).toBe(false)
    expect(createReferralBody.safeParse({ kind: 'transfer', case: of.case }).success).toBe(false)
  })
})

describe('who leads', () => {
  it('works on the needs and the services of the case; its holder sees both, and keeps person and key', async () => {
    const of = await ledCase(owner, pair)
    const need = valueOf(await addsNeed(receiver, of.referral))
    expect(need).toMatchObject({ state: 'open', finder: pair.legalaid.agency.name })
    const led = valueOf(await viewLedCase(receiver, { referral: of.referral }))
    expect(led.needs.map(({ code }) => code).sort()).toEqual([need.code, of.need].sort())
    const first = led.needs.find(({ code }) => code === of.need)
    const move = (version: number, state: string, more = {}) =>
      moveLedNeed(receiver, moveLedNeedInput.parse({ referral: of.referral, need: of.need, version, state, ...more }))
    expect(await move(99, 'met')).toMatchObject({ refusal: 'stale' })
    const met = valueOf(await move(first?.version ?? 0, 'met'))
    expect(met).toMatchObject({ state: 'met' })
    expect(await move(met.version, 'planned')).toMatchObject({ reason: 'wrong_state' })
    const service = { category: 'medical', type: 'emergency_care', case: of.case, need: need.code }
    valueOf(await logService(receiver, logServiceInput.parse(service)))

    const mine = valueOf(await listNeeds(sender, listNeedsInput.parse({ case: of.case }))).items
    expect(mine.map(({ code, state }) => [code, state])).toEqual(
      expect.arrayContaining([
        [of.need, 'met'],
        [need.code, expect.any(String)],
      ]),
    )
    // The holder goes on with what whoever leads found.
    const theirs = mine.find(({ code }) => code === need.code)
    valueOf(
      await changeNeed(
        sender,
        changeNeedInput.parse({ need: need.code, version: theirs?.version, urgency: 'routine' }),
      ),
    )
    const events = await owner<{ agency_id: string; actor_id: string | null }[]>`
      SELECT agency_id, actor_id FROM audit_event WHERE type = 'need.changed' AND subject = ${of.need} ORDER BY id DESC LIMIT 2`
    expect(events).toEqual([
      { agency_id: pair.harbour.agency.id, actor_id: null },
      { agency_id: pair.legalaid.agency.id, actor_id: receiver.member },
    ])
    // The holder's own pages stay the holder's: consents, texts, the record itself.
    expect((await viewCase(receiver, { case: of.case })).ok).toBe(false)
    expect((await listDisclosures(receiver, { case: of.case })).ok).toBe(false)
    expect((await addNeed(receiver, addNeedInput.parse({ case: of.case, category: 'legal' }))).ok).toBe(false)
  })

  it('R03: of two who move one need at once the second is told, with what stands there now', async () => {
    const of = await ledCase(owner, pair)
    const token = await tokenFor(owner, receiver)
    const path = `/referrals/${of.referral}/lead/needs/${of.need}`
    const [need] = valueOf(await viewLedCase(receiver, { referral: of.referral })).needs
    const patch = (state: string) =>
      callApi('PATCH', path, { token, body: { state }, headers: { 'if-match': `"${need?.version ?? 0}"` } })
    const both = await Promise.all([patch('being_met'), patch('met')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
    const [after] = valueOf(await viewLedCase(receiver, { referral: of.referral })).needs
    expect(after).toMatchObject({
      version: (need?.version ?? 0) + 1,
      state: both.find((one) => one.status === 200)?.body['state'],
    })
  })

  it('is found by name once its own index knows it, and what changes goes along', async () => {
    const of = await ledCase(owner, pair)
    const tokens = async () => {
      const [row] = await owner<{ n: number }[]>`
        SELECT count(*)::int AS n FROM grant_token t JOIN referral r ON r.id = t.referral_id WHERE r.code = ${of.referral}`
      return row?.n ?? 0
    }
    const [on] = await owner<{ person_id: string }[]>`SELECT person_id FROM referral WHERE code = ${of.referral}`
    valueOf(await addsNeed(receiver, of.referral))
    await renewPackages(on?.person_id ?? '')
    expect(await tokens()).toBeGreaterThan(0)
    const opened = valueOf(await readPackage(receiver, { referral: of.referral }))
    expect(opened.fields.find(({ field }) => field === 'need.medical')?.value).toHaveLength(1)
    await takenBack(owner, of.consent)
    expect(await tokens()).toBe(0)
  })

  it('gives the lead back, and the holder takes it back', async () => {
    const given = await ledCase(owner, pair)
    valueOf(await moved(receiver, given.referral, 'complete', { outcome: 'person_left', text: 'Moved back.' }))
    expect(await leadOf(given.case)).toBeNull()
    expect(await seen(sender, given.referral)).toMatchObject({
      state: 'completed',
      outcome: 'person_left',
      may: ['close'],
    })
    const taken = await ledCase(owner, pair)
    valueOf(await moved(sender, taken.referral, 'withdraw'))
    expect(await leadOf(taken.case)).toBeNull()
    for (const { referral } of [given, taken]) {
      expect((await readPackage(receiver, { referral })).ok).toBe(false)
      expect((await viewLedCase(receiver, { referral })).ok).toBe(false)
      expect((await addsNeed(receiver, referral)).ok).toBe(false)
    }
    expect(valueOf(await viewCaseAccess(sender, { case: given.case })).outside).toEqual([])
  })

  it('hands over to another agency through the holder, and leads no more', async () => {
    const of = await ledCase(owner, pair)
    const third = await office(owner, { network: sender.network })
    await signedAgreement([pair.harbour, third], { categories: [...CATEGORY_KEYS], purposes: ['transfer'] })
    const service = await listedService(third)
    await agreedTo(owner, of.case, third, { purpose: 'transfer' })
    const { code } = valueOf(await handedOver(sender, { case: of.case, directoryService: service.code }))
    valueOf(await moved(third.caseworker, code, 'accept'))
    // Until both sides have confirmed, whoever leads goes on.
    valueOf(await viewLedCase(receiver, { referral: of.referral }))
    valueOf(await moved(supervisor, code, 'confirm'))
    expect(await leadOf(of.case)).toMatchObject({ agency: third.agency.key })
    expect(await seen(receiver, of.referral)).toMatchObject({
      state: 'withdrawn',
      endedWhy: 'elsewhere',
      package: null,
    })
    expect((await viewLedCase(receiver, { referral: of.referral })).ok).toBe(false)
    valueOf(await viewLedCase(third.caseworker, { referral: code }))
  })

  it('keeps the case open: it is closed once the lead is back, in code and in the database', async () => {
    const of = await ledCase(owner, pair)
    const view = valueOf(await viewCase(sender, { case: of.case }))
    expect(view.may.close).toBe(false)
    const closing = { case: of.case, version: view.version, closureReason: 'goals_reached' as const }
    expect(await closeCase(sender, closing)).toMatchObject({ refusal: 'conflict', reason: 'led_elsewhere' })
    await expect(owner`UPDATE case_file SET status = 'closed' WHERE code = ${of.case}`).rejects.toThrow(
      'case_file_lead',
    )
  })
})

describe('traps', () => {
  it('trap T2: a transfer, and a need under it, is taken for no other case’s', async () => {
    const [one, other] = [await ledCase(owner, pair), await ledCase(owner, pair)]
    const input = { referral: one.referral, need: other.need, version: 1, state: 'met' }
    expect(await moveLedNeed(receiver, moveLedNeedInput.parse(input))).toMatchObject({ refusal: 'not_found' })
    const service = { category: 'legal', type: 'information_advice', case: one.case, need: other.need }
    expect((await logService(receiver, logServiceInput.parse(service))).ok).toBe(false)
    const token = await tokenFor(owner, receiver)
    const path = `/referrals/${one.referral}/lead/needs/${other.need}`
    expect(
      await callApi('PATCH', path, { token, body: { state: 'met' }, headers: { 'if-match': '"1"' } }),
    ).toMatchObject({ status: 404 })
  })

  it('trap T3: the receiver sees no more than the preview before both sides confirmed, and nothing afterwards', async () => {
    const of = await caseToHandOver(owner, pair)
    const code = await offered(of)
    const secrets = [of.case, of.person, of.need, MARKERS.name, MARKERS.phone]
    for (const move of ['acknowledge', 'accept'] as const) {
      valueOf(await moved(receiver, code, move))
      const all = JSON.stringify(await seen(receiver, code))
      for (const secret of secrets) expect(all).not.toContain(secret)
      expect((await readPackage(receiver, { referral: code })).ok).toBe(false)
      expect((await viewLedCase(receiver, { referral: code })).ok).toBe(false)
      const keys = await owner`
        SELECT 1 FROM referral_key k JOIN referral r ON r.id = k.referral_id WHERE r.code = ${code} AND k.part = 'package' AND k.agency_id = ${pair.legalaid.agency.id}`
      expect(keys).toHaveLength(0)
    }
    valueOf(await moved(supervisor, code, 'confirm'))
    valueOf(await moved(receiver, code, 'complete', { outcome: 'achieved' }))
    expect(await seen(receiver, code)).toMatchObject({ preview: null, package: null, texts: [] })
    expect((await readPackage(receiver, { referral: code })).ok).toBe(false)
  })

  it('trap T5: a consent that ended, or names another agency, lets nothing through, and the lead falls back', async () => {
    const of = await ledCase(owner, pair)
    await takenBack(owner, of.consent)
    expect(await leadOf(of.case)).toBeNull()
    expect(await seen(receiver, of.referral)).toMatchObject({ state: 'withdrawn', endedWhy: 'basis', package: null })
    expect((await viewLedCase(receiver, { referral: of.referral })).ok).toBe(false)
    expect(valueOf(await listCasesWeLead(receiver)).some((line) => line.case === of.case)).toBe(false)
    for (const { member } of [sender, receiver]) {
      const told = await owner<{ kind: string }[]>`
        SELECT kind FROM notice WHERE member_id = ${member} AND subject IN (${of.referral}, ${of.case}) ORDER BY at DESC LIMIT 2`
      expect(told.map(({ kind }) => kind)).toContain('referral.withdrawn')
    }
    const happened = valueOf(await viewTimeline(sender, { case: of.case })).items.map(({ what }) => what)
    expect(happened).toContain('case.lead-returned')

    // A confirmation finds what the acceptance rested on gone, too.
    const late = await caseToHandOver(owner, pair)
    const code = await offered(late)
    valueOf(await moved(receiver, code, 'accept'))
    await takenBack(owner, late.consent)
    expect((await moved(supervisor, code, 'confirm')).ok).toBe(false)
    expect(await leadOf(late.case)).toBeNull()

    const third = await office(owner, { network: sender.network })
    const other = await caseToHandOver(owner, { ...pair, legalaid: third })
    expect(await handedOver(sender, { case: other.case, directoryService: pair.service.code })).toMatchObject({
      reason: 'no_basis',
    })
  })

  it('trap T10: of two who confirm, or answer, at once one is told that it is done', async () => {
    const of = await caseToHandOver(owner, pair)
    const tries = await Promise.all(
      [1, 2].map(() => handedOver(sender, { case: of.case, directoryService: pair.service.code })),
    )
    expect(tries.filter(({ ok }) => ok)).toHaveLength(1)
    const code = tries.flatMap((one) => (one.ok ? [one.value.code] : []))[0] ?? ''
    const answers = await Promise.all([
      moved(receiver, code, 'accept'),
      moved(pair.standIn, code, 'decline', { declineReason: 'no_capacity' }),
    ])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    if (!answers[0].ok) return
    const confirmed = await Promise.all([1, 2].map(() => moved(supervisor, code, 'confirm')))
    expect(confirmed.filter(({ ok }) => ok)).toHaveLength(1)
    expect(
      await owner`SELECT 1 FROM case_grant g JOIN referral r ON r.id = g.referral_id WHERE r.code = ${code}`,
    ).toHaveLength(1)
  })
})

describe('who may', () => {
  it('the team offers and confirms, those who receive answer and lead, and nobody else knows of it', async () => {
    const of = await caseToHandOver(owner, pair)
    const third = await office(owner, { network: sender.network })
    const coordinator = await outsider(owner, 'coordinator', { network: sender.network })
    const auditor = await outsider(owner, 'auditor', { network: sender.network })
    const strangers = [
      pair.harbour.admin,
      third.caseworker,
      third.supervisor,
      coordinator,
      auditor,
      pair.legalaid.admin,
    ]
    for (const actor of [...strangers, pair.harbour.colleague, receiver]) {
      expect((await handedOver(actor, { case: of.case, directoryService: pair.service.code })).ok).toBe(false)
      expect((await prepareTransfer(actor, { case: of.case })).ok).toBe(false)
    }
    const code = await offered(of)
    for (const actor of [...strangers, sender, pair.legalaid.colleague])
      expect((await moved(actor, code, 'accept')).ok).toBe(false)
    valueOf(await moved(receiver, code, 'accept'))
    for (const actor of [...strangers, receiver, pair.legalaid.supervisor, pair.harbour.colleague])
      expect((await moved(actor, code, 'confirm')).ok).toBe(false)
    // A transfer is for one agency: no coordinator passes it on.
    const elsewhere = await listedService(third)
    expect((await rerouteReferral(coordinator, { referral: code, directoryService: elsewhere.code })).ok).toBe(false)
    valueOf(await moved(supervisor, code, 'confirm'))
    for (const actor of [...strangers, sender, pair.harbour.colleague, pair.legalaid.colleague]) {
      expect((await viewLedCase(actor, { referral: code })).ok).toBe(false)
      expect((await addsNeed(actor, code)).ok).toBe(false)
    }
    valueOf(await viewLedCase(pair.legalaid.supervisor, { referral: code }))
    // What is led is found in nobody else's list either.
    for (const actor of [pair.legalaid.colleague, third.caseworker, sender])
      expect(valueOf(await listCasesWeLead(actor)).some((line) => line.case === of.case)).toBe(false)
  })
})
