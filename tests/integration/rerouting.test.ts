import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { viewNeed } from '@/lib/assistance/needs/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { closeWorker } from '@/lib/platform/db/worker'
import { rerouteReferral, viewWaiting } from '@/lib/referrals/desk/service'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { readPackage, viewReferral } from '@/lib/referrals/service'
import { signedAgreement } from '@/tests/factories/agreements'
import { valueOf } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import { office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import {
  agreedTo,
  MARKERS,
  moved,
  pairOfAgencies,
  sentReferral,
  takenBack,
  type Pair,
} from '@/tests/factories/referrals'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
/** A third agency, with an agreement and the same kind of help. */
let third: Office
let thirdService: { readonly id: string; readonly code: string }
let coordinator: Actor
let sender: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  sender = pair.harbour.caseworker
  third = await office(owner, { network: pair.harbour.admin.network })
  await signedAgreement([pair.harbour, third], { categories: [...CATEGORY_KEYS] })
  thirdService = await listedService(third)
  coordinator = await outsider(owner, 'coordinator', { network: pair.harbour.admin.network })
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const seen = async (actor: Actor, referral: string) => valueOf(await viewReferral(actor, { referral }))
const told = async (member: Actor, subject: string) =>
  (
    await owner`SELECT kind FROM notice WHERE member_id = ${member.member} AND subject = ${subject} ORDER BY at, id`
  ).map((row) => String(row['kind']))
const lines = async (referral: string) =>
  (await owner`SELECT way FROM disclosure WHERE subject = ${referral} ORDER BY way`).map((row) => String(row['way']))

/** A referral that was declined, and what the coordinator made of it. */
async function rerouted() {
  const of = await sentReferral(owner, pair)
  valueOf(await moved(pair.legalaid.caseworker, of.referral, 'decline', { declineReason: 'no_capacity' }))
  const { made } = valueOf(
    await rerouteReferral(coordinator, { referral: of.referral, directoryService: thirdService.code }),
  )
  return { ...of, made }
}

describe('a referral that the coordinator routes to another agency', () => {
  it('is offered to whom an agreement names, with the directory’s reasons and nothing of the person', async () => {
    const { referral } = await sentReferral(owner, pair)
    valueOf(await moved(pair.legalaid.caseworker, referral, 'decline', { declineReason: 'no_capacity' }))
    const stranger = await office(owner, { network: pair.harbour.admin.network })
    await listedService(stranger)
    const waiting = valueOf(await viewWaiting(coordinator, { referral }))
    expect(waiting.services.map(({ code }) => code)).toEqual([thirdService.code])
    expect(waiting.services[0]?.fit).toMatchObject({ agreement: 'fits', room: 'free' })
    expect(JSON.stringify(waiting)).not.toContain(MARKERS.name)
    for (const directoryService of [pair.service.code, (await listedService(stranger)).code, 'DIR-0000-0000-0'])
      expect(await rerouteReferral(coordinator, { referral, directoryService })).toMatchObject({
        ok: false,
        refusal: 'conflict',
        reason: 'no_service',
      })
  })

  it('T13: shows its receiver a kind of help and a clock, and can not be accepted before the sender has a basis', async () => {
    const { made, referral, case: file, need } = await rerouted()
    const there = await seen(third.caseworker, made)
    expect(there).toMatchObject({
      side: 'receiver',
      state: 'sent',
      case: null,
      needs: [],
      preview: null,
      package: null,
      texts: [],
      routing: { rerouted: true, awaitsBasis: true, from: null, to: null, needs: [] },
      may: ['acknowledge', 'decline'],
    })
    expect(there.deskActs).toEqual([expect.objectContaining({ kind: 'rerouted' })])
    const bytes = JSON.stringify(there)
    for (const secret of [...Object.values(MARKERS), file, need, referral, 'Needs advice this week'])
      expect(bytes).not.toContain(secret)
    for (const move of ['accept', 'request-info'] as const)
      expect(await moved(third.caseworker, made, move, move === 'accept' ? {} : { question: 'Who?' })).toMatchObject({
        ok: false,
        refusal: 'conflict',
        reason: 'no_basis',
      })
    expect(await readPackage(third.caseworker, { referral: made })).toMatchObject({ ok: false, refusal: 'not_found' })
    expect(await moved(sender, made, 'send')).toMatchObject({ ok: false, refusal: 'conflict', reason: 'no_basis' })
    // The database says the same, whatever a function would do.
    await expect(
      owner`UPDATE referral SET state = 'accepted', answered_at = clock_timestamp() WHERE code = ${made}`,
    ).rejects.toThrow(/referral_awaits_basis/)
    expect(await told(sender, made)).toEqual(['referral.rerouted'])
    expect(await told(third.caseworker, made)).toEqual(['referral.received'])
  })

  it('goes on to its end once the sender has a basis: one line of the ledger for what left', async () => {
    const { made, referral, case: file, need } = await rerouted()
    valueOf(await moved(third.caseworker, made, 'acknowledge'))
    const awaits = async () => valueOf(await viewWaiting(coordinator, { referral: made })).card.awaitsBasis
    expect(await awaits()).toBe(true)
    await agreedTo(owner, file, third)
    const offered = await seen(sender, made)
    expect(offered).toMatchObject({ routing: { from: referral, awaitsBasis: true, needs: [need] } })
    expect(offered.may).toContain('send')
    expect((await seen(third.caseworker, made)).preview).toBeNull()
    expect(await lines(made)).toEqual([])
    valueOf(await moved(sender, made, 'send'))
    const open = await seen(third.caseworker, made)
    expect(open).toMatchObject({ state: 'acknowledged', routing: { awaitsBasis: false } })
    expect(await awaits()).toBe(false)
    expect(open.preview?.map(({ field }) => field)).toContain('need.legal')
    expect(JSON.stringify(open)).not.toContain(MARKERS.name)
    expect(await told(third.caseworker, made)).toEqual(['referral.received', 'referral.shared'])
    expect(await moved(sender, made, 'send')).toMatchObject({ ok: false, reason: 'wrong_state' })
    valueOf(await moved(third.caseworker, made, 'accept'))
    expect(JSON.stringify(valueOf(await readPackage(third.caseworker, { referral: made })))).toContain(MARKERS.name)
    expect(await lines(made)).toEqual(['package', 'preview'])
    expect(valueOf(await viewNeed(sender, { need })).state).toBe('planned')
    expect((await seen(sender, referral)).routing).toMatchObject({ to: made })
  })

  it('leaves what still waits where it is until the sender shares with the new agency', async () => {
    const first = await sentReferral(owner, pair)
    const { made } = valueOf(
      await rerouteReferral(coordinator, { referral: first.referral, directoryService: thirdService.code }),
    )
    expect(
      await rerouteReferral(coordinator, { referral: first.referral, directoryService: thirdService.code }),
    ).toMatchObject({ ok: false, reason: 'no_service' })
    expect((await seen(pair.legalaid.caseworker, first.referral)).may).toContain('accept')
    await agreedTo(owner, first.case, third)
    valueOf(await moved(sender, made, 'send'))
    expect(await seen(pair.legalaid.caseworker, first.referral)).toMatchObject({
      state: 'withdrawn',
      endedWhy: 'elsewhere',
      preview: null,
    })
    expect(await told(pair.legalaid.caseworker, first.referral)).toContain('referral.withdrawn')
    expect(valueOf(await viewNeed(sender, { need: first.need })).state).toBe('planned')
  })

  it('is not needed any more when the agency that was asked first takes it on', async () => {
    const first = await sentReferral(owner, pair)
    const { made } = valueOf(
      await rerouteReferral(coordinator, { referral: first.referral, directoryService: thirdService.code }),
    )
    valueOf(await moved(pair.legalaid.caseworker, first.referral, 'accept'))
    expect(await seen(third.caseworker, made)).toMatchObject({ state: 'withdrawn', endedWhy: 'elsewhere' })
    expect(await moved(sender, made, 'send')).toMatchObject({ ok: false, reason: 'wrong_state' })
  })

  it('needs an agency again when the new one declines or never answers, and is not withdrawn for want of a basis', async () => {
    const first = await rerouted()
    await takenBack(owner, first.consent)
    await owner`UPDATE referral SET next_at = clock_timestamp() - interval '1 minute' WHERE code = ${first.made}`
    await runReferralClock()
    expect((await seen(sender, first.made)).state).toBe('sent')
    valueOf(await moved(third.caseworker, first.made, 'decline', { declineReason: 'other', text: 'Closed this week.' }))
    expect((await seen(sender, first.made)).texts).toEqual([expect.objectContaining({ text: 'Closed this week.' })])
    expect(valueOf(await viewWaiting(coordinator, { referral: first.made })).card.lane).toBe('unplaced')
    const second = valueOf(
      await rerouteReferral(coordinator, { referral: first.made, directoryService: pair.service.code }),
    )
    await agreedTo(owner, first.case, pair.legalaid)
    valueOf(await moved(sender, second.made, 'send'))
    expect((await seen(pair.legalaid.caseworker, second.made)).preview).not.toBeNull()
  })

  it('is for needs that somebody could still meet', async () => {
    const { referral, need } = await sentReferral(owner, pair)
    await owner`UPDATE need SET state = 'met', met_on = found_on WHERE code = ${need}`
    expect(valueOf(await viewWaiting(coordinator, { referral })).services).toEqual([])
    expect(await rerouteReferral(coordinator, { referral, directoryService: thirdService.code })).toMatchObject({
      ok: false,
      refusal: 'conflict',
    })
  })

  it('is the coordinator’s to do, of the network alone, and goes on one desk', async () => {
    const { referral } = await sentReferral(owner, pair)
    const stranger = await outsider(owner, 'coordinator')
    const auditor = await outsider(owner, 'auditor', { network: pair.harbour.admin.network })
    for (const actor of [
      sender,
      pair.legalaid.caseworker,
      pair.harbour.supervisor,
      pair.harbour.admin,
      auditor,
      stranger,
    ])
      expect(await rerouteReferral(actor, { referral, directoryService: thirdService.code })).toMatchObject({
        ok: false,
        refusal: 'not_found',
      })
    valueOf(await rerouteReferral(coordinator, { referral, directoryService: thirdService.code }))
    const [event] =
      await owner`SELECT person_id, case_id FROM audit_event WHERE type = 'referral.rerouted' AND subject = ${referral}`
    expect(event).toMatchObject({ person_id: null, case_id: null })
  })
})
