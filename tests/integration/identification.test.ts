import fc from 'fast-check'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { logService } from '@/lib/assistance/services/service'
import { logServiceInput } from '@/lib/assistance/services/schema'
import { explainSharing, listDisclosures } from '@/lib/consent/sharing/service'
import { viewCase } from '@/lib/cases/service'
import { closeWorker } from '@/lib/platform/db/worker'
import { offerIdentification, viewIdentification } from '@/lib/referrals/identification/service'
import { isNameless } from '@/lib/referrals/identification/rules'
import { rerouteReferral } from '@/lib/referrals/desk/service'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { DECISION_REASONS, MOVE_FIELDS, REASONS_FOR } from '@/lib/referrals/schema'
import { listReferrals, readPackage, viewReferral } from '@/lib/referrals/service'
import { listReferralsInput } from '@/lib/referrals/schema'
import { FIELD_KEYS } from '@/lib/consent/fields'
import { IDENTIFICATION_STATUSES } from '@/lib/cases/schema'
import { openNeed } from '@/tests/factories/assistance'
import { listedService } from '@/tests/factories/directory'
import { valueOf } from '@/tests/factories/cases'
import {
  asked,
  caseToIdentify,
  DECIDED,
  officeAndAuthority,
  type WithAuthority,
} from '@/tests/factories/identification'
import { office, outsider, ownerOf } from '@/tests/factories/office'
import { MARKERS, agreedTo, moved, pauseOver, takenBack } from '@/tests/factories/referrals'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let both: WithAuthority
let sender: Actor
let decider: Actor
let second: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  both = await officeAndAuthority(owner)
  sender = both.harbour.caseworker
  decider = both.police.caseworker
  second = both.police.colleague
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const seen = async (actor: Actor, referral: string) => valueOf(await viewReferral(actor, { referral }))
const contentOf = async (code: string) => valueOf(await viewCase(sender, { case: code })).content
async function decidedCase(over: Parameters<typeof caseToIdentify>[2] = {}, input = {}) {
  const of = await caseToIdentify(owner, both, over)
  const { code } = valueOf(await asked(sender, { case: of.case, ...input }))
  valueOf(await moved(decider, code, 'acknowledge'))
  valueOf(await moved(decider, code, 'decide', DECIDED))
  return { ...of, referral: code }
}

describe('a referral for identification', () => {
  it('goes without an agreement, opens to the authority once it acknowledged, and its decision comes back to the case', async () => {
    const of = await caseToIdentify(owner, both)
    const before = valueOf(await offerIdentification(sender, { case: of.case, anonymous: false }))
    expect(before).toMatchObject({ why: null, authority: { agency: both.police.agency.key }, anonymous: false })
    expect(before.fields.find(({ field }) => field === 'identity.names')).toMatchObject({
      allowed: true,
      part: 'package',
      basis: 'consent',
      value: null,
    })
    const sent = valueOf(await asked(sender, { case: of.case, reason: 'Was made to work without pay.' }))
    expect(sent).toMatchObject({ kind: 'identification', state: 'sent', anonymous: false, side: 'sender', needs: [] })
    expect(sent.clock).toMatchObject({ awaited: 'acknowledge', isWorkingTime: true })
    expect(sent.expiresAt).toBeNull()

    const shown = await seen(decider, sent.code)
    expect(shown).toMatchObject({
      side: 'receiver',
      case: null,
      package: null,
      may: ['acknowledge', 'request-info', 'decline'],
    })
    expect(JSON.stringify(shown)).not.toContain(MARKERS.name)
    expect((await readPackage(decider, { referral: sent.code })).ok).toBe(false)

    const acknowledged = valueOf(await moved(decider, sent.code, 'acknowledge'))
    expect(acknowledged).toMatchObject({
      state: 'acknowledged',
      case: null,
      may: ['request-info', 'decline', 'decide'],
    })
    expect(acknowledged.package?.fields).toContain('identity.names')
    const opened = valueOf(await readPackage(decider, { referral: sent.code }))
    expect(opened.case).toBeNull()
    expect(JSON.stringify(opened)).toContain(MARKERS.name)
    for (const move of ['accept', 'start'] as const)
      expect(await moved(decider, sent.code, move)).toMatchObject({ reason: 'wrong_state' })

    const decided = valueOf(await moved(decider, sent.code, 'decide', { ...DECIDED, text: 'Credible in every part.' }))
    const decision = { status: 'actual', body: 'Police', on: '2026-01-02', reason: 'elements_established' }
    expect(decided).toMatchObject({ state: 'completed', decision, package: null })
    expect((await readPackage(decider, { referral: sent.code })).ok).toBe(false)
    expect(await seen(sender, sent.code)).toMatchObject({ state: 'completed', decision, may: ['close'] })
    expect(await contentOf(of.case)).toMatchObject({
      identification: 'actual',
      identifiedBy: 'Police',
      identifiedOn: '2026-01-02',
    })
    expect(valueOf(await viewIdentification(sender, { case: of.case })).items).toMatchObject([{ decision }])
    const [told] =
      await owner`SELECT kind FROM notice WHERE member_id = ${sender.member} AND subject = ${sent.code} ORDER BY at DESC, id DESC LIMIT 1`
    expect(told?.['kind']).toBe('referral.decided')
    const [event] =
      await owner`SELECT fields, basis, agency_id FROM audit_event WHERE type = 'case.changed' AND subject = ${of.case} ORDER BY id DESC LIMIT 1`
    expect(event).toMatchObject({ basis: sent.code, agency_id: both.harbour.agency.id })
    expect(valueOf(await listDisclosures(sender, { case: of.case })).items).toMatchObject([
      { way: 'package', purpose: 'identification', subject: sent.code, bases: ['consent'] },
      { way: 'preview', purpose: 'identification', subject: sent.code },
    ])
  })

  it('needs a basis of its own: a consent to share for help is none, a legal duty is one', async () => {
    const of = await caseToIdentify(owner, both, { purpose: 'sharing' })
    expect(valueOf(await offerIdentification(sender, { case: of.case, anonymous: false }))).toMatchObject({
      why: 'no_basis',
    })
    expect(await asked(sender, { case: of.case })).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })
    await owner`
      INSERT INTO lawful_basis (id, agency_id, purpose, basis, identity, source, set_by_id, set_at)
      VALUES (gen_random_uuid(), ${both.harbour.agency.id}, 'identification', 'legal_duty', 'none', 'Act 1', ${both.harbour.admin.member}, clock_timestamp())`
    const sent = valueOf(await asked(sender, { case: of.case }))
    expect(sent.fields).not.toContain('identity.names')
    // Later cases rest on consent again.
    await owner`
      INSERT INTO lawful_basis (id, agency_id, purpose, basis, identity, source, set_by_id, set_at)
      VALUES (gen_random_uuid(), ${both.harbour.agency.id}, 'identification', 'consent', 'full', 'Act 1', ${both.harbour.admin.member}, clock_timestamp())`
  })

  it('a field that is not covered is refused by name', async () => {
    const of = await caseToIdentify(owner, both, { identity: 'none' })
    expect(await asked(sender, { case: of.case, fields: ['profile.gender', 'identity.names'] })).toMatchObject({
      reason: 'no_basis',
      errors: { fields: ['referrals.errors.uncovered'] },
    })
  })

  it('ends with what allowed it, at once', async () => {
    const of = await caseToIdentify(owner, both)
    const { code } = valueOf(await asked(sender, { case: of.case }))
    valueOf(await moved(decider, code, 'acknowledge'))
    await takenBack(owner, of.consent)
    expect(await seen(decider, code)).toMatchObject({
      state: 'withdrawn',
      endedWhy: 'basis',
      package: null,
      preview: null,
    })
    expect((await readPackage(decider, { referral: code })).ok).toBe(false)
    expect(await moved(decider, code, 'decide', DECIDED)).toMatchObject({ reason: 'wrong_state' })
  })

  it('is late after its own limit, is told of, and never expires', async () => {
    const of = await caseToIdentify(owner, both)
    const { code } = valueOf(await asked(sender, { case: of.case }))
    await owner`
      UPDATE referral SET acknowledge_half_at = acknowledge_half_at - d, acknowledge_by = acknowledge_by - d, acknowledge_late_at = acknowledge_late_at - d,
        decide_half_at = decide_half_at - d, decide_by = decide_by - d, decide_late_at = decide_late_at - d, expires_at = expires_at - d, next_at = next_at - d
      FROM (SELECT interval '90 days' AS d) x WHERE code = ${code}`
    await runReferralClock()
    expect(await seen(sender, code)).toMatchObject({ state: 'sent', overdue: true })
    valueOf(await moved(decider, code, 'acknowledge'))
    valueOf(await moved(decider, code, 'decide', DECIDED))
    expect(await seen(sender, code)).toMatchObject({ state: 'completed', overdue: false })
  })

  it('has the limits of the network, in working days', async () => {
    await owner`
      UPDATE network SET settings = '{"identification": {"acknowledge": 1, "decide": 3, "reconsider": 9, "source": "Protocol 4"}}' WHERE id = ${sender.network}`
    const { referral, case: on } = await decidedCase()
    const first = await seen(sender, referral)
    const again = valueOf(await asked(sender, { case: on, reconsiders: referral }))
    const days = (from: string | null, to: string | null) =>
      (Date.parse(to ?? '') - Date.parse(from ?? '')) / 86_400_000
    expect(days(first.sentAt, first.decideBy)).toBeLessThan(6)
    expect(days(again.sentAt, again.decideBy)).toBeGreaterThan(8)
  })

  it('pauses while a question waits, and asks one question at a time', async () => {
    const of = await caseToIdentify(owner, both)
    const { code } = valueOf(await asked(sender, { case: of.case }))
    expect(await asked(sender, { case: of.case })).toMatchObject({ refusal: 'conflict', reason: 'already_asked' })
    valueOf(await moved(decider, code, 'acknowledge'))
    expect(valueOf(await moved(decider, code, 'request-info', { question: 'Since when?' }))).toMatchObject({
      state: 'info_requested',
      clock: { standing: 'stopped' },
    })
    expect((await readPackage(decider, { referral: code })).ok).toBe(true)
    expect(valueOf(await moved(sender, code, 'answer-info', { answer: 'Since spring.' }))).toMatchObject({
      state: 'acknowledged',
    })
  })
})

describe('a reconsideration', () => {
  it('is decided by other members than the first decision, once, and its decision stands', async () => {
    const { referral, case: on } = await decidedCase()
    const again = valueOf(await asked(sender, { case: on, reconsiders: referral, reason: 'New facts.' }))
    expect(again).toMatchObject({ reconsiders: referral, state: 'sent' })
    expect(await seen(sender, referral)).toMatchObject({ reconsideredBy: again.code })
    valueOf(await moved(decider, again.code, 'acknowledge'))
    expect((await seen(decider, again.code)).may).toEqual(['request-info'])
    expect(await seen(decider, again.code)).toMatchObject({ leftToAnother: true })
    expect(await seen(second, again.code)).toMatchObject({ leftToAnother: false })
    // Also while a question of theirs is open whose pause is over: then there is nothing that they may do.
    valueOf(await moved(decider, again.code, 'request-info', { question: 'Since when?' }))
    await pauseOver(owner, again.code)
    expect(await seen(decider, again.code)).toMatchObject({ may: [], unanswered: true, leftToAnother: true })
    valueOf(await moved(sender, again.code, 'answer-info', { answer: 'Since spring.' }))
    expect(await moved(decider, again.code, 'decide', DECIDED)).toMatchObject({ reason: 'same_member' })
    expect(await moved(decider, again.code, 'decline', { declineReason: 'duplicate' })).toMatchObject({
      reason: 'same_member',
    })
    const other = {
      decision: 'possible',
      decidingBody: 'Police',
      decidedOn: '2026-02-03',
      decisionReason: 'reasonable_grounds',
    }
    valueOf(await moved(second, again.code, 'decide', other))
    expect(await contentOf(on)).toMatchObject({ identification: 'possible', identifiedOn: '2026-02-03' })
    const { items } = valueOf(await viewIdentification(sender, { case: on }))
    expect(items.map(({ decision }) => decision?.status)).toEqual(['possible', 'actual'])
    expect(await asked(sender, { case: on, reconsiders: referral })).toMatchObject({ reason: 'already_asked' })
    expect(await asked(sender, { case: on, reconsiders: again.code })).toMatchObject({ reason: 'not_decided' })
  })

  it('is asked of nothing that is undecided, or another case’s', async () => {
    const { referral } = await decidedCase()
    const of = await caseToIdentify(owner, both)
    expect(await asked(sender, { case: of.case, reconsiders: referral })).toMatchObject({ reason: 'not_decided' })
    expect(await asked(sender, { case: of.case, reconsiders: 'REF-NOT-THERE' })).toMatchObject({
      reason: 'not_decided',
    })
  })
})

describe('the route without identity', () => {
  it('tells the authority facts and nobody’s name, also where the person would let it know', async () => {
    const of = await caseToIdentify(owner, both)
    const need = await openNeed(sender, { case: of.case, category: 'legal', urgency: 'urgent' })
    const sent = valueOf(await asked(sender, { case: of.case, anonymous: true, reason: 'Held in a house for months.' }))
    expect(sent.fields.every(isNameless)).toBe(true)
    expect(sent.fields).toContain('case.experience')
    expect(await asked(sender, { case: of.case, anonymous: true, fields: ['identity.names'] })).toMatchObject({
      refusal: 'conflict',
    })
    valueOf(await moved(decider, sent.code, 'acknowledge'))
    const all = JSON.stringify([
      await seen(decider, sent.code),
      valueOf(await readPackage(decider, { referral: sent.code })),
      valueOf(await listReferrals(decider, listReferralsInput.parse({}))).items.filter(
        ({ code }) => code === sent.code,
      ),
      await owner`SELECT * FROM notice WHERE member_id = ${decider.member} AND subject = ${sent.code}`,
      await owner`SELECT person_id, case_id, subject FROM audit_event WHERE agency_id = ${both.police.agency.id} AND subject = ${sent.code}`,
    ])
    const [ids] =
      await owner`SELECT c.id AS case_id, p.id AS person_id FROM case_file c JOIN person p ON p.id = c.person_id WHERE c.code = ${of.case}`
    const joins = [
      of.case,
      of.person,
      need.code,
      String(ids?.['case_id']),
      String(ids?.['person_id']),
      MARKERS.name,
      MARKERS.phone,
    ]
    for (const one of joins) expect(all).not.toContain(one)
    valueOf(await moved(decider, sent.code, 'decide', DECIDED))
    const again = valueOf(await asked(sender, { case: of.case, reconsiders: sent.code, anonymous: false }))
    expect(again).toMatchObject({ anonymous: true })
    expect(again.fields.every(isNameless)).toBe(true)
  })

  it('is kept by the database for any choice of fields', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...FIELD_KEYS]), async (fields) => {
        const [row] = await owner<{ kept: string[] }[]>`
          SELECT coalesce(array_agg(f) FILTER (WHERE app.is_nameless(f)), '{}') AS kept FROM unnest(${owner.array([...fields])}::text[]) f`
        expect(row?.kept).toEqual(fields.filter(isNameless))
      }),
      { numRuns: 20 },
    )
  })
})

describe('who may', () => {
  it('only the team asks, only those who receive answer, and nobody else knows of it', async () => {
    const of = await caseToIdentify(owner, both)
    const third = await office(owner, { network: sender.network })
    const coordinator = await outsider(owner, 'coordinator', { network: sender.network })
    const auditor = await outsider(owner, 'auditor', { network: sender.network })
    const others = [both.harbour.admin, third.caseworker, both.police.caseworker, coordinator, auditor]
    for (const actor of [both.harbour.colleague, ...others]) {
      expect((await asked(actor, { case: of.case })).ok).toBe(false)
      expect((await viewIdentification(actor, { case: of.case })).ok).toBe(false)
      expect((await offerIdentification(actor, { case: of.case, anonymous: false })).ok).toBe(false)
    }
    const { code } = valueOf(await asked(sender, { case: of.case }))
    // No coordinator passes the question on to somebody else.
    const elsewhere = await listedService(third)
    expect((await rerouteReferral(coordinator, { referral: code, directoryService: elsewhere.code })).ok).toBe(false)
    valueOf(await moved(decider, code, 'acknowledge'))
    for (const actor of [sender, both.police.admin, both.police.supervisor, third.caseworker, coordinator, auditor]) {
      expect((await moved(actor, code, 'decide', DECIDED)).ok).toBe(false)
      if (actor !== sender && actor !== both.police.supervisor)
        expect((await readPackage(actor, { referral: code })).ok).toBe(false)
    }
    valueOf(await moved(decider, code, 'decide', DECIDED))
    expect(await seen(coordinator, code)).toMatchObject({ side: 'desk', case: null, decision: null })
    expect(await seen(both.harbour.colleague, code)).toMatchObject({ decision: null })
  })

  it('an agency that is the authority itself, or a network without one, asks nobody', async () => {
    const alone = await office(owner)
    const of = await caseToIdentify(owner, { harbour: alone, police: alone })
    expect(await asked(alone.caseworker, { case: of.case })).toMatchObject({ reason: 'no_authority' })
    expect(valueOf(await viewIdentification(alone.caseworker, { case: of.case }))).toMatchObject({
      authority: null,
      why: 'no_authority',
    })
    const own = await caseToIdentify(owner, { harbour: both.police, police: both.police })
    expect(await asked(decider, { case: own.case })).toMatchObject({ reason: 'own_authority' })
  })
})

describe('invariant 7', () => {
  it('whatever was asked or decided, the same help is logged, shared and offered', async () => {
    const states = ['none', 'asked', ...IDENTIFICATION_STATUSES] as const
    const results = []
    for (const state of states) {
      const of = await caseToIdentify(owner, both)
      await agreedTo(owner, of.case, both.police, { purpose: 'sharing' })
      if (state !== 'none') {
        const { code } = valueOf(await asked(sender, { case: of.case }))
        if (state !== 'asked') {
          valueOf(await moved(decider, code, 'acknowledge'))
          valueOf(await moved(decider, code, 'decide', { ...DECIDED, decision: state, decisionReason: 'other' }))
        }
      }
      const need = await openNeed(sender, { case: of.case, category: 'medical', urgency: 'emergency' })
      const logged = valueOf(
        await logService(
          sender,
          logServiceInput.parse({
            case: of.case,
            category: 'medical',
            type: 'emergency_care',
            deliveredOn: '2026-01-02',
            need: need.code,
          }),
        ),
      )
      const shared = valueOf(
        await explainSharing(sender, { case: of.case, agency: both.police.agency.key, purpose: 'sharing' }),
      )
      const view = valueOf(await viewCase(sender, { case: of.case }))
      results.push({
        state: need.state,
        status: logged.status,
        may: view.may,
        allowed: shared.answer?.fields.filter(({ allowed }) => allowed).map(({ field }) => field),
      })
    }
    for (const result of results) expect(result).toEqual(results[0])
  })
})

describe('a decision', () => {
  it('fits its reason, in code and in the database', async () => {
    for (const decision of IDENTIFICATION_STATUSES)
      for (const decisionReason of DECISION_REASONS)
        expect(MOVE_FIELDS.decide.safeParse({ ...DECIDED, decision, decisionReason }).success).toBe(
          REASONS_FOR[decision].includes(decisionReason),
        )
    const { referral } = await decidedCase()
    for (const decision of IDENTIFICATION_STATUSES)
      for (const reason of DECISION_REASONS) {
        const tried = owner.begin(async (sql) => {
          await sql`UPDATE referral SET decision = ${decision}, decision_reason = ${reason} WHERE code = ${referral}`
          throw new Error('undone')
        })
        const message = REASONS_FOR[decision].includes(reason) ? 'undone' : 'referral_decision_reason'
        await expect(tried).rejects.toThrow(message)
      }
  })

  it('is none of the future', async () => {
    const of = await caseToIdentify(owner, both)
    const { code } = valueOf(await asked(sender, { case: of.case }))
    valueOf(await moved(decider, code, 'acknowledge'))
    expect(await moved(decider, code, 'decide', { ...DECIDED, decidedOn: '2099-01-01' })).toMatchObject({
      errors: { decidedOn: ['referrals.errors.decided_on'] },
    })
  })
})
