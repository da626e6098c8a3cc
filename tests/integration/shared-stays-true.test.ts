import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { logServiceInput } from '@/lib/assistance/services/schema'
import { voidService } from '@/lib/assistance/services/amend-service'
import { logService } from '@/lib/assistance/services/service'
import { changePerson } from '@/lib/people/change-service'
import { searchPersons } from '@/lib/people/search-service'
import { viewPerson } from '@/lib/people/service'
import { closeWorker } from '@/lib/platform/db/worker'
import { newId } from '@/lib/platform/ids'
import { fromQueue } from '@/lib/platform/jobs/queue'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { REFERRAL_QUEUES } from '@/lib/referrals/renew-service'
import { readPackage, viewReferral } from '@/lib/referrals/service'
import { ownerOf } from '@/tests/factories/office'
import { valueOf } from '@/tests/factories/cases'
import {
  agreedTo,
  caseToRefer,
  MARKERS,
  moved,
  pairOfAgencies,
  refer,
  sentReferral,
  takenBack,
} from '@/tests/factories/referrals'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

/** A pair of its own: what one test shares is not found in the next. */
async function twoAgencies() {
  const pair = await pairOfAgencies(owner)
  return { pair, sender: pair.harbour.caseworker, receiver: pair.legalaid.caseworker }
}

async function renewAll(): Promise<void> {
  for (const handler of REFERRAL_QUEUES) while ((await fromQueue(handler).run()) > 0);
}
const foundBy = async (actor: Actor, query: string) =>
  valueOf(await searchPersons(actor, { query })).shared.map(({ referral }) => referral)
const tokensOf = async (referral: string) =>
  (await owner`SELECT 1 FROM grant_token WHERE referral_id = (SELECT id FROM referral WHERE code = ${referral})`).length

describe('a package', () => {
  it('follows what is coded of person, case and need, with a line of the ledger for what left', async () => {
    const { pair, sender, receiver } = await twoAgencies()
    const { referral, person, case: caseCode, need } = await sentReferral(owner, pair)
    const { version } = valueOf(await viewPerson(sender, { person }))
    valueOf(
      await changePerson(sender, { person, version, profile: { gender: { state: 'stated', value: 'Masculine' } } }),
    )
    await renewAll()
    const gender = async () =>
      valueOf(await viewReferral(receiver, { referral })).preview?.find(({ field }) => field === 'profile.gender')
        ?.value
    expect(await gender()).toEqual({ state: 'stated', value: 'Masculine' })
    const lines = async () =>
      owner<
        { way: string; fields: string[] }[]
      >`SELECT way, fields FROM disclosure WHERE subject = ${referral} ORDER BY at`
    expect((await lines()).at(-1)).toMatchObject({ way: 'preview', fields: ['need.legal', 'profile.gender'] })

    valueOf(await moved(receiver, referral, 'accept'))
    await owner`UPDATE need SET urgency = 'emergency' WHERE code = ${need}`
    await owner`UPDATE case_file SET stage = 'assessment' WHERE code = ${caseCode}`
    await renewAll()
    const opened = valueOf(await readPackage(receiver, { referral }))
    const told = opened.fields.find(({ field }) => field === 'need.legal')?.value
    expect(told).toMatchObject([{ urgency: 'emergency' }])
    const before = (await lines()).length
    await owner`UPDATE case_file SET stage = 'support_plan' WHERE code = ${caseCode}`
    await renewAll()
    expect((await lines()).length).toBe(before)
  })
})

describe('a package that tells of help already given', () => {
  const legal = { category: 'legal', type: 'information_advice', deliveredOn: '2026-01-05' }
  const helpIn = async (actor: Actor, referral: string) =>
    valueOf(await readPackage(actor, { referral })).fields.find(({ field }) => field === 'service.legal')?.value

  it('follows what is logged, amended and voided on the case, with a line of the ledger each time', async () => {
    const { pair, sender, receiver } = await twoAgencies()
    const of = await caseToRefer(owner, pair)
    const first = valueOf(await logService(sender, logServiceInput.parse({ ...legal, case: of.case })))
    const { code: referral } = valueOf(
      await refer(sender, {
        ...{ case: of.case, needs: [of.need], directoryService: pair.service.code, send: true },
        fields: ['need.legal', 'service.legal', 'contact.name'],
      }),
    )
    valueOf(await moved(receiver, referral, 'accept'))
    const line = { type: 'information_advice', deliveredOn: '2026-01-05', status: 'delivered' }
    expect(await helpIn(receiver, referral)).toEqual([line])

    // What the other agency logs itself stands on the case as well; medical help was never asked for.
    const second = { ...legal, type: 'compensation_remedy', deliveredOn: '2026-01-06', case: of.case }
    valueOf(await logService(receiver, logServiceInput.parse(second)))
    valueOf(
      await logService(
        sender,
        logServiceInput.parse({ ...legal, category: 'medical', type: 'emergency_care', case: of.case }),
      ),
    )
    await renewAll()
    const later = { ...line, type: 'compensation_remedy', deliveredOn: '2026-01-06' }
    expect(await helpIn(receiver, referral)).toEqual([later, line])

    valueOf(await voidService(sender, { service: first.code, version: first.version, reason: 'Typed in twice.' }))
    await renewAll()
    expect(await helpIn(receiver, referral)).toEqual([later, { ...line, status: 'voided' }])
    const lines = await owner<{ fields: string[] }[]>`
      SELECT fields FROM disclosure WHERE subject = ${referral} AND way = 'package' ORDER BY at`
    expect(lines.slice(1).map(({ fields }) => fields)).toEqual([
      ['need.legal', 'service.legal'],
      ['need.legal', 'service.legal'],
    ])
  })
})

describe('C06, as far as search goes: what was shared in full is found by name', () => {
  it('by those who answer for the referral, while the grant lives, under their own key', async () => {
    const { pair, sender, receiver } = await twoAgencies()
    const { referral, person, consent } = await sentReferral(owner, pair)
    expect(await foundBy(receiver, MARKERS.name)).toEqual([])
    valueOf(await moved(receiver, referral, 'accept'))
    expect(await foundBy(receiver, 'Quillmarker')).toEqual([referral])
    expect(await foundBy(pair.legalaid.supervisor, MARKERS.name)).toEqual([referral])
    expect(await foundBy(pair.legalaid.colleague, MARKERS.name)).toEqual([])
    expect(await foundBy(sender, MARKERS.name)).toEqual([])
    expect(JSON.stringify(valueOf(await searchPersons(receiver, { query: MARKERS.name })).hits)).not.toContain(person)
    const shared = await owner`
      SELECT 1 FROM grant_token g JOIN search_token s ON s.token = g.token
      WHERE g.referral_id = (SELECT id FROM referral WHERE code = ${referral})`
    expect(shared).toEqual([])

    const { version } = valueOf(await viewPerson(sender, { person }))
    valueOf(await changePerson(sender, { person, version, identity: { names: [{ value: 'Ondine Brightwater' }] } }))
    await renewAll()
    expect(await foundBy(receiver, 'Quillmarker')).toEqual([])
    expect(await foundBy(receiver, 'Ondine Brightwater')).toEqual([referral])

    await takenBack(owner, consent)
    expect(await foundBy(receiver, 'Ondine Brightwater')).toEqual([])
    expect(await tokensOf(referral)).toBe(0)
  })

  it('ends with completion, and the moment the person allows less', async () => {
    const { pair, receiver } = await twoAgencies()
    const first = await sentReferral(owner, pair)
    valueOf(await moved(receiver, first.referral, 'accept'))
    await agreedTo(owner, first.case, pair.legalaid, { identity: 'contact' })
    expect(await foundBy(receiver, MARKERS.name)).toEqual([])
    await renewAll()
    expect(await tokensOf(first.referral)).toBe(0)
    await agreedTo(owner, first.case, pair.legalaid, { identity: 'full' })
    await renewAll()
    expect(await foundBy(receiver, MARKERS.name)).toEqual([first.referral])
    valueOf(await moved(receiver, first.referral, 'complete', { outcome: 'achieved' }))
    expect(await tokensOf(first.referral)).toBe(0)
    expect(await foundBy(receiver, MARKERS.name)).toEqual([])
  })

  it('is never made of what was shared without the name', async () => {
    const { pair, receiver } = await twoAgencies()
    const { referral } = await sentReferral(owner, pair, { identity: 'contact' })
    valueOf(await moved(receiver, referral, 'accept'))
    expect(await tokensOf(referral)).toBe(0)
    expect(await foundBy(receiver, MARKERS.phone)).toEqual([])
  })

  it('lets a note be checked for the name of somebody whom another agency holds', async () => {
    const { pair, receiver } = await twoAgencies()
    const { referral, case: on } = await sentReferral(owner, pair)
    valueOf(await moved(receiver, referral, 'accept'))
    const entry = { category: 'legal', type: 'information_advice', case: on, note: 'Zephyrine was calm' }
    expect(await logService(receiver, logServiceInput.parse(entry))).toMatchObject({
      refusal: 'invalid',
      reason: 'text_flagged',
    })
  })
})

describe('invariant 3: a referral ends with what it rests on, with the next run of the clock', () => {
  it('P05: when an agency leaves the agreement', async () => {
    const other = await pairOfAgencies(owner)
    const { referral } = await sentReferral(owner, other)
    valueOf(await moved(other.legalaid.caseworker, referral, 'accept'))
    await owner`UPDATE agreement_party SET left_at = clock_timestamp() WHERE agency_id = ${other.legalaid.agency.id}`
    expect(await readPackage(other.legalaid.caseworker, { referral })).toMatchObject({ refusal: 'not_found' })
    await runReferralClock()
    expect(valueOf(await viewReferral(other.legalaid.caseworker, { referral }))).toMatchObject({
      state: 'withdrawn',
      endedWhy: 'basis',
    })
  })

  it('P05: on the day after the last one of the agreement, without waiting for a daily look', async () => {
    const other = await pairOfAgencies(owner)
    const { referral } = await sentReferral(owner, other)
    valueOf(await moved(other.legalaid.caseworker, referral, 'accept'))
    await owner`UPDATE referral SET next_at = '2100-01-01' WHERE code = ${referral}`
    const [row] = await owner<{ soon: boolean }[]>`
      SELECT r.next_at = (a.ends_on + 1)::timestamp AT TIME ZONE n.time_zone AS soon FROM referral r
      JOIN agreement_party p ON p.agency_id = r.agency_id JOIN agreement a ON a.id = p.agreement_id JOIN network n ON n.id = a.network_id
      WHERE r.code = ${referral}`
    expect(row?.soon).toBe(true)
  })

  it('when the agency rests on something else', async () => {
    const other = await pairOfAgencies(owner)
    const rests = async (basis: 'public_task' | 'consent') =>
      owner`INSERT INTO lawful_basis (id, agency_id, purpose, basis, source, identity, set_at)
        VALUES (${newId()}, ${other.harbour.agency.id}, 'sharing', ${basis}, 'A law', 'full', clock_timestamp())`
    await rests('public_task')
    // Of legal help the person was asked nothing.
    const { referral } = await sentReferral(owner, other, { categories: ['medical'] })
    valueOf(await moved(other.legalaid.caseworker, referral, 'accept'))
    await rests('consent')
    await runReferralClock()
    expect(valueOf(await viewReferral(other.legalaid.caseworker, { referral }))).toMatchObject({ state: 'withdrawn' })
  })
})
