import { beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { listContacts, logContact, readContactText, viewContact, voidContact } from '@/lib/assistance/contacts/service'
import { logContactInput } from '@/lib/assistance/contacts/schema'
import { addNeedInput, changeNeedInput, listNeedsInput, type ChangeNeedInput } from '@/lib/assistance/needs/schema'
import { addNeed, changeNeed, listNeeds, viewNeed } from '@/lib/assistance/needs/service'
import { logServiceInput } from '@/lib/assistance/services/schema'
import { logService } from '@/lib/assistance/services/service'
import { restrictCase, viewCase } from '@/lib/cases/service'
import { doneTask, listTasks, viewTaskPage } from '@/lib/cases/tasks/service'
import { newCode } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { addDays, dayIn } from '@/lib/platform/zone'
import { addLedNeed, moveLedNeed } from '@/lib/referrals/transfer/lead-service'
import { addLedNeedInput, moveLedNeedInput } from '@/lib/referrals/transfer/schema'
import { loggedContact, openNeed } from '@/tests/factories/assistance'
import { openedCase, restrictedCase, valueOf } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import { office, type Office } from '@/tests/factories/office'
import { moved, type Pair } from '@/tests/factories/referrals'
import { ledCase, pairThatHandsOver } from '@/tests/factories/transfer'
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

  it('is late, or was reached in time, for whoever reads it alike', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const foundOn = addDays(today(), -3)
    const need = await openNeed(harbour.caseworker, { case: on, urgency: 'emergency', foundOn })
    const readers = [harbour.caseworker, harbour.supervisor, harbour.colleague]
    const lateFor = () =>
      Promise.all(
        readers.map(async (actor) => valueOf(await listNeeds(actor, { limit: 50, case: on })).items[0]?.isLate),
      )
    expect(await lateFor()).toEqual([true, true, true])
    await loggedContact(harbour.caseworker, { case: on })
    expect(await lateFor()).toEqual([false, false, false])
    expect(valueOf(await viewNeed(harbour.colleague, { need: need.code })).isLate).toBe(false)
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

describe('a need that whoever leads the case of another agency finds', () => {
  let pair: Pair
  let sender: Actor
  let receiver: Actor
  let supervisor: Actor
  beforeAll(async () => {
    pair = await pairThatHandsOver(owner)
    sender = pair.harbour.caseworker
    supervisor = pair.harbour.supervisor
    receiver = pair.legalaid.caseworker
  })

  const addsNeed = (actor: Actor, referral: string) =>
    addLedNeed(actor, addLedNeedInput.parse({ referral, category: 'medical', urgency: 'urgent' }))
  const tasksOf = async (actor: Actor, on: string, scope: 'mine' | 'team' = 'mine') =>
    valueOf(await listTasks(actor, { scope, limit: 200 })).items.filter((task) => task.case === on)
  const lateFor = async (actor: Actor, on: string, need: string) =>
    valueOf(await listNeeds(actor, listNeedsInput.parse({ case: on }))).items.find(({ code }) => code === need)?.isLate
  const overdue = (need: string) =>
    owner`UPDATE need SET contact_due_at = contact_due_at - interval '30 days' WHERE code = ${need}`

  it('is theirs to make first contact about: a task of whoever found it, for all who lead, and for nobody else', async () => {
    const of = await ledCase(owner, pair)
    const need = valueOf(await addsNeed(receiver, of.referral))
    const [task, ...others] = await tasksOf(receiver, of.case)
    expect(task).toMatchObject({
      ...{ kind: 'first_contact', led: of.referral, person: null, mayWork: true, dueAt: need.contactDueAt },
      need: { code: need.code, category: 'medical' },
      owner: { isMe: true },
    })
    expect(others).toEqual([])
    for (const actor of [pair.standIn, pair.legalaid.supervisor])
      expect((await tasksOf(actor, of.case, 'team')).map(({ code }) => code)).toEqual([task?.code])
    for (const actor of [pair.legalaid.colleague, sender, pair.harbour.colleague])
      expect((await tasksOf(actor, of.case, 'team')).map(({ code }) => code)).not.toContain(task?.code)
    for (const actor of [pair.legalaid.colleague, pair.legalaid.admin, sender, supervisor]) {
      expect((await doneTask(actor, { task: task?.code ?? '' })).ok).toBe(false)
      expect((await viewTaskPage(actor, { task: task?.code ?? '' })).ok).toBe(false)
    }
    // By the database's own rows as well.
    const reads = (actor: Actor) =>
      withActor(actor, async (tx) => {
        const seen = await tx.$executeRaw`UPDATE task SET due_at = due_at WHERE code = ${task?.code ?? ''}`
        return ok(seen + (await tx.task.count({ where: { code: task?.code ?? '' } })))
      })
    for (const actor of [receiver, pair.standIn]) expect(valueOf(await reads(actor))).toBe(2)
    for (const actor of [pair.legalaid.colleague, sender, supervisor, pair.harbour.colleague])
      expect(valueOf(await reads(actor))).toBe(0)
    // Late, and reached in time, is the same on both sides.
    await overdue(need.code)
    expect(await lateFor(sender, of.case, need.code)).toBe(true)
    expect(valueOf(await viewTaskPage(pair.standIn, { task: task?.code ?? '' })).state).toBe('late')
    valueOf(await doneTask(pair.standIn, { task: task?.code ?? '' }))
    expect(await tasksOf(receiver, of.case)).toEqual([])
    expect(await lateFor(sender, of.case, need.code)).toBe(false)
    expect(await lateFor(pair.harbour.colleague, of.case, need.code)).toBe(false)
  })

  it('waits no longer once it is met, or once help for it began, whoever says so; its limit moves for both', async () => {
    const of = await ledCase(owner, pair)
    const [one, two, three] = [
      valueOf(await addsNeed(receiver, of.referral)),
      valueOf(await addsNeed(receiver, of.referral)),
      valueOf(await addsNeed(receiver, of.referral)),
    ]
    const waiting = async () => (await tasksOf(receiver, of.case)).map(({ need }) => need?.code)
    valueOf(
      await moveLedNeed(
        receiver,
        moveLedNeedInput.parse({ referral: of.referral, need: one.code, version: one.version, state: 'met' }),
      ),
    )
    expect(await waiting()).not.toContain(one.code)
    const service = { category: 'medical', type: 'emergency_care', case: of.case }
    valueOf(await logService(receiver, logServiceInput.parse({ ...service, need: two.code, status: 'planned' })))
    expect(await waiting()).toContain(two.code)
    valueOf(await logService(receiver, logServiceInput.parse({ ...service, need: two.code })))
    expect(await waiting()).toEqual([three.code])
    // The same for what the holder found: its own team need not go after somebody who was reached.
    const holders = async () => (await tasksOf(sender, of.case)).map(({ need }) => need?.code)
    expect(await holders()).toContain(of.need)
    const legal = { category: 'legal', type: 'information_advice', case: of.case, need: of.need }
    valueOf(await logService(receiver, logServiceInput.parse(legal)))
    expect(await holders()).not.toContain(of.need)

    const change = (input: object) => changeNeed(sender, changeNeedInput.parse({ need: three.code, ...input }))
    const moved_ = valueOf(await change({ version: three.version, urgency: 'emergency' }))
    expect((await tasksOf(receiver, of.case))[0]?.dueAt).toBe(moved_.contactDueAt)
    valueOf(await change({ version: moved_.version, state: 'not_met', notMetReason: 'person_declined' }))
    expect(await waiting()).toEqual([])
  })

  it('goes back to the holder’s team with the lead, and is told of', async () => {
    const of = await ledCase(owner, pair)
    const need = valueOf(await addsNeed(receiver, of.referral))
    const [task] = await tasksOf(receiver, of.case)
    valueOf(await moved(receiver, of.referral, 'complete', { outcome: 'person_left' }))
    expect(await tasksOf(receiver, of.case)).toEqual([])
    expect((await viewTaskPage(receiver, { task: task?.code ?? '' })).ok).toBe(false)
    const theirs = (await tasksOf(sender, of.case)).find(({ code }) => code === task?.code)
    expect(theirs).toMatchObject({ led: null, need: { code: need.code }, mayWork: true })
    const told =
      await owner`SELECT 1 FROM notice WHERE member_id = ${sender.member} AND kind = 'task.assigned' AND subject = ${task?.code ?? ''}`
    expect(told).toHaveLength(1)
  })

  it('passes on within their agency when whoever found it leaves, and stays theirs on a case that is restricted', async () => {
    const own = await pairThatHandsOver(owner)
    const { caseworker: leaver, colleague: stays } = own.legalaid
    const service = await listedService(own.legalaid, {}, { receivers: [leaver, stays] })
    const of = await ledCase(owner, { ...own, service })
    valueOf(await addsNeed(leaver, of.referral))
    await owner`UPDATE member SET status = 'deactivated' WHERE id = ${leaver.member}`
    const [task, ...others] = await tasksOf(stays, of.case)
    expect(task).toMatchObject({ kind: 'first_contact', led: of.referral })
    expect(others).toEqual([])
    valueOf(await restrictCase(own.harbour.caseworker, { case: of.case }))
    expect((await tasksOf(stays, of.case)).map(({ code }) => code)).toEqual([task?.code])
    valueOf(await doneTask(stays, { task: task?.code ?? '' }))
  })
})
