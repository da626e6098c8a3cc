import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { amendService, voidService } from '@/lib/assistance/services/amend-service'
import { prepareAmendment } from '@/lib/assistance/services/form-service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { amendServiceInput, logServiceInput } from '@/lib/assistance/services/schema'
import { logService, viewService } from '@/lib/assistance/services/service'
import { closeWorker } from '@/lib/platform/db/worker'
import { ok } from '@/lib/platform/result'
import { ownerOf } from '@/tests/factories/office'
import { valueOf } from '@/tests/factories/cases'
import { moved, pairOfAgencies, sentReferral, takenBack, type Pair } from '@/tests/factories/referrals'
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

const NOTE = 'Felt heard for the first time.'

async function acceptedWithService(note: string | null = NOTE) {
  const of = await sentReferral(owner, pair)
  valueOf(await moved(receiver, of.referral, 'accept'))
  const service = valueOf(
    await logService(
      receiver,
      logServiceInput.parse({
        category: 'legal',
        type: 'information_advice',
        case: of.case,
        need: of.need,
        ...(note === null ? {} : { note }),
      }),
    ),
  )
  return { ...of, service }
}
const notesOf = (actor: Actor, service: string) => readServiceNotes(actor, { service })
const amended = (actor: Actor, input: Readonly<Record<string, unknown>>) =>
  amendService(actor, amendServiceInput.parse(input))

describe('what a receiver writes in words', () => {
  it('T14: stays its own: those who answer read it, also after the basis ended, and nobody else does', async () => {
    const { service, consent, referral } = await acceptedWithService()
    const written = valueOf(await notesOf(receiver, service.code))
    expect(written.map(({ text }) => text)).toEqual([NOTE])
    expect(valueOf(await notesOf(pair.legalaid.supervisor, service.code))).toHaveLength(1)
    expect(await notesOf(pair.legalaid.colleague, service.code)).toMatchObject({ refusal: 'forbidden' })
    for (const actor of [sender, pair.harbour.supervisor])
      expect(await notesOf(actor, service.code)).toMatchObject({ refusal: 'forbidden' })
    for (const actor of [pair.harbour.admin, pair.legalaid.admin])
      expect(await notesOf(actor, service.code)).toMatchObject({ refusal: 'not_found' })

    await takenBack(owner, consent)
    expect(valueOf(await notesOf(receiver, service.code))).toHaveLength(1)
    const parts = await owner<{ part: string }[]>`
      SELECT part FROM referral_key WHERE agency_id = ${pair.legalaid.agency.id} AND referral_id = (SELECT id FROM referral WHERE code = ${referral})`
    expect(parts).toEqual([{ part: 'notes' }])
    const looks = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM audit_event WHERE type = 'service-note.read' AND subject = ${service.code}`
    expect(looks[0]?.n).toBe(3)
  })

  it('is sealed under a key that nobody has but its agency', async () => {
    const { service } = await acceptedWithService()
    const [stored] = await owner<{ sealed: Buffer; people: number; keys: string[] }[]>`
      SELECT n.sealed, (SELECT count(*)::int FROM person_key p WHERE p.person_id = app.sealed_key(n.sealed)) AS people,
        ARRAY(SELECT k.agency_id::text FROM referral_key k WHERE k.key_id = app.sealed_key(n.sealed)) AS keys
      FROM service_note n JOIN service s ON s.id = n.service_id WHERE s.code = ${service.code}`
    expect(stored?.sealed.toString('utf8')).not.toContain(NOTE)
    expect(stored).toMatchObject({ people: 0, keys: [pair.legalaid.agency.id] })
  })

  it('opens after a key was made for each of two referrals', async () => {
    const first = await acceptedWithService('First')
    valueOf(await moved(receiver, first.referral, 'complete', { outcome: 'achieved' }))
    expect(valueOf(await notesOf(receiver, first.service.code)).map(({ text }) => text)).toEqual(['First'])
  })
})

describe('invariant 3: a receiver changes its own services while the grant lives', () => {
  it('amends with the reason, which it alone reads', async () => {
    const { service, case: caseCode, need } = await acceptedWithService(null)
    const form = valueOf(await prepareAmendment(receiver, { service: service.code }))
    expect(form).toMatchObject({ service: { need, elsewhere: true }, form: { person: null, audience: null } })
    expect(form.form.needs).toMatchObject([{ code: need, category: 'legal' }])
    const view = valueOf(
      await amended(receiver, {
        service: service.code,
        version: 1,
        minutes: 50,
        type: 'representation_proceedings',
        reason: 'It was a hearing',
        note: 'A short word',
      }),
    )
    expect(view).toMatchObject({ case: caseCode, version: 2, need, detail: { minutes: 50 }, hasNote: true })
    expect(view.changes).toMatchObject([{ version: 1, reason: 'It was a hearing' }])
    expect(valueOf(await viewService(sender, { service: service.code }))).toMatchObject({
      type: 'representation_proceedings',
      changes: [],
      detail: null,
      hasNote: false,
      mayAmend: false,
    })
    const rows = await withActor(sender, async (tx) =>
      ok(
        await tx.$queryRaw<
          unknown[]
        >`SELECT 1 FROM service_version v JOIN service s ON s.id = v.service_id WHERE s.code = ${service.code}`,
      ),
    )
    expect(valueOf(rows)).toEqual([])
  })

  it('voids, and makes of it nothing that the grant is not for', async () => {
    const { service } = await acceptedWithService(null)
    expect(
      await amended(receiver, {
        service: service.code,
        version: 1,
        category: 'social',
        type: 'transport',
        reason: 'Wrong kind',
      }),
    ).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })
    for (const actor of [sender, pair.harbour.supervisor, pair.legalaid.colleague])
      expect(await voidService(actor, { service: service.code, reason: 'Not mine' })).toMatchObject({
        refusal: 'forbidden',
      })
    expect(valueOf(await voidService(receiver, { service: service.code, reason: 'Entered twice' }))).toMatchObject({
      status: 'voided',
      changes: [{ reason: 'Entered twice' }],
    })
  })

  it('ends with the basis, in the service and in the database', async () => {
    const { service, consent } = await acceptedWithService()
    const id = await owner<{ id: string }[]>`SELECT id FROM service WHERE code = ${service.code}`
    await takenBack(owner, consent)
    expect(valueOf(await viewService(receiver, { service: service.code }))).toMatchObject({
      mayAmend: false,
      mayVoid: false,
      hasNote: true,
    })
    expect(await amended(receiver, { service: service.code, version: 1, minutes: 5, reason: 'Late' })).toMatchObject({
      refusal: 'forbidden',
    })
    expect(await voidService(receiver, { service: service.code, reason: 'Late' })).toMatchObject({
      refusal: 'forbidden',
    })
    const changed = await withActor(receiver, async (tx) =>
      ok(await tx.$executeRaw`UPDATE service SET status = 'voided' WHERE id = ${id[0]?.id ?? ''}::uuid`),
    )
    expect(valueOf(changed)).toBe(0)
  })
})
