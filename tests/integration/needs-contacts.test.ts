import { describe, expect, it } from 'vitest'

import { listContacts, logContact, readContactText, viewContact, voidContact } from '@/lib/assistance/contacts/service'
import { logContactInput } from '@/lib/assistance/contacts/schema'
import { addNeedInput, changeNeedInput, type ChangeNeedInput } from '@/lib/assistance/needs/schema'
import { addNeed, changeNeed, listNeeds, viewNeed } from '@/lib/assistance/needs/service'
import { viewCase } from '@/lib/cases/service'
import { newCode } from '@/lib/platform/ids'
import { addDays, dayIn } from '@/lib/platform/zone'
import { loggedContact, openNeed } from '@/tests/factories/assistance'
import { openedCase, restrictedCase, valueOf } from '@/tests/factories/cases'
import { office, type Office } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const today = () => dayIn('UTC', new Date())
const HOUR = 3_600_000
const change = (actor: Office['caseworker'], input: ChangeNeedInput) => changeNeed(actor, changeNeedInput.parse(input))
const anyPage = { limit: 50 } as const

async function firstContactOf(need: string): Promise<{ due_at: Date; done_at: Date | null } | undefined> {
  const [task] = await owner<{ due_at: Date; done_at: Date | null }[]>`
    SELECT t.due_at, t.done_at FROM task t JOIN need n ON n.id = t.need_id WHERE n.code = ${need} AND t.kind = 'first_contact'`
  return task
}

describe('a need', () => {
  it.each([
    ['emergency', 24],
    ['urgent', 72],
    ['routine', 336],
  ] as const)(
    'that is %s wants its first contact within %i hours, with the source of the limit and a task',
    async (urgency, hours) => {
      const { code: on } = await openedCase(harbour.caseworker)
      const before = Date.now()
      const need = await openNeed(harbour.caseworker, { case: on, urgency })
      expect(need).toMatchObject({ state: 'open', foundOn: today(), isLate: false, contactLimit: { hours } })
      expect(need.contactLimit.source).toMatch(/\w/)
      const due = Date.parse(need.contactDueAt)
      expect(due - hours * HOUR).toBeGreaterThanOrEqual(before - 1000)
      expect(due - hours * HOUR).toBeLessThanOrEqual(Date.now() + 1000)
      expect(await firstContactOf(need.code)).toMatchObject({ due_at: new Date(due), done_at: null })
      expect(valueOf(await viewCase(harbour.caseworker, { case: on })).needsOpen).toBe(1)
    },
  )

  it("takes the network's own limit, with its own source, where there is one", async () => {
    const own = await office(owner)
    await owner`UPDATE network SET settings = ${owner.json({ contactHours: { emergency: { hours: 6, source: 'Decree 12 of 2024' } } })} WHERE id = ${own.caseworker.network}`
    const { code: on } = await openedCase(own.caseworker)
    const need = await openNeed(own.caseworker, { case: on, urgency: 'emergency' })
    expect(need.contactLimit).toEqual({ hours: 6, source: 'Decree 12 of 2024' })
  })

  it('found earlier and typed in later is late from the start', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const need = await openNeed(harbour.caseworker, { case: on, urgency: 'emergency', foundOn: addDays(today(), -3) })
    expect(need.isLate).toBe(true)
    const ahead = addNeedInput.parse({ case: on, category: 'legal', foundOn: addDays(today(), 1) })
    expect(await addNeed(harbour.caseworker, ahead)).toMatchObject({
      refusal: 'invalid',
      errors: { foundOn: ['assistance.date.future'] },
    })
  })

  it('moves through its states with a version, and not met wants a coded reason', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const { code } = await openNeed(harbour.caseworker, { case: on })
    expect(changeNeedInput.safeParse({ need: code, version: 1, state: 'not_met' }).success).toBe(false)
    const notMet = valueOf(
      await change(harbour.caseworker, { need: code, version: 1, state: 'not_met', notMetReason: 'no_capacity' }),
    )
    expect(notMet).toMatchObject({ state: 'not_met', notMetReason: 'no_capacity', version: 2 })
    expect((await firstContactOf(code))?.done_at).not.toBeNull()
    expect(await change(harbour.caseworker, { need: code, version: 2, state: 'withdrawn' })).toEqual({
      ok: false,
      refusal: 'conflict',
      reason: 'wrong_state',
    })
    expect(await change(harbour.caseworker, { need: code, version: 1, state: 'open' })).toEqual({
      ok: false,
      refusal: 'stale',
    })
    const open = valueOf(await change(harbour.caseworker, { need: code, version: 2, state: 'open' }))
    expect(open).toMatchObject({ state: 'open', notMetReason: null })
    expect(valueOf(await change(harbour.caseworker, { need: code, version: 3, state: 'met' }))).toMatchObject({
      metOn: today(),
    })
  })

  it('gets another limit with another urgency, counted from when it was found', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const need = await openNeed(harbour.caseworker, { case: on })
    const urgent = valueOf(await change(harbour.caseworker, { need: need.code, version: 1, urgency: 'emergency' }))
    expect(Date.parse(need.contactDueAt) - Date.parse(urgent.contactDueAt)).toBeCloseTo((336 - 24) * HOUR, -4)
    expect((await firstContactOf(need.code))?.due_at).toEqual(new Date(urgent.contactDueAt))
  })

  it('of two changes at once one wins', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const { code } = await openNeed(harbour.caseworker, { case: on })
    const both = await Promise.all(
      (['planned', 'withdrawn'] as const).map((state) => change(harbour.caseworker, { need: code, version: 1, state })),
    )
    expect(both.map((result) => (result.ok ? 'ok' : result.refusal)).sort()).toEqual(['ok', 'stale'])
  })

  it('is read by colleagues, changed by the team, and absent for another agency and off a restricted case', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const { code } = await openNeed(harbour.caseworker, { case: on })
    const other = await office(owner)
    expect(valueOf(await viewNeed(harbour.colleague, { need: code }))).toMatchObject({ mayChange: false })
    expect(await change(harbour.colleague, { need: code, version: 1, state: 'met' })).toEqual({
      ok: false,
      refusal: 'forbidden',
    })
    for (const code_ of [code, newCode('NED'), 'NED-000000000']) {
      expect(await viewNeed(other.caseworker, { need: code_ })).toEqual({ ok: false, refusal: 'not_found' })
    }
    const hidden = await openNeed(harbour.caseworker, { case: (await restrictedCase(harbour.caseworker)).code })
    expect(await viewNeed(harbour.colleague, { need: hidden.code })).toEqual({ ok: false, refusal: 'not_found' })
  })

  it('stands in the list by its limit; the list filters, pages both ways, and writes one event', async () => {
    const own = await office(owner)
    const { code: on } = await openedCase(own.caseworker)
    const made = []
    for (const urgency of ['routine', 'emergency', 'urgent', 'routine', 'emergency'] as const)
      made.push(await openNeed(own.caseworker, { case: on, urgency }))
    const all = valueOf(await listNeeds(own.caseworker, { ...anyPage, state: 'living' })).items
    expect(all.map(({ urgency }) => urgency)).toEqual(['emergency', 'emergency', 'urgent', 'routine', 'routine'])
    const first = valueOf(await listNeeds(own.caseworker, { limit: 2 }))
    const second = valueOf(await listNeeds(own.caseworker, { limit: 2, cursor: first.nextCursor ?? '' }))
    expect(second.items.map(({ code }) => code)).toEqual(all.slice(2, 4).map(({ code }) => code))
    const back = valueOf(await listNeeds(own.caseworker, { limit: 2, cursor: second.previousCursor ?? '' }))
    expect(back.items.map(({ code }) => code)).toEqual(all.slice(0, 2).map(({ code }) => code))
    expect(valueOf(await listNeeds(own.caseworker, { ...anyPage, urgency: 'urgent', case: on })).items).toHaveLength(1)
    expect(valueOf(await listNeeds(own.caseworker, { ...anyPage, state: 'met' })).items).toEqual([])
    const [events] =
      await owner`SELECT count(*)::int AS n FROM audit_event WHERE type = 'need.listed' AND agency_id = ${own.agency.id}`
    expect(events?.['n']).toBe(6)
  })
})

describe('the contact log', () => {
  it('takes a call now, with its usual outcome, and ends the wait for a first contact', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const need = await openNeed(harbour.caseworker, { case: on, urgency: 'emergency' })
    const contact = await loggedContact(harbour.caseworker, { case: on })
    expect(contact).toMatchObject({ kind: 'call', outcome: 'reached', hasText: false, isVoided: false })
    expect(Math.abs(Date.parse(contact.occurredAt) - Date.now())).toBeLessThan(10_000)
    expect((await firstContactOf(need.code))?.done_at).not.toBeNull()
  })

  it('goes on waiting after an attempt that failed', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const need = await openNeed(harbour.caseworker, { case: on, urgency: 'emergency' })
    expect(await loggedContact(harbour.caseworker, { case: on, kind: 'failed_attempt' })).toMatchObject({
      outcome: 'not_reached',
    })
    expect((await firstContactOf(need.code))?.done_at).toBeNull()
  })

  it("takes a day and a time of the agency's zone, and refuses what has not come and what cannot be", async () => {
    const east = await office(owner, { timeZone: 'Asia/Kathmandu' })
    const { code: on } = await openedCase(east.caseworker)
    const contact = await loggedContact(east.caseworker, {
      case: on,
      kind: 'visit',
      occurredOn: '2026-01-05',
      occurredTime: '9:30',
    })
    expect(contact.occurredAt).toBe('2026-01-05T03:45:00.000Z')
    const ahead = logContactInput.parse({ case: on, kind: 'call', occurredOn: addDays(today(), 2) })
    expect(await logContact(east.caseworker, ahead)).toMatchObject({
      refusal: 'invalid',
      errors: { occurredOn: ['assistance.contact.time.future'] },
    })
    const odd = logContactInput.parse({ case: on, kind: 'failed_attempt', outcome: 'reached' })
    expect(await logContact(east.caseworker, odd)).toMatchObject({
      errors: { outcome: ['assistance.contact.outcome.not_of_kind'] },
    })
  })

  it('seals what was said; the team opens it on a press, and each look is written down', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const contact = await loggedContact(harbour.caseworker, { case: on, text: 'Marker of a kind word' })
    const [stored] =
      await owner`SELECT sealed FROM contact_text t JOIN contact_entry e ON e.id = t.contact_id WHERE e.code = ${contact.code}`
    expect((stored?.['sealed'] as Buffer).toString('latin1')).not.toContain('Marker')
    expect(valueOf(await readContactText(harbour.caseworker, { contact: contact.code }))).toEqual({
      text: 'Marker of a kind word',
    })
    expect(await readContactText(harbour.colleague, { contact: contact.code })).toEqual({
      ok: false,
      refusal: 'not_found',
    })
    const events = await owner<
      { type: string }[]
    >`SELECT type FROM audit_event WHERE subject = ${contact.code} ORDER BY id`
    expect(events.map(({ type }) => type)).toEqual(['contact.logged', 'contact-text.read', 'access.refused'])
    const flagged = logContactInput.parse({ case: on, kind: 'call', text: 'Now at 12 Garden Street' })
    expect(await logContact(harbour.caseworker, flagged)).toMatchObject({
      reason: 'text_flagged',
      errors: { text: ['people.flag.address'] },
    })
  })

  it('belongs to the team alone', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const contact = await loggedContact(harbour.caseworker, { case: on })
    const other = await office(owner)
    expect(valueOf(await listContacts(harbour.supervisor, { case: on, ...anyPage })).items).toHaveLength(1)
    expect(await listContacts(harbour.colleague, { case: on, ...anyPage })).toEqual({ ok: false, refusal: 'forbidden' })
    expect(await viewContact(harbour.colleague, { contact: contact.code })).toEqual({ ok: false, refusal: 'not_found' })
    expect(await listContacts(other.caseworker, { case: on, ...anyPage })).toEqual({ ok: false, refusal: 'not_found' })
    expect(await viewContact(other.caseworker, { contact: contact.code })).toEqual({ ok: false, refusal: 'not_found' })
    const input = logContactInput.parse({ case: on, kind: 'call' })
    expect(await logContact(harbour.colleague, input)).toEqual({ ok: false, refusal: 'forbidden' })
  })

  it('keeps a voided entry readable, with the reason in the log', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const contact = await loggedContact(harbour.caseworker, { case: on })
    const voided = valueOf(
      await voidContact(harbour.caseworker, { contact: contact.code, reason: 'Wrong case', version: 1 }),
    )
    expect(voided).toMatchObject({ isVoided: true, version: 2, mayVoid: false })
    expect(await voidContact(harbour.caseworker, { contact: contact.code, reason: 'Wrong case' })).toMatchObject({
      refusal: 'conflict',
      reason: 'wrong_state',
    })
    expect(valueOf(await listContacts(harbour.caseworker, { case: on, ...anyPage })).items).toMatchObject([
      { isVoided: true },
    ])
    const [event] =
      await owner`SELECT reason FROM audit_event WHERE subject = ${contact.code} AND type = 'contact.voided'`
    expect(event?.['reason']).not.toBeNull()
  })
})
