import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { tellOfEndingAgreements } from '@/lib/agencies/agreements/jobs-service'
import {
  coveringAgreementIn,
  endAgreement,
  listAgreements,
  prepareAgreement,
  proposeAgreement,
  signAgreement,
  viewAgreement,
} from '@/lib/agencies/agreements/service'
import { AGREEMENT_PURPOSES } from '@/lib/agencies/agreements/schema'
import type { Purpose } from '@/lib/agencies/network-schema'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import { closeWorker } from '@/lib/platform/db/worker'
import { newId } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { officesOfOneNetwork, proposalTo, signedAgreement } from '@/tests/factories/agreements'
import { valueOf } from '@/tests/factories/cases'
import { withToken } from '@/tests/factories/networks'
import { office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let clinic: Office
let legalaid: Office
let coordinator: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  const [first, second, third] = await officesOfOneNetwork(owner, 3)
  if (first === undefined || second === undefined || third === undefined) throw new Error('Three agencies')
  ;[harbour, clinic, legalaid] = [first, second, third]
  coordinator = await outsider(owner, 'coordinator', { network: harbour.admin.network })
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

async function covers(from: Office, to: Office, purpose: Purpose = 'sharing', category: CategoryKey = 'legal') {
  return valueOf(
    await withActor(from.caseworker, async (tx) => ok(await coveringAgreementIn(tx, to.agency.id, purpose, category))),
  )
}

async function clearAll(): Promise<void> {
  await owner`DELETE FROM agreement_party`
  await owner`DELETE FROM agreement`
}

const noticesOf = async (actor: Actor, kind: string) =>
  (await owner`SELECT subject FROM notice WHERE member_id = ${actor.member} AND kind = ${kind}`).map((row) =>
    String(row['subject']),
  )

const viewed = async (reader: Actor, agreement: string) => valueOf(await viewAgreement(reader, { agreement }))

describe('an agreement', () => {
  it('P05: lets nothing pass before the last party has signed, and from then on what it names', async () => {
    await clearAll()
    const { agreement } = valueOf(await proposeAgreement(harbour.admin, proposalTo([clinic, legalaid])))
    expect(await noticesOf(clinic.admin, 'agreement.proposed')).toEqual([agreement])
    expect(await noticesOf(harbour.admin, 'agreement.proposed')).toEqual([])
    expect(await viewed(clinic.admin, agreement)).toMatchObject({
      state: 'proposed',
      own: 'asked',
      may: { sign: true, end: true },
    })
    valueOf(await signAgreement(clinic.admin, { agreement, version: 1 }))
    expect(await covers(harbour, clinic)).toBeNull()
    valueOf(await signAgreement(legalaid.admin, { agreement, version: 2 }))
    expect(await covers(harbour, clinic)).toEqual({ agreement, identity: 'full' })
    expect(await covers(legalaid, clinic)).toEqual({ agreement, identity: 'full' })
    expect(await noticesOf(harbour.admin, 'agreement.in-force')).toEqual([agreement])
    expect(await viewed(harbour.caseworker, agreement)).toMatchObject({
      state: 'in_force',
      own: 'signed',
      may: { sign: false, end: false },
    })
    const events =
      await owner`SELECT type FROM audit_event WHERE subject = ${agreement} AND action <> 'read' ORDER BY id`
    expect(events.map((row) => String(row['type']))).toEqual([
      'agreement.proposed',
      'agreement.signed',
      'agreement.signed',
    ])
  })

  it('P05: covers exactly its parties, purposes and categories, both ways', async () => {
    await clearAll()
    await signedAgreement([harbour, clinic], { purposes: ['sharing', 'contact'], categories: ['legal', 'medical'] })
    const named = (purpose: Purpose, category: CategoryKey) =>
      ['sharing', 'contact'].includes(purpose) && ['legal', 'medical'].includes(category)
    for (const purpose of AGREEMENT_PURPOSES)
      for (const category of CATEGORY_KEYS) {
        const expected = named(purpose, category)
        expect((await covers(harbour, clinic, purpose, category)) !== null, `${purpose} ${category}`).toBe(expected)
        expect((await covers(clinic, harbour, purpose, category)) !== null, `${purpose} ${category}`).toBe(expected)
        expect(await covers(harbour, legalaid, purpose, category)).toBeNull()
        expect(await covers(harbour, harbour, purpose, category)).toBeNull()
      }
  })

  it('P05: lets through the most that one of several allows of who somebody is', async () => {
    await clearAll()
    await signedAgreement([harbour, clinic], { identity: 'none' })
    expect(await covers(harbour, clinic)).toMatchObject({ identity: 'none' })
    const wider = await signedAgreement([clinic, harbour], { identity: 'contact', categories: ['legal'] })
    expect(await covers(harbour, clinic)).toEqual({ agreement: wider, identity: 'contact' })
    expect(await covers(harbour, clinic, 'sharing', 'medical')).toMatchObject({ identity: 'none' })
  })

  it('P05: covers from its first day to its last one, both counting in, in the zone of the network', async () => {
    await clearAll()
    await owner`UPDATE network SET time_zone = 'Asia/Tokyo' WHERE id = ${harbour.admin.network}`
    try {
      const code = await signedAgreement([harbour, clinic], { startsOn: '2030-03-01', endsOn: '2030-03-31' })
      expect((await viewed(harbour.admin, code)).state).toBe('coming')
      const at = (moment: string) =>
        owner.begin(async (sql) => {
          await sql.unsafe(`SET LOCAL ROLE ${database.rolePrefix}definer`)
          const [row] = await sql<{ covers: boolean }[]>`
            SELECT app.agreement_covers(${harbour.agency.id}, ${clinic.agency.id}, 'sharing', 'legal', ${moment}::timestamptz) AS covers`
          return row?.covers
        })
      expect(await at('2030-02-28T14:59:59Z')).toBe(false)
      expect(await at('2030-02-28T15:00:00Z')).toBe(true)
      expect(await at('2030-03-31T14:59:59Z')).toBe(true)
      expect(await at('2030-03-31T15:00:00Z')).toBe(false)
    } finally {
      await owner`UPDATE network SET time_zone = 'UTC' WHERE id = ${harbour.admin.network}`
    }
  })

  it('P05: covers nothing for whoever left, and nobody once fewer than two are left', async () => {
    await clearAll()
    const agreement = await signedAgreement([harbour, clinic, legalaid])
    const { version } = await viewed(clinic.admin, agreement)
    valueOf(await endAgreement(clinic.admin, { agreement, version }))
    expect(await covers(harbour, clinic)).toBeNull()
    expect(await covers(clinic, harbour)).toBeNull()
    expect(await covers(harbour, legalaid)).toMatchObject({ agreement })
    expect(await viewed(clinic.admin, agreement)).toMatchObject({ own: 'out', may: { end: false } })
    expect(await noticesOf(coordinator, 'agreement.left')).toEqual([agreement])
    expect(await endAgreement(clinic.admin, { agreement, version: version + 1 })).toMatchObject({
      refusal: 'conflict',
      reason: 'wrong_state',
    })
    valueOf(await endAgreement(legalaid.admin, { agreement, version: version + 1 }))
    expect(await covers(harbour, legalaid)).toBeNull()
    expect((await viewed(harbour.admin, agreement)).state).toBe('ended')
  })

  it('is over for all when one declines it or the proposer withdraws it', async () => {
    await clearAll()
    for (const who of [clinic, harbour]) {
      const { agreement } = valueOf(await proposeAgreement(harbour.admin, proposalTo([clinic, legalaid])))
      valueOf(await endAgreement(who.admin, { agreement, version: 1 }))
      expect((await viewed(legalaid.admin, agreement)).state).toBe('declined')
      expect(await signAgreement(legalaid.admin, { agreement, version: 2 })).toMatchObject({ reason: 'wrong_state' })
    }
    expect(await noticesOf(legalaid.admin, 'agreement.declined')).toHaveLength(2)
  })

  it('T13: is signed and ended by an administrator of a party alone, in a session, who shows anew who they are (A11)', async () => {
    await clearAll()
    const { agreement } = valueOf(await proposeAgreement(harbour.admin, proposalTo([clinic])))
    const act = { agreement, version: 1 }
    for (const other of [clinic.caseworker, clinic.supervisor, coordinator, withToken(clinic.admin)])
      for (const answer of [
        await proposeAgreement(other, proposalTo([harbour])),
        await prepareAgreement(other),
        await signAgreement(other, act),
        await endAgreement(other, act),
      ])
        expect(answer).toMatchObject({ refusal: 'forbidden' })
    expect(await signAgreement(legalaid.admin, act)).toMatchObject({ refusal: 'not_found' })
    expect(await signAgreement(harbour.admin, act)).toMatchObject({ reason: 'wrong_state' })
    expect(await signAgreement(clinic.admin, { agreement, version: 7 })).toMatchObject({ refusal: 'stale' })
    await owner`UPDATE session SET proven_at = proven_at - interval '6 minutes' WHERE member_id = ${clinic.admin.member}`
    for (const answer of [
      await signAgreement(clinic.admin, act),
      await endAgreement(clinic.admin, act),
      await proposeAgreement(clinic.admin, proposalTo([harbour])),
    ])
      expect(answer).toMatchObject({ refusal: 'step_up_required' })
    await owner`UPDATE session SET proven_at = clock_timestamp() WHERE member_id = ${clinic.admin.member}`
    valueOf(await signAgreement(clinic.admin, act))
  })

  it('is made with agencies that have members here, by whichever way it is proposed', async () => {
    const onPaper = await office(owner, { network: harbour.admin.network })
    await owner`UPDATE agency SET on_amparo = false, contact = 'Mondays, 555 0100' WHERE id = ${onPaper.agency.id}`
    expect(valueOf(await prepareAgreement(harbour.admin)).map(({ key }) => key)).not.toContain(onPaper.agency.key)
    expect(await proposeAgreement(harbour.admin, proposalTo([onPaper]))).toMatchObject({ refusal: 'invalid' })
    expect(await proposeAgreement(harbour.admin, proposalTo([clinic, onPaper]))).toMatchObject({ refusal: 'invalid' })
  })

  it('is made between agencies of one network alone', async () => {
    await clearAll()
    const stranger = await office(owner)
    for (const parties of [[stranger], [clinic, clinic], [harbour]])
      expect(await proposeAgreement(harbour.admin, proposalTo(parties))).toMatchObject({
        refusal: 'invalid',
        reason: 'parties',
      })
    const names = valueOf(await prepareAgreement(harbour.admin)).map(({ key: agency }) => agency)
    expect(names).toContain(clinic.agency.key)
    expect(names).not.toContain(harbour.agency.key)
    expect(names).not.toContain(stranger.agency.key)
  })

  it('T04: is known to its parties, to coordinator and auditor of the network, and to nobody else', async () => {
    await clearAll()
    const agreement = await signedAgreement([harbour, clinic])
    const auditor = await outsider(owner, 'auditor', { network: harbour.admin.network })
    const readers = [harbour.caseworker, harbour.supervisor, clinic.admin, coordinator, auditor]
    for (const reader of readers) {
      expect(await viewed(reader, agreement)).toMatchObject({ code: agreement, may: { sign: false } })
      expect(valueOf(await listAgreements(reader, {})).items.map(({ code }) => code)).toEqual([agreement])
      expect(valueOf(await listAgreements(reader, { state: 'ended' })).items).toEqual([])
    }
    const strangers = [legalaid.admin, legalaid.caseworker, await outsider(owner, 'coordinator')]
    for (const stranger of strangers) {
      expect(await viewAgreement(stranger, { agreement })).toEqual(
        await viewAgreement(stranger, { agreement: 'AGR-000000000' }),
      )
      expect(valueOf(await listAgreements(stranger, {})).items).toEqual([])
    }
    const system = await outsider(owner, 'system_admin', { network: harbour.admin.network })
    expect(await viewAgreement(system, { agreement })).toMatchObject({ refusal: 'not_found' })
    expect(await listAgreements(system, {})).toMatchObject({ refusal: 'forbidden' })
  })

  it('is listed a page at a time', async () => {
    await clearAll()
    for (let made = 0; made < 52; made += 1)
      await owner`
        WITH a AS (INSERT INTO agreement (id, network_id, holder_agency_id, proposed_at, purposes, categories, identity_level, starts_on, ends_on, document)
          VALUES (${newId()}, ${harbour.admin.network}, ${harbour.agency.id}, now() - make_interval(mins => ${made}), '{sharing}', '{legal}', 'none', '2026-01-01', '2029-01-01', ${`Number ${String(made)}`})
          RETURNING id, holder_agency_id)
        INSERT INTO agreement_party (agreement_id, holder_agency_id, agency_id) SELECT id, holder_agency_id, holder_agency_id FROM a`
    const first = valueOf(await listAgreements(harbour.admin, {}))
    const second = valueOf(await listAgreements(harbour.admin, { cursor: first.nextCursor ?? '' }))
    expect([...first.items, ...second.items].map(({ document }) => document)).toEqual(
      Array.from({ length: 52 }, (_, made) => `Number ${String(made)}`),
    )
    expect(second.nextCursor).toBeNull()
    expect(await listAgreements(harbour.admin, { cursor: 'x' })).toMatchObject({ refusal: 'invalid' })
  })

  it('tells its parties and the coordinator a month before its end, a week before, and once it is over', async () => {
    await clearAll()
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const agreement = await signedAgreement([harbour, clinic], { endsOn: day(40) })
    const told = async () =>
      [await tellOfEndingAgreements(), await noticesOf(harbour.admin, 'agreement.ending')] as const
    const move = (days: number) =>
      owner`UPDATE installation SET demonstration = true, clock_offset_seconds = ${days * 86_400}`
    try {
      expect(await told()).toEqual([0, []])
      await move(12)
      expect(await told()).toEqual([1, [agreement]])
      expect(await told()).toEqual([0, [agreement]])
      await move(34)
      expect(await told()).toEqual([1, [agreement, agreement]])
      await move(41)
      expect((await told())[0]).toBe(1)
      expect((await told())[0]).toBe(0)
      for (const member of [harbour.admin, clinic.admin, coordinator])
        expect(await noticesOf(member, 'agreement.expired')).toEqual([agreement])
      expect((await viewed(harbour.admin, agreement)).state).toBe('expired')
      expect(await covers(harbour, clinic)).toBeNull()
    } finally {
      await owner`UPDATE installation SET demonstration = false, clock_offset_seconds = 0`
    }
  })

  it('stays as it was signed, whoever writes to the database', async () => {
    await clearAll()
    await signedAgreement([harbour, clinic])
    for (const change of [
      `identity_level = 'none'`,
      `ends_on = '2039-12-31'`,
      `confirmed_at = now() - interval '1 day'`,
    ])
      await expect(owner.unsafe(`UPDATE agreement SET ${change}`)).rejects.toThrow(/stays as it was signed/)
  })
})
