import { describe, expect, it } from 'vitest'
import { logContact } from '@/lib/assistance/contacts/service'
import { logContactInput } from '@/lib/assistance/contacts/schema'
import { addNeedInput } from '@/lib/assistance/needs/schema'
import { addNeed } from '@/lib/assistance/needs/service'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { amendService } from '@/lib/assistance/services/amend-service'
import { prepareServiceForm } from '@/lib/assistance/services/form-service'
import { viewService } from '@/lib/assistance/services/service'
import { closeCase, viewCase } from '@/lib/cases/service'
import { addDays, dayIn } from '@/lib/platform/zone'
import { loggedService, send } from '@/tests/factories/assistance'
import { openedCase, valueOf } from '@/tests/factories/cases'
import { office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const today = dayIn('UTC', new Date())
const CLOSED_ON = addDays(today, -5)
const ride = { category: 'social', type: 'transport' } as const
const refused = (field: string) => ({
  ok: false,
  refusal: 'conflict',
  reason: 'case_closed',
  errors: { [field]: ['assistance.date.after_closing'] },
})

/** Closes a case as if it had been five days ago. */
async function closed(on: string): Promise<string> {
  const { version } = valueOf(await viewCase(harbour.caseworker, { case: on }))
  valueOf(await closeCase(harbour.caseworker, { case: on, version, closureReason: 'goals_reached' }))
  await owner`UPDATE case_file SET closed_on = ${CLOSED_ON}, opened_on = ${addDays(today, -30)} WHERE code = ${on}`
  return on
}

async function closedCase(): Promise<string> {
  return closed((await openedCase(harbour.caseworker)).code)
}

describe('notes that were on paper when a case was closed', () => {
  it('are typed in as services of its own time, with the day of entry apart, and leave it closed', async () => {
    const on = await closedCase()
    for (const deliveredOn of [CLOSED_ON, addDays(CLOSED_ON, -10)]) {
      const { code } = valueOf(await send(harbour.caseworker, { case: on, ...ride, deliveredOn, note: 'From paper' }))
      const late = valueOf(await viewService(harbour.caseworker, { service: code }))
      expect(late).toMatchObject({ deliveredOn, hasNote: true })
      expect(late.enteredAt.slice(0, 10)).toBe(today)
    }
    expect(valueOf(await viewCase(harbour.caseworker, { case: on }))).toMatchObject({
      status: 'closed',
      closedOn: CLOSED_ON,
    })
  })

  it('are no services of a later day, none that go on, and set no follow-up', async () => {
    const on = await closedCase()
    const log = (more: object) => send(harbour.caseworker, { case: on, ...ride, deliveredOn: CLOSED_ON, ...more })
    expect(await log({ deliveredOn: addDays(CLOSED_ON, 1) })).toEqual(refused('deliveredOn'))
    expect(await log({ deliveredOn: undefined })).toEqual(refused('deliveredOn'))
    expect(await log({ endedOn: addDays(CLOSED_ON, 1) })).toEqual(refused('endedOn'))
    const open = { refusal: 'conflict', reason: 'case_closed' }
    expect(await log({ status: 'planned' })).toMatchObject({ ...open, errors: { status: [expect.anything()] } })
    expect(await log({ status: 'in_progress' })).toMatchObject({ ...open, errors: { status: [expect.anything()] } })
    expect(await log({ followUpOn: today })).toMatchObject({ ...open, errors: { followUpOn: [expect.anything()] } })
  })

  it('are typed in as contacts of its own time, and none of a later one', async () => {
    const on = await closedCase()
    const log = (more: object) =>
      logContact(harbour.caseworker, logContactInput.parse({ case: on, kind: 'call', ...more }))
    expect(await log({ occurredOn: CLOSED_ON, text: 'From paper' })).toMatchObject({ ok: true })
    expect(await log({ occurredAt: `${CLOSED_ON}T23:59:00Z` })).toMatchObject({ ok: true })
    expect(await log({})).toEqual(refused('occurredOn'))
    expect(await log({ occurredAt: `${addDays(CLOSED_ON, 1)}T00:00:00Z` })).toEqual(refused('occurredAt'))
  })

  it('are corrected within that time, and what went on when it closed stays so', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const goesOn = { status: 'in_progress', deliveredOn: addDays(CLOSED_ON, -3), endedOn: addDays(today, 3) } as const
    const { code: service } = await loggedService(harbour.caseworker, { case: on, ...goesOn })
    await closed(on)
    const amend = (version: number, more: object) =>
      amendService(harbour.caseworker, amendServiceInput.parse({ service, version, reason: 'From paper', ...more }))
    expect(await amend(1, { mode: 'phone' })).toMatchObject({ ok: true })
    expect(await amend(2, { endedOn: addDays(CLOSED_ON, 1) })).toEqual(refused('endedOn'))
    expect(await amend(2, { status: 'delivered', endedOn: CLOSED_ON })).toMatchObject({ ok: true })
    expect(await amend(3, { deliveredOn: CLOSED_ON })).toMatchObject({ ok: true })
  })

  it('are entered by the team alone, on a form that knows the day; needs still want the case open', async () => {
    const on = await closedCase()
    expect(valueOf(await prepareServiceForm(harbour.caseworker, { case: on })).closedOn).toBe(CLOSED_ON)
    expect(await send(harbour.colleague, { case: on, ...ride, deliveredOn: CLOSED_ON })).toEqual({
      ok: false,
      refusal: 'forbidden',
    })
    const other = await office(owner)
    expect(await send(other.caseworker, { case: on, ...ride, deliveredOn: CLOSED_ON })).toEqual({
      ok: false,
      refusal: 'not_found',
    })
    const need = addNeedInput.parse({ case: on, category: 'legal', foundOn: CLOSED_ON })
    expect(await addNeed(harbour.caseworker, need)).toEqual({ ok: false, refusal: 'conflict', reason: 'case_closed' })
  })

  it('come over the API too: 201 for its time, 409 with the field for a later day', async () => {
    const on = await closedCase()
    const token = await tokenFor(owner, harbour.caseworker)
    const post = (deliveredOn: string) =>
      callApi('POST', `/cases/${on}/services`, { token, body: { ...ride, deliveredOn } })
    expect(await post(CLOSED_ON)).toMatchObject({ status: 201, body: { deliveredOn: CLOSED_ON } })
    expect(await post(today)).toMatchObject({
      status: 409,
      body: { reason: 'case_closed', errors: { deliveredOn: ['assistance.date.after_closing'] } },
    })
    const contact = { kind: 'call', occurredOn: addDays(CLOSED_ON, 1) }
    expect(await callApi('POST', `/cases/${on}/contacts`, { token, body: contact })).toMatchObject({
      status: 409,
      body: { reason: 'case_closed', errors: { occurredOn: ['assistance.date.after_closing'] } },
    })
  })
})
