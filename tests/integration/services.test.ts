import { describe, expect, it } from 'vitest'
import { withActor } from '@/lib/access/with-actor'
import { amendService, voidService } from '@/lib/assistance/services/amend-service'
import { prepareServiceForm, listCaseChoices } from '@/lib/assistance/services/form-service'
import { prepareService, serviceRows } from '@/lib/assistance/services/prepare-service'
import {
  amendServiceInput,
  logForSeveralInput,
  logServiceInput,
  type AmendServiceInput,
} from '@/lib/assistance/services/schema'
import { listServices, logPrepared, viewService } from '@/lib/assistance/services/service'
import { logForSeveral, viewSeveral } from '@/lib/assistance/services/several-service'
import { viewNeed } from '@/lib/assistance/needs/service'
import { viewCase } from '@/lib/cases/service'
import { submitOnce } from '@/lib/forms/submit-once'
import { CATEGORY_KEYS, CATEGORY_PARAGRAPH, SERVICE_TYPES } from '@/lib/mandate/categories'
import { newCode, newId } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { addDays, dayIn } from '@/lib/platform/zone'
import { loggedService, openNeed, send } from '@/tests/factories/assistance'
import { openedCase, valueOf } from '@/tests/factories/cases'
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

async function countServices(): Promise<number> {
  const [row] = await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM service`
  return row?.n ?? 0
}

async function idOf(code: string): Promise<string> {
  const [row] = await owner<{ id: string }[]>`SELECT id FROM service WHERE code = ${code}`
  if (row === undefined) throw new Error('No such service')
  return row.id
}

describe('logging a service', () => {
  it.each(CATEGORY_KEYS)('ties %s to its paragraph and paragraph 9, read from its own rows', async (category) => {
    const { code: on } = await openedCase(harbour.caseworker)
    const service = valueOf(await send(harbour.caseworker, { case: on, category, type: SERVICE_TYPES[category][0] }))
    expect(service.mandate.slice(0, 2)).toEqual([
      {
        symbol: 'A/RES/58/137',
        paragraph: CATEGORY_PARAGRAPH[category],
        href: `/mandate/6/${CATEGORY_PARAGRAPH[category].charAt(2)}`,
      },
      { symbol: 'A/RES/58/137', paragraph: '9', href: '/mandate/9' },
    ])
    const rows = await owner<
      { paragraph: string }[]
    >`SELECT paragraph FROM service_mandate WHERE service_id = ${await idOf(service.code)}`
    expect(new Set(rows.map(({ paragraph }) => paragraph))).toEqual(
      new Set(service.mandate.map(({ paragraph }) => paragraph)),
    )
  })

  it('needs category and type only: it was delivered today, by whoever logs it', async () => {
    const service = await loggedService(harbour.caseworker)
    expect(service).toMatchObject({
      status: 'delivered',
      deliveredOn: today(),
      endedOn: null,
      worker: harbour.caseworker.displayName,
      agency: harbour.agency.key,
      version: 1,
      need: null,
    })
    expect(await eventsOf(service.code)).toEqual(['service.logged'])
  })

  it('adds paragraphs 6(c) and 7 when the facts say so, and says why', async () => {
    const service = await loggedService(harbour.caseworker, { adaptations: ['age', 'age'], proceedings: true })
    expect(service.mandate.map(({ paragraph }) => paragraph)).toEqual(['6(b)', '9', '6(c)', '7'])
    expect(service.mandateReasons).toEqual({
      '6(b)': 'category',
      '9': 'coordination',
      '6(c)': 'adapted',
      '7': 'proceedings',
    })
    const opened = valueOf(await viewService(harbour.caseworker, { service: service.code }))
    expect(opened.detail).toMatchObject({ adaptations: ['age'], proceedings: true })
  })

  it('keeps how it was given, and the need it serves is being met from then on', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const need = await openNeed(harbour.caseworker, { case: on, category: 'social', urgency: 'emergency' })
    const service = await loggedService(harbour.caseworker, {
      case: on,
      need: need.code,
      mode: 'in_person',
      placeKind: 'shelter',
      minutes: 45,
      interpreterLanguage: 'tir',
      amount: '12,5',
      currency: 'eur',
      origin: 'plan',
      outcome: 'continues',
    })
    const opened = valueOf(await viewService(harbour.caseworker, { service: service.code }))
    expect(opened.detail).toEqual({
      mode: 'in_person',
      placeKind: 'shelter',
      minutes: 45,
      interpreterUsed: true,
      interpreterLanguage: 'tir',
      amount: '12.50',
      currency: 'EUR',
      adaptations: [],
      origin: 'plan',
      outcome: 'continues',
      proceedings: false,
    })
    expect(opened.need).toBe(need.code)
    expect(valueOf(await viewNeed(harbour.caseworker, { need: need.code }))).toMatchObject({
      state: 'being_met',
      isLate: false,
    })
    const [task] = await owner`SELECT done_at FROM task WHERE need_id = (SELECT id FROM need WHERE code = ${need.code})`
    expect(task?.['done_at']).not.toBeNull()
  })

  it('says that the need is met where the member says so', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const need = await openNeed(harbour.caseworker, { case: on, category: 'social' })
    await loggedService(harbour.caseworker, { case: on, need: need.code, needState: 'met' })
    expect(valueOf(await viewNeed(harbour.caseworker, { need: need.code }))).toMatchObject({
      state: 'met',
      metOn: today(),
    })
  })

  it('makes a task for the follow-up', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    await loggedService(harbour.caseworker, { case: on, followUpOn: addDays(today(), 3) })
    const [task] = await owner`
      SELECT t.kind, t.due_at FROM task t JOIN case_file c ON c.id = t.case_id WHERE c.code = ${on} AND t.kind = 'follow_up'`
    expect(task?.['due_at']).toEqual(new Date(`${addDays(today(), 3)}T23:59:00Z`))
  })

  it('refuses a day that has not come, unless it is planned', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const ahead = { case: on, category: 'legal', type: 'information_advice', deliveredOn: addDays(today(), 1) } as const
    expect(await send(harbour.caseworker, ahead)).toMatchObject({
      refusal: 'invalid',
      errors: { deliveredOn: ['assistance.date.future'] },
    })
    expect(await send(harbour.caseworker, { ...ahead, status: 'planned' })).toMatchObject({ ok: true })
  })

  it('counts days in the zone of the agency, not of the server', async () => {
    const east = await office(owner, { timeZone: 'Pacific/Kiritimati' })
    const { code: on } = await openedCase(east.caseworker)
    const there = dayIn('Pacific/Kiritimati', new Date())
    expect(
      await send(east.caseworker, { case: on, category: 'legal', type: 'civil_documents', deliveredOn: there }),
    ).toMatchObject({ ok: true })
    expect(
      valueOf(await send(east.caseworker, { case: on, category: 'legal', type: 'civil_documents' })).deliveredOn,
    ).toBe(there)
  })

  it('refuses a need of another case, as if it were none', async () => {
    const [one, other] = [await openedCase(harbour.caseworker), await openedCase(harbour.caseworker)]
    const need = await openNeed(harbour.caseworker, { case: other.code })
    const input = { case: one.code, category: 'legal', type: 'civil_documents' } as const
    const refused = { refusal: 'invalid', errors: { need: ['assistance.service.need.other_case'] } }
    expect(await send(harbour.caseworker, { ...input, need: need.code })).toMatchObject(refused)
    expect(await send(harbour.caseworker, { ...input, need: newCode('NED') })).toMatchObject(refused)
  })

  it('is refused to a colleague off the team, who sees the case; it is not found by another agency', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const other = await office(owner)
    const input = { case: on, category: 'legal', type: 'civil_documents' } as const
    expect(await send(harbour.colleague, input)).toEqual({ ok: false, refusal: 'forbidden' })
    expect(await send(other.caseworker, input)).toEqual({ ok: false, refusal: 'not_found' })
    expect(await send(harbour.admin, input)).toEqual({ ok: false, refusal: 'not_found' })
    expect(await send(harbour.caseworker, input)).toMatchObject({ ok: true })
  })

  it('shows in the counts of the case', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const service = await loggedService(harbour.caseworker, { case: on, category: 'medical', type: 'emergency_care' })
    expect(valueOf(await viewCase(harbour.caseworker, { case: on })).services).toMatchObject({ medical: 1 })
    valueOf(await voidService(harbour.caseworker, { service: service.code, reason: 'Wrong case' }))
    expect(valueOf(await viewCase(harbour.caseworker, { case: on })).services.medical ?? 0).toBe(0)
  })
})

describe('the same submission sent again', () => {
  it('trap T10: twenty presses of one form at once are one record, and all show it', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const input = logServiceInput.parse({ case: on, category: 'social', type: 'transport' })
    const press = () =>
      submitOnce(
        harbour.caseworker,
        { key: 'one-form' },
        {
          form: 'service',
          input,
          run: async () => {
            const logged = await send(harbour.caseworker, input)
            return logged.ok ? viewService(harbour.caseworker, { service: logged.value.code }) : logged
          },
          again: (made) => viewService(harbour.caseworker, { service: made }),
        },
      )
    const codes = (await Promise.all(Array.from({ length: 20 }, press))).map((result) => valueOf(result).code)
    expect(new Set(codes).size).toBe(1)
    const [row] =
      await owner`SELECT count(*)::int AS n FROM service s JOIN case_file c ON c.id = s.case_id WHERE c.code = ${on}`
    expect(row?.['n']).toBe(1)
  })
})

describe('the mandate in the database', () => {
  it('invariant 1: refuses at commit a service without its paragraphs, whoever writes it', async () => {
    const service = await loggedService(harbour.caseworker)
    const before = await countServices()
    const copy = (paragraphs: readonly string[]) =>
      owner.begin(async (sql) => {
        const id = newId()
        await sql`INSERT INTO service (id, code, case_id, person_id, holder_agency_id, agency_id, category, type, delivered_on, worker_id)
          SELECT ${id}, ${newCode('SVC')}, case_id, person_id, holder_agency_id, agency_id, category, type, delivered_on, worker_id
          FROM service WHERE code = ${service.code}`
        for (const paragraph of paragraphs) {
          await sql`INSERT INTO service_mandate (service_id, paragraph, holder_agency_id, agency_id, reason)
            SELECT ${id}, ${paragraph}, holder_agency_id, agency_id, 'category' FROM service WHERE code = ${service.code}`
        }
      })
    for (const lacking of [[], ['6(b)'], ['9'], ['6(a)', '9']]) {
      await expect(copy(lacking)).rejects.toMatchObject({ code: '23514', constraint_name: 'service_mandate_required' })
    }
    expect(await countServices()).toBe(before)
    await copy(['6(b)', '9'])
    expect(await countServices()).toBe(before + 1)
  })

  it('invariant 1: refuses to take a paragraph away, and to move a service to another category alone', async () => {
    const service = await loggedService(harbour.caseworker)
    await expect(
      owner`DELETE FROM service_mandate WHERE service_id = ${await idOf(service.code)} AND paragraph = '9'`,
    ).rejects.toMatchObject({ code: '23514' })
    await expect(
      owner`UPDATE service SET category = 'residency', type = 'temporary_permit' WHERE code = ${service.code}`,
    ).rejects.toMatchObject({ code: '23514' })
    const gone = withActor(harbour.caseworker, async (tx) => {
      await tx.serviceMandate.deleteMany({ where: { service: { code: service.code }, paragraph: '6(b)' } })
      return ok(undefined)
    })
    await expect(gone).rejects.toThrow()
    expect(valueOf(await viewService(harbour.caseworker, { service: service.code })).mandate).toHaveLength(2)
  })

  it('follows the category when it is amended', async () => {
    const service = await loggedService(harbour.caseworker)
    const amended = valueOf(
      await amend(harbour.caseworker, {
        service: service.code,
        version: 1,
        reason: 'It was the permit',
        category: 'residency',
        type: 'temporary_permit',
        adaptations: ['gender'],
      }),
    )
    expect(amended.mandate.map(({ paragraph }) => paragraph)).toEqual(['6(a)', '9', '6(c)'])
  })

  it('comes with services that were prepared in bulk', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const [row] = await owner<{ id: string; person: string; holder: string }[]>`
      SELECT id, person_id AS person, holder_agency_id AS holder FROM case_file WHERE code = ${on}`
    if (row === undefined) throw new Error('No such case')
    const prepared = SERVICE_TYPES.social.map((type) =>
      prepareService(logServiceInput.parse({ case: on, category: 'social', type }), row, today()),
    )
    valueOf(
      await withActor(harbour.caseworker, async (tx) => {
        await logPrepared(tx, prepared)
        return ok(undefined)
      }),
    )
    const listed = valueOf(await listServices(harbour.caseworker, { case: on, limit: 50 }))
    expect(listed.items).toHaveLength(SERVICE_TYPES.social.length)
    expect(
      serviceRows(prepared, { agency: harbour.agency.id, member: harbour.caseworker.member, at: new Date() }).mandate,
    ).toHaveLength(prepared.length * 2)
  })
})

describe('one entry for several people', () => {
  it('makes one record for each, tied together, named by case or by person', async () => {
    const [one, two] = [await openedCase(harbour.caseworker), await openedCase(harbour.caseworker)]
    const entry = logForSeveralInput.parse({
      codes: [one.code, two.person, one.code],
      category: 'social',
      type: 'basic_needs',
    })
    const several = valueOf(await logForSeveral(harbour.caseworker, entry))
    expect(several.items.map((item) => item.case).sort()).toEqual([one.code, two.code].sort())
    expect(several.items.every(({ mandate }) => mandate.length === 2)).toBe(true)
    expect(valueOf(await viewService(harbour.caseworker, { service: several.code })).groupSize).toBe(2)
    expect(valueOf(await viewSeveral(harbour.caseworker, { service: several.code })).items).toHaveLength(2)
  })

  it('L01: is read again in one event, as every list is', async () => {
    const on = await openedCase(harbour.caseworker)
    const entry = logForSeveralInput.parse({ codes: [on.code], category: 'social', type: 'transport' })
    const { code } = valueOf(await logForSeveral(harbour.caseworker, entry))
    valueOf(await viewSeveral(harbour.caseworker, { service: code }))
    const events = await owner<{ type: string }[]>`SELECT type FROM audit_event WHERE subject = ${code} ORDER BY id`
    expect(events.map(({ type }) => type)).toEqual(['service.logged', 'service.listed'])
  })

  it('writes nothing when one code is out of sight, in the same words whether it is there or not', async () => {
    const one = await openedCase(harbour.caseworker)
    const other = await office(owner)
    const theirs = await openedCase(other.caseworker)
    const before = await countServices()
    for (const code of [theirs.code, newCode('CAS'), 'CAS-WRONGSIGN', theirs.person]) {
      const entry = logForSeveralInput.parse({ codes: [one.code, code], category: 'social', type: 'basic_needs' })
      expect(await logForSeveral(harbour.caseworker, entry)).toEqual({
        ok: false,
        refusal: 'invalid',
        reason: 'unknown_codes',
        errors: { 'codes.1': ['assistance.service.several.unknown'] },
      })
    }
    expect(await countServices()).toBe(before)
  })
})

describe('the form', () => {
  it('starts from the living needs and from how this member gave their last service here', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    await openNeed(harbour.caseworker, { case: on, category: 'medical', urgency: 'urgent' })
    await loggedService(harbour.caseworker, {
      case: on,
      mode: 'phone',
      minutes: 20,
      interpreterLanguage: 'tir',
      outcome: 'reached',
      amount: 3,
      currency: 'EUR',
    })
    const form = valueOf(await prepareServiceForm(harbour.caseworker, { case: on }))
    expect(form.lastTime).toEqual({
      mode: 'phone',
      placeKind: null,
      minutes: 20,
      interpreterUsed: true,
      interpreterLanguage: 'tir',
    })
    expect(form.needs).toMatchObject([{ category: 'medical', urgency: 'urgent', state: 'open' }])
    expect(form.audience).toMatchObject({ team: 1, restricted: false })
    expect(valueOf(await prepareServiceForm(harbour.supervisor, { case: on })).lastTime).toBeNull()
    expect(await prepareServiceForm(harbour.colleague, { case: on })).toEqual({ ok: false, refusal: 'forbidden' })
    expect(valueOf(await listCaseChoices(harbour.caseworker, { limit: 5 }))[0]).toMatchObject({ code: on })
  })
})
