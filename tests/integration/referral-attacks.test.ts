import { setTimeout } from 'node:timers/promises'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { restrictCase } from '@/lib/cases/service'
import { viewDesk } from '@/lib/referrals/desk/service'
import { listLooksAt, printLooksAt } from '@/lib/people/looks-service'
import { closeWorker } from '@/lib/platform/db/worker'
import { newId } from '@/lib/platform/ids'
import { logFilters } from '@/lib/audit/log/schema'
import { logContactInput } from '@/lib/assistance/contacts/schema'
import { MOVE_FIELDS } from '@/lib/referrals/schema'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { listReferrals, readPackage, referralMark, viewReferral } from '@/lib/referrals/service'
import { openNeed } from '@/tests/factories/assistance'
import { valueOf } from '@/tests/factories/cases'
import { outsider, ownerOf } from '@/tests/factories/office'
import {
  caseToRefer,
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

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  sender = pair.harbour.caseworker
  receiver = pair.legalaid.caseworker
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const seen = async (actor: Actor, referral: string) => valueOf(await viewReferral(actor, { referral }))
const stateOf = async (referral: string) =>
  String((await owner`SELECT state FROM referral WHERE code = ${referral}`)[0]?.['state'])

describe('before acceptance', () => {
  it('nothing joins two referrals for the same need of the same person', async () => {
    const { referral, case: caseCode, need } = await sentReferral(owner, pair)
    const second = valueOf(
      await refer(sender, { case: caseCode, needs: [need], directoryService: pair.service.code, send: true }),
    )
    const shown = JSON.stringify([
      await seen(receiver, referral),
      await seen(receiver, second.code),
      await seen(pair.legalaid.supervisor, second.code),
      valueOf(await listReferrals(receiver, { box: 'in', limit: 200 })),
    ])
    expect(shown).not.toContain(need)
    expect(shown).not.toContain(caseCode)
    expect((await seen(sender, referral)).needs).toMatchObject([{ code: need }])
  })

  it('needs are taken on by their numbers, and named once they are taken on', async () => {
    const of = await caseToRefer(owner, pair)
    const other = await openNeed(sender, { case: of.case, category: 'social' })
    const { code: referral } = valueOf(
      await refer(sender, {
        case: of.case,
        needs: [of.need, other.code],
        directoryService: pair.service.code,
        send: true,
      }),
    )
    const { needs } = await seen(receiver, referral)
    expect(needs).toMatchObject([
      { number: 1, code: null, category: 'legal' },
      { number: 2, code: null, category: 'social' },
    ])
    expect(await moved(receiver, referral, 'accept', { needs: ['3'] })).toMatchObject({ refusal: 'invalid' })
    const accepted = valueOf(await moved(receiver, referral, 'accept', { needs: ['2'] }))
    expect(accepted.needs).toMatchObject([{ number: 2, code: other.code, category: 'social', accepted: true }])
  })
})

describe('what an open page asks', () => {
  it('is answered for the sending team as long as it is one, for the other side until the end', async () => {
    const { referral } = await sentReferral(owner, pair)
    const isOpen = async (actor: Actor) => valueOf(await referralMark(actor, { referral })).isOpen
    expect(await isOpen(receiver)).toBe(false)
    valueOf(await moved(receiver, referral, 'accept'))
    expect(await isOpen(receiver)).toBe(true)
    valueOf(await moved(receiver, referral, 'complete', { outcome: 'achieved' }))
    expect(await isOpen(receiver)).toBe(false)
    expect([await isOpen(sender), await isOpen(pair.harbour.colleague)]).toEqual([true, false])
  })
})

describe('a basis that ends', () => {
  it('while a referral is being sent ends it as soon as it was', async () => {
    const of = await caseToRefer(owner, pair)
    const input = { case: of.case, needs: [of.need], directoryService: pair.service.code }
    const { code: referral } = valueOf(await refer(sender, input))
    let withdrawal = Promise.resolve()
    await owner.begin(async (tx) => {
      // As far as a transaction that sends has come, just before its end.
      await tx`UPDATE referral SET state = 'sent', sent_at = now(), acknowledge_by = now(), decide_by = now() WHERE code = ${referral}`
      withdrawal = takenBack(owner, of.consent)
      await Promise.race([withdrawal, setTimeout(1_000)])
    })
    await withdrawal
    expect(await stateOf(referral)).toBe('withdrawn')
  })

  it('P05: with the agreement ends the referral at the next turn of the clock', async () => {
    const { referral } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    const left = await owner<{ agreement_id: string }[]>`
      UPDATE agreement_party SET left_at = now() WHERE agency_id = ${pair.legalaid.agency.id} AND left_at IS NULL
      RETURNING agreement_id`
    await runReferralClock()
    expect(await seen(receiver, referral)).toMatchObject({ state: 'withdrawn', endedWhy: 'basis', needs: [] })
    await owner`
      UPDATE agreement_party SET left_at = NULL
      WHERE agreement_id = ANY (${left.map(({ agreement_id: id }) => id)}) AND agency_id = ${pair.legalaid.agency.id}`
  })

  it('with what the sending agency rests on ends the referral at the next turn of the clock', async () => {
    await rests('public_task')
    // Of legal help this person was never asked: the agency's own task alone covers it.
    const { referral } = await sentReferral(owner, pair, { categories: ['medical'] })
    await runReferralClock()
    expect(await stateOf(referral)).toBe('sent')
    await rests('consent')
    await runReferralClock()
    expect(await stateOf(referral)).toBe('withdrawn')
  })

  async function rests(basis: string): Promise<void> {
    await owner`
      INSERT INTO lawful_basis (id, agency_id, purpose, basis, identity, source, set_by_id, set_at)
      VALUES (${newId()}, ${pair.harbour.agency.id}, 'sharing', ${basis}, 'none', 'A law', ${pair.harbour.admin.member}, clock_timestamp())`
  }
})

describe('who looked at a person', () => {
  it('L07: is told whole: also that another agency opened what was shared, without a name of its members', async () => {
    const { referral, person } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    valueOf(await readPackage(receiver, { referral }))
    const { items } = valueOf(await listLooksAt(sender, { person }))
    expect(items.filter(({ type }) => type === 'referral-package.opened')).toMatchObject([
      { who: pair.legalaid.caseworker.agencyName, subject: referral },
    ])
    const { looked } = valueOf(await printLooksAt(sender, { person }))
    expect(looked.lines.filter(({ agency }) => agency === pair.legalaid.caseworker.agencyName)).toMatchObject([
      { who: '', roles: ['caseworker'], parts: ['referrals', 'shared'], reason: 'casework' },
    ])
    expect(await listLooksAt(pair.harbour.colleague, { person })).toMatchObject({ refusal: 'forbidden' })
    expect(await listLooksAt(receiver, { person })).toMatchObject({ refusal: 'not_found' })
  })
})

describe('the coordinator’s desk', () => {
  it('counts no need of a restricted case', async () => {
    const coordinator = await outsider(owner, 'coordinator', { network: pair.harbour.admin.network })
    const of = await caseToRefer(owner, pair)
    await openNeed(sender, { case: of.case, category: 'medical', type: 'forensic_examination' })
    const counted = async () =>
      valueOf(await viewDesk(coordinator, {})).bottlenecks.find(({ type }) => type === 'forensic_examination')?.needs ??
      0
    expect(await counted()).toBe(1)
    valueOf(await restrictCase(sender, { case: of.case }))
    expect(await counted()).toBe(0)
  })
})

describe('a day before all calendars', () => {
  it.each([
    ['an acceptance', MOVE_FIELDS.accept, { startsOn: '0000-01-01' }],
    ['a filter of the log', logFilters, { from: '0000-01-01' }],
    [
      'a contact',
      logContactInput,
      { case: 'CAS-1', kind: 'call', outcome: 'reached', occurredAt: '0000-01-01T00:00:00Z' },
    ],
  ])('is refused to %s', (_, schema, input) => {
    expect(schema.safeParse(input)).toMatchObject({ success: false })
  })
})
