import { describe, expect, it } from 'vitest'
import { amendService, voidService } from '@/lib/assistance/services/amend-service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { amendServiceInput, type AmendServiceInput } from '@/lib/assistance/services/schema'
import { listServices, viewService } from '@/lib/assistance/services/service'
import { newCode } from '@/lib/platform/ids'
import { addDays, dayIn } from '@/lib/platform/zone'
import { loggedService, send } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, restrictedCase, valueOf } from '@/tests/factories/cases'
import { office, type Office } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const today = () => dayIn('UTC', new Date())
const amend = (actor: Office['caseworker'], input: AmendServiceInput) =>
  amendService(actor, amendServiceInput.parse(input))

async function eventsOf(subject: string): Promise<string[]> {
  const rows = await owner<{ type: string }[]>`SELECT type FROM audit_event WHERE subject = ${subject} ORDER BY id`
  return rows.map(({ type }) => type)
}

async function idOf(code: string): Promise<string> {
  const [row] = await owner<{ id: string }[]>`SELECT id FROM service WHERE code = ${code}`
  if (row === undefined) throw new Error('No such service')
  return row.id
}

describe('amending a service', () => {
  it('keeps what it said before, with the reason, who and when', async () => {
    const service = await loggedService(harbour.caseworker, { minutes: 30 })
    const amended = valueOf(
      await amend(harbour.caseworker, { service: service.code, version: 1, reason: 'It took longer', minutes: 60 }),
    )
    expect(amended).toMatchObject({ version: 2, detail: { minutes: 60 } })
    expect(amended.changes).toMatchObject([
      {
        version: 1,
        reason: 'It took longer',
        changedBy: harbour.caseworker.displayName,
        before: { type: 'emergency_shelter', detail: { minutes: 30 } },
      },
    ])
    const [stored] = await owner`SELECT reason FROM service_version WHERE service_id = ${await idOf(service.code)}`
    expect((stored?.['reason'] as Buffer).toString('latin1')).not.toContain('longer')
    const [event] =
      await owner`SELECT fields, reason FROM audit_event WHERE subject = ${service.code} AND type = 'service.amended'`
    expect(event).toMatchObject({ fields: ['minutes'] })
    expect(event?.['reason']).not.toBeNull()
  })

  it('is refused when it changed since the version that was seen, and of two at once one wins', async () => {
    const service = await loggedService(harbour.caseworker)
    const both = await Promise.all(
      [10, 20].map((minutes) =>
        amend(harbour.caseworker, { service: service.code, version: 1, reason: 'Length', minutes }),
      ),
    )
    expect(both.map((result) => (result.ok ? 'ok' : result.refusal)).sort()).toEqual(['ok', 'stale'])
    expect(valueOf(await viewService(harbour.caseworker, { service: service.code })).version).toBe(2)
  })

  it('refuses a type of another category, a day ahead, and an amount without its currency', async () => {
    const service = await loggedService(harbour.caseworker)
    const basis = { service: service.code, version: 1, reason: 'Put right' }
    expect(await amend(harbour.caseworker, { ...basis, category: 'legal' })).toMatchObject({
      refusal: 'invalid',
      errors: { type: ['mandate.errors.type'] },
    })
    expect(await amend(harbour.caseworker, { ...basis, deliveredOn: addDays(today(), 1) })).toMatchObject({
      refusal: 'invalid',
    })
    expect(await amend(harbour.caseworker, { ...basis, amount: 5 })).toMatchObject({
      errors: { currency: ['assistance.service.currency.required'] },
    })
    expect(await amend(harbour.caseworker, basis)).toMatchObject({ refusal: 'conflict', reason: 'nothing_changed' })
  })

  it('is refused to a colleague off the team and to another agency', async () => {
    const service = await loggedService(harbour.caseworker)
    const other = await office(owner)
    const input = { service: service.code, version: 1, reason: 'Length', minutes: 10 }
    expect(await amend(harbour.colleague, input)).toEqual({ ok: false, refusal: 'forbidden' })
    expect(await amend(other.caseworker, input)).toEqual({ ok: false, refusal: 'not_found' })
    expect(await amend(harbour.supervisor, input)).toMatchObject({ ok: true })
  })
})

describe('voiding a service', () => {
  it('leaves it readable as voided, with the reason', async () => {
    const service = await loggedService(harbour.caseworker)
    const voided = valueOf(
      await voidService(harbour.caseworker, { service: service.code, reason: 'Wrong case', version: 1 }),
    )
    expect(voided).toMatchObject({ status: 'voided', version: 2, mayAmend: false, mayVoid: false })
    expect(voided.mandate).toHaveLength(2)
    const read = valueOf(await viewService(harbour.caseworker, { service: service.code }))
    expect(read.changes).toMatchObject([{ reason: 'Wrong case', before: { status: 'delivered' } }])
    expect(await eventsOf(service.code)).toEqual(['service.logged', 'service.voided', 'service.viewed'])
  })

  it('is refused twice, when stale, off the team, and to another agency', async () => {
    const service = await loggedService(harbour.caseworker)
    const other = await office(owner)
    const input = { service: service.code, reason: 'Wrong case' }
    expect(await voidService(harbour.caseworker, { ...input, version: 7 })).toEqual({ ok: false, refusal: 'stale' })
    expect(await voidService(harbour.colleague, input)).toEqual({ ok: false, refusal: 'forbidden' })
    expect(await voidService(other.caseworker, input)).toEqual({ ok: false, refusal: 'not_found' })
    expect(await voidService(harbour.caseworker, input)).toMatchObject({ ok: true })
    expect(await voidService(harbour.caseworker, input)).toEqual({
      ok: false,
      refusal: 'conflict',
      reason: 'wrong_state',
    })
    expect(await amend(harbour.caseworker, { ...input, version: 2, minutes: 5 })).toMatchObject({ refusal: 'conflict' })
  })
})

describe('confidential notes', () => {
  it('are sealed, and opened by the delivering team alone, each look written down', async () => {
    const service = await loggedService(harbour.caseworker, { note: 'Marker of a kind word' })
    const [stored] = await owner`SELECT sealed FROM service_note WHERE service_id = ${await idOf(service.code)}`
    expect((stored?.['sealed'] as Buffer).toString('latin1')).not.toContain('Marker')
    expect(valueOf(await readServiceNotes(harbour.caseworker, { service: service.code }))).toMatchObject([
      { text: 'Marker of a kind word', writtenBy: harbour.caseworker.displayName },
    ])
    expect(valueOf(await readServiceNotes(harbour.supervisor, { service: service.code }))).toHaveLength(1)
    expect(await readServiceNotes(harbour.colleague, { service: service.code })).toEqual({
      ok: false,
      refusal: 'forbidden',
    })
    const other = await office(owner)
    expect(await readServiceNotes(other.caseworker, { service: service.code })).toEqual({
      ok: false,
      refusal: 'not_found',
    })
    expect(await eventsOf(service.code)).toEqual([
      'service-note.written',
      'service.logged',
      'service-note.read',
      'service-note.read',
      'access.refused',
      'access.refused',
    ])
  })

  it('never come with the record itself', async () => {
    const service = await loggedService(harbour.caseworker, { note: 'Marker of a kind word' })
    const opened = valueOf(await viewService(harbour.caseworker, { service: service.code }))
    expect(opened).toMatchObject({ hasNote: true, mayReadNote: true })
    expect(JSON.stringify(opened)).not.toContain('Marker')
  })
})

describe('free text about a person', () => {
  it("is asked about when it seems to hold the person's own name, a number or an address, and stays when a reason is given", async () => {
    const person = await registeredPerson(harbour.caseworker, {
      identity: { names: [{ value: 'Selamawit Tesfaye' }] },
    })
    const { code: on } = await openedCase(harbour.caseworker, { person })
    const input = { case: on, category: 'social', type: 'transport' } as const
    const flagged = (key: string) => ({
      ok: false,
      refusal: 'invalid',
      reason: 'text_flagged',
      errors: { note: [key] },
    })
    expect(await send(harbour.caseworker, { ...input, note: 'Selamawit came early' })).toEqual(
      flagged('people.flag.name'),
    )
    expect(await send(harbour.caseworker, { ...input, note: 'Call +49 151 2345678' })).toEqual(
      flagged('people.flag.phone'),
    )
    // All that is in it at once, so that nobody takes out one thing after the other.
    expect(await send(harbour.caseworker, { ...input, note: 'Selamawit: +49 151 2345678' })).toMatchObject({
      errors: { note: ['people.flag.name', 'people.flag.phone'] },
    })
    expect(await send(harbour.caseworker, { ...input, note: 'The person came early' })).toMatchObject({ ok: true })
    const kept = valueOf(
      await send(harbour.caseworker, { ...input, note: 'Selamawit came early', noteKept: 'Quoted from the court' }),
    )
    const [event] = await owner`SELECT reason FROM audit_event WHERE subject = ${kept.code} AND type = 'service.logged'`
    expect(event?.['reason']).not.toBeNull()
  })
})

describe('lists of services', () => {
  it('page by cursor in both directions without losing or repeating a row', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const days = [0, 0, -1, -1, -1, -2, -3]
    for (const day of days) await loggedService(harbour.caseworker, { case: on, deliveredOn: addDays(today(), day) })
    const all = valueOf(await listServices(harbour.caseworker, { case: on, limit: 50 })).items.map(({ code }) => code)
    const seen: string[] = []
    let cursor: string | undefined
    let back: string | null = null
    do {
      const page: Awaited<ReturnType<typeof listServices>> = await listServices(harbour.caseworker, {
        case: on,
        limit: 3,
        ...(cursor === undefined ? {} : { cursor }),
      })
      const value = valueOf(page)
      seen.push(...value.items.map(({ code }) => code))
      cursor = value.nextCursor ?? undefined
      back = value.previousCursor
    } while (cursor !== undefined)
    expect(seen).toEqual(all)
    const earlier = valueOf(await listServices(harbour.caseworker, { case: on, limit: 3, cursor: back ?? '' }))
    expect(earlier.items.map(({ code }) => code)).toEqual(all.slice(3, 6))
    expect(await listServices(harbour.caseworker, { limit: 3, cursor: back ?? '' })).toMatchObject({
      refusal: 'invalid',
      errors: { cursor: ['errors.field.not_valid'] },
    })
  })

  it('filter by category, type, days, status and agency, and write one event', async () => {
    const fresh = await office(owner)
    const { code: on } = await openedCase(fresh.caseworker)
    await loggedService(fresh.caseworker, { case: on, deliveredOn: addDays(today(), -9) })
    const legal = await loggedService(fresh.caseworker, { case: on, category: 'legal', type: 'civil_documents' })
    const planned = await loggedService(fresh.caseworker, {
      case: on,
      status: 'planned',
      deliveredOn: addDays(today(), 4),
    })
    const codes = async (filter: Partial<Parameters<typeof listServices>[1]>) =>
      valueOf(await listServices(fresh.caseworker, { limit: 50, ...filter })).items.map(({ code }) => code)
    expect(await codes({ category: 'legal' })).toEqual([legal.code])
    expect(await codes({ type: 'civil_documents' })).toEqual([legal.code])
    expect(await codes({ status: 'planned' })).toEqual([planned.code])
    expect(await codes({ from: today(), to: today() })).toEqual([legal.code])
    expect(await codes({ agency: fresh.agency.key })).toHaveLength(3)
    expect(await codes({ agency: harbour.agency.key })).toEqual([])
    expect(await codes({ agency: 'nobody' })).toEqual([])
    const [events] =
      await owner`SELECT count(*)::int AS n FROM audit_event WHERE type = 'service.listed' AND agency_id = ${fresh.agency.id}`
    expect(events?.['n']).toBe(7)
  })

  it('invariant 5: hold back a restricted case from everyone off its team', async () => {
    const fresh = await office(owner)
    const hidden = await restrictedCase(fresh.caseworker)
    const service = await loggedService(fresh.caseworker, { case: hidden.code })
    expect(valueOf(await listServices(fresh.caseworker, { limit: 50 })).items).toHaveLength(1)
    expect(valueOf(await listServices(fresh.colleague, { limit: 50 })).items).toEqual([])
    expect(valueOf(await listServices(fresh.supervisor, { limit: 50 })).items).toEqual([])
    expect(await listServices(fresh.colleague, { case: hidden.code, limit: 50 })).toEqual({
      ok: false,
      refusal: 'not_found',
    })
    expect(await viewService(fresh.colleague, { service: service.code })).toEqual({ ok: false, refusal: 'not_found' })
    expect(await viewService(fresh.colleague, { service: newCode('SVC') })).toEqual({ ok: false, refusal: 'not_found' })
  })

  it('show a colleague off the team the coded line and nothing of how it was given', async () => {
    const service = await loggedService(harbour.caseworker, { minutes: 45, note: 'Kind words' })
    valueOf(await amend(harbour.caseworker, { service: service.code, version: 1, reason: 'Length', minutes: 50 }))
    const seen = valueOf(await viewService(harbour.colleague, { service: service.code }))
    expect(seen).toMatchObject({
      type: 'emergency_shelter',
      detail: null,
      hasNote: false,
      changes: [],
      mayAmend: false,
      mayVoid: false,
      mayReadNote: false,
    })
    expect(seen.mandate).toHaveLength(2)
  })
})
