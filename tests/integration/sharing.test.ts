import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { restrictCase } from '@/lib/cases/service'
import { setBasisInput } from '@/lib/consent/bases/schema'
import { listBases, setBasis } from '@/lib/consent/bases/service'
import { makeExceptionInput, type MakeExceptionInput } from '@/lib/consent/exceptions/schema'
import { giveSharingPermission, viewSharingPermission } from '@/lib/consent/exceptions/permission-service'
import {
  endException,
  listExceptionQueue,
  listExceptionsOf,
  makeException,
  prepareException,
  readExceptionReason,
  settleException,
  viewQueuedException,
} from '@/lib/consent/exceptions/service'
import { explainSharing, listDisclosures } from '@/lib/consent/sharing/service'
import { ok } from '@/lib/platform/result'
import { makeStatement, prepareStatement, printStatement } from '@/lib/reporting/statement/service'
import { registerPersonInput } from '@/lib/people/schema'
import { officesOfOneNetwork, signedAgreement } from '@/tests/factories/agreements'
import { loggedService, openNeed } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { consented, withdrawn } from '@/tests/factories/consents'
import { withToken } from '@/tests/factories/networks'
import { memberOf, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let legalaid: Office
let team: Actor
let coordinator: Actor
let auditor: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  const [first, second] = await officesOfOneNetwork(owner, 2)
  if (first === undefined || second === undefined) throw new Error('Two agencies')
  ;[harbour, legalaid] = [first, second]
  team = harbour.caseworker
  coordinator = await outsider(owner, 'coordinator', { network: team.network })
  auditor = await outsider(owner, 'auditor', { network: team.network })
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const asks = (actor: Actor, on: string, over: object = {}) =>
  explainSharing(actor, { case: on, agency: legalaid.agency.key, purpose: 'sharing', ...over })

async function answered(on: string, field: string) {
  const { answer } = valueOf(await asks(team, on))
  return answer?.fields.find((one) => one.field === field)
}

const codeOf = async (actor: Actor) =>
  (await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${actor.member}`)[0]?.code ?? ''

async function permits(actor: Actor, given: 'yes' | 'no' = 'yes') {
  valueOf(await giveSharingPermission(harbour.admin, { member: await codeOf(actor), given }))
}

const wish = (on: string, over: object = {}): MakeExceptionInput =>
  makeExceptionInput.parse({
    case: on,
    agency: legalaid.agency.key,
    purpose: 'sharing',
    fields: ['need.legal', 'contact.name'],
    basis: 'vital_interest',
    reason: 'Life is in danger tonight and nobody can reach them in time',
    days: '2',
    ...over,
  })

describe('the page that explains', () => {
  it('T13: says field by field what may go, on which consent, and why not', async () => {
    const on = (await openedCase(team)).code
    expect(await answered(on, 'need.legal')).toMatchObject({ allowed: false, reason: 'not_asked' })
    const made = await consented(team, {
      case: on,
      agency: legalaid.agency.key,
      identity: 'contact',
      withheld: ['contact.name'],
      withheldWhy: 'other',
    })
    expect(await answered(on, 'need.legal')).toMatchObject({ allowed: true, basis: 'consent', code: made.code })
    expect(await answered(on, 'contact.name')).toMatchObject({ allowed: false, reason: 'withheld' })
    expect(await answered(on, 'identity.names')).toMatchObject({ allowed: false, reason: 'beyond_level' })
    expect(await answered(on, 'need.medical')).toMatchObject({ allowed: false, reason: 'not_asked' })
    valueOf(await withdrawn(team, { consent: made.code }))
    expect(await answered(on, 'need.legal')).toMatchObject({ allowed: false, reason: 'withdrawn' })
    const one = valueOf(await asks(team, on, { category: 'legal' })).answer
    expect(one?.fields.map(({ field }) => field)).toContain('service.legal')
    expect(one?.fields.map(({ field }) => field)).not.toContain('need.medical')
  })

  it('P05: names the agreement that is needed beside it, and says where there is none', async () => {
    const on = (await openedCase(team)).code
    const before = valueOf(await asks(team, on)).answer
    expect(before?.agreements.every(({ agreement }) => agreement === null)).toBe(true)
    const code = await signedAgreement([harbour, legalaid], { categories: ['legal'], purposes: ['sharing'] })
    const after = valueOf(await asks(team, on)).answer
    expect(after?.agreements.filter(({ agreement }) => agreement === code)).toEqual([
      { category: 'legal', agreement: code },
    ])
  })

  it('answers the team alone, of agencies of the network alone', async () => {
    const on = (await openedCase(team)).code
    const stranger = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    expect(await asks(stranger, on)).toMatchObject({ refusal: 'forbidden' })
    for (const actor of [legalaid.caseworker, coordinator, auditor, harbour.admin])
      expect(await asks(actor, on)).toMatchObject({ refusal: 'not_found' })
    expect(await asks(team, on, { agency: 'nowhere' })).toMatchObject({ refusal: 'invalid' })
    expect(valueOf(await explainSharing(team, { case: on })).answer).toBeNull()
  })
})

describe('sharing without consent', () => {
  it('T13: needs the team, a permission of the member’s own, a session that was just shown, and lands on two desks', async () => {
    const on = (await openedCase(team)).code
    expect(await makeException(team, wish(on))).toMatchObject({ refusal: 'forbidden' })
    expect(await prepareException(team, { case: on })).toMatchObject({ refusal: 'forbidden' })
    await permits(team)
    expect(valueOf(await listExceptionsOf(team, { case: on }))).toEqual({ items: [], mayMake: true })
    expect(await makeException(withToken(team), wish(on)).catch(() => ({ refusal: 'forbidden' }))).toMatchObject({
      refusal: 'forbidden',
    })
    await owner`UPDATE session SET proven_at = proven_at - interval '6 minutes' WHERE member_id = ${team.member}`
    expect(await makeException(team, wish(on))).toMatchObject({ refusal: 'step_up_required' })
    await owner`UPDATE session SET proven_at = clock_timestamp() WHERE member_id = ${team.member}`
    const { code } = valueOf(await makeException(team, wish(on)))
    expect(await answered(on, 'need.legal')).toMatchObject({ allowed: true, basis: 'exception', code })
    expect(await answered(on, 'identity.names')).toMatchObject({ allowed: false })
    expect(valueOf(await readExceptionReason(team, { exception: code })).reason).toMatch(/^Life is in danger/)
    for (const actor of [coordinator, auditor]) {
      const [told] = await owner`SELECT kind FROM notice WHERE member_id = ${actor.member} AND subject = ${code}`
      expect(told?.['kind']).toBe('sharing-exception.made')
      const queued = valueOf(await viewQueuedException(actor, { exception: code }))
      expect(queued).toMatchObject({
        agency: harbour.agency.name,
        receiver: legalaid.agency.name,
        lives: true,
        own: null,
      })
      // Without identity: no person, no case, no member, no words.
      const bytes = JSON.stringify([queued, valueOf(await listExceptionQueue(actor))])
      expect(bytes).not.toMatch(/danger|CAS-|AMP-|MBR-/)
      expect(bytes).not.toContain(team.displayName)
      valueOf(await settleException(actor, { exception: code, verdict: 'justified' }))
      expect(await settleException(actor, { exception: code, verdict: 'follow_up' })).toMatchObject({
        reason: 'wrong_state',
      })
    }
    expect(valueOf(await viewQueuedException(auditor, { exception: code }))).toMatchObject({
      own: 'justified',
      coordinator: 'justified',
    })
    valueOf(await endException(team, { exception: code }))
    expect(await answered(on, 'need.legal')).toMatchObject({ allowed: false })
    expect(await endException(team, { exception: code })).toMatchObject({ reason: 'wrong_state' })
    await permits(team, 'no')
    expect(await makeException(team, wish(on))).toMatchObject({ refusal: 'forbidden' })
  })

  it('T5: is refused on a restricted case off its team, as if there were none, and to everybody elsewhere', async () => {
    const on = (await openedCase(team)).code
    await permits(team)
    await permits(harbour.supervisor)
    const { code } = valueOf(await makeException(team, wish(on)))
    valueOf(await restrictCase(team, { case: on }))
    const other = await outsider(owner, 'coordinator')
    for (const actor of [harbour.supervisor, harbour.colleague, legalaid.caseworker, coordinator, harbour.admin]) {
      expect(await makeException(actor, wish(on))).toMatchObject({ refusal: 'not_found' })
      expect(await listExceptionsOf(actor, { case: on })).toMatchObject({ refusal: 'not_found' })
      expect(await readExceptionReason(actor, { exception: code })).toMatchObject({ refusal: 'not_found' })
      expect(await endException(actor, { exception: code })).toMatchObject({ refusal: 'not_found' })
    }
    expect(await viewQueuedException(other, { exception: code })).toMatchObject({ refusal: 'not_found' })
    expect(valueOf(await listExceptionQueue(other))).toEqual([])
    for (const actor of [team, harbour.admin, legalaid.caseworker]) {
      expect(await listExceptionQueue(actor)).toMatchObject({ refusal: 'forbidden' })
      expect(await settleException(actor, { exception: code, verdict: 'justified' })).toMatchObject({
        refusal: 'not_found',
      })
    }
    expect((await makeException(team, wish(on))).ok).toBe(true)
  })

  it('is permitted by the agency’s administrator, to others than themselves', async () => {
    const member = await codeOf(harbour.colleague)
    expect(valueOf(await viewSharingPermission(harbour.admin, { member }))).toEqual({ given: false })
    await permits(harbour.colleague)
    expect(valueOf(await viewSharingPermission(harbour.admin, { member }))).toEqual({ given: true })
    const own = await codeOf(harbour.admin)
    expect(await giveSharingPermission(harbour.admin, { member: own, given: 'yes' })).toMatchObject({
      refusal: 'forbidden',
    })
    for (const actor of [team, harbour.supervisor, coordinator])
      expect(await giveSharingPermission(actor, { member, given: 'yes' })).toMatchObject({ refusal: 'forbidden' })
    expect(await giveSharingPermission(legalaid.admin, { member, given: 'yes' })).toMatchObject({
      refusal: 'not_found',
    })
  })

  it('invariant 3: lets nothing through once nothing living is behind it', async () => {
    const on = (await openedCase(team)).code
    await permits(team)
    const { code } = valueOf(await makeException(team, wish(on, { days: '1' })))
    const disclosed = () =>
      withActor(team, async (tx) => {
        const rows = await tx.$queryRaw<{ line: string }[]>`
          SELECT app.disclose('print', c.id, ${legalaid.agency.id}::uuid, 'sharing', ARRAY['need.legal'], NULL, '{}'::jsonb) AS line
          FROM case_file c WHERE c.code = ${on}`
        return ok(rows[0]?.line)
      })
    expect((await disclosed()).ok).toBe(true)
    valueOf(await endException(team, { exception: code }))
    await expect(disclosed()).rejects.toThrow(/No basis/)
    const { items } = valueOf(await listDisclosures(team, { case: on }))
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      way: 'print',
      agencyName: legalaid.agency.name,
      fields: ['need.legal'],
      bases: ['exception'],
      basisCodes: [code],
      by: team.displayName,
    })
    const stranger = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    expect(await listDisclosures(stranger, { case: on })).toMatchObject({ refusal: 'forbidden' })
    for (const actor of [legalaid.caseworker, coordinator, harbour.admin])
      expect(await listDisclosures(actor, { case: on })).toMatchObject({ refusal: 'not_found' })
  })
})

describe('what an agency rests on', () => {
  const basis = (over: object = {}) =>
    setBasisInput.parse({
      purpose: 'sharing',
      basis: 'public_task',
      identity: 'none',
      source: 'Act 12, section 3',
      ...over,
    })

  it('is set by its administrator within what the network allows, and what was said before stays readable', async () => {
    expect(await setBasis(harbour.admin, basis())).toMatchObject({
      refusal: 'invalid',
      errors: { basis: ['bases.errors.not_allowed'] },
    })
    await owner`
      UPDATE network SET settings = '{"legalBases": {"sharing": ["consent", "public_task"]}}' WHERE id = ${team.network}`
    const on = (await openedCase(team)).code
    valueOf(await setBasis(harbour.admin, basis()))
    expect(await answered(on, 'need.legal')).toMatchObject({ allowed: true, basis: 'public_task' })
    // A person's own answer goes before it.
    await consented(team, { case: on, answer: 'refused', agency: legalaid.agency.key })
    expect(await answered(on, 'need.legal')).toMatchObject({ allowed: false, reason: 'refused' })
    const other = (await openedCase(team)).code
    valueOf(await setBasis(harbour.admin, basis({ basis: 'consent' })))
    expect(await answered(other, 'need.legal')).toMatchObject({ allowed: false, reason: 'not_asked' })
    const { items } = valueOf(await listBases(harbour.admin))
    expect(items.map(({ basis: rests, holds }) => [rests, holds])).toEqual([
      ['consent', true],
      ['public_task', false],
    ])
    for (const actor of [team, harbour.supervisor, coordinator, auditor, withToken(harbour.admin)]) {
      expect(await listBases(actor)).toMatchObject({ refusal: 'forbidden' })
      expect(await setBasis(actor, basis())).toMatchObject({ refusal: 'forbidden' })
    }
    expect(valueOf(await listBases(legalaid.admin)).items).toEqual([])
    await owner`UPDATE session SET proven_at = proven_at - interval '6 minutes' WHERE member_id = ${harbour.admin.member}`
    expect(await setBasis(harbour.admin, basis())).toMatchObject({ refusal: 'step_up_required' })
    await owner`UPDATE session SET proven_at = clock_timestamp() WHERE member_id = ${harbour.admin.member}`
  })
})

describe('the statement for the person', () => {
  it('L07: says what is held, who looked, who received; made once, printed by whoever made it, on ledger and log', async () => {
    const person = await registeredPerson(
      team,
      registerPersonInput.parse({ identity: { names: [{ value: 'Semira Kidane' }], phones: ['+447700900187'] } }),
    )
    const on = (await openedCase(team, { person })).code
    await openNeed(team, { case: on })
    await loggedService(team, { case: on, note: 'Kind words' })
    const consent = await consented(team, { case: on, agency: legalaid.agency.key })
    const prepared = valueOf(await prepareStatement(team, { person }))
    expect(prepared).toEqual({ code: person, cases: 1 })
    const { code: line } = valueOf(await makeStatement(team, { person, language: 'en' }))
    const [ledger] = await owner`SELECT way, receiver, fields, bases FROM disclosure WHERE code = ${line}`
    expect(ledger).toMatchObject({ way: 'statement', receiver: 'person', bases: ['own_right'] })
    expect(ledger?.['fields']).toContain('need.legal')
    const printed = valueOf(await printStatement(team, { person, line }))
    expect(printed.identity.names[0]?.value).toBe('Semira Kidane')
    expect(printed.cases[0]).toMatchObject({ code: on, notes: 1, needs: [{ category: 'legal', state: 'open' }] })
    expect(printed.cases[0]?.help).toMatchObject([{ category: 'social', type: 'emergency_shelter', times: 1 }])
    expect(printed.consents.map(({ code }) => code)).toEqual([consent.code])
    expect(printed.received.map(({ code }) => code)).toEqual([line])
    expect(printed.looked.lines.length).toBeGreaterThan(0)
    expect(JSON.stringify(printed)).not.toContain('Kind words')
    const types = (
      await owner`
        SELECT DISTINCT e.type FROM audit_event e JOIN person p ON p.id = e.person_id WHERE p.code = ${person} AND e.outcome = 'success'`
    ).map((row) => String(row['type']))
    for (const type of ['statement.viewed', 'statement.printed', 'identity.read']) expect(types).toContain(type)
    expect(await printStatement(team, { person, line: 'DIS-000000000' })).toMatchObject({ reason: 'not_made' })
    // Somebody else of the team has to make their own.
    expect(await printStatement(harbour.supervisor, { person, line })).toMatchObject({ reason: 'not_made' })
  })

  it('T04: is nobody’s who is not on the person’s team', async () => {
    const person = await registeredPerson(team)
    await openedCase(team, { person })
    const { code: line } = valueOf(await makeStatement(team, { person, language: 'zh-Hans' }))
    const stranger = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    for (const actor of [legalaid.caseworker, coordinator, auditor, harbour.admin])
      for (const answer of [
        await prepareStatement(actor, { person }),
        await makeStatement(actor, { person, language: 'en' }),
        await printStatement(actor, { person, line }),
      ])
        expect(answer).toMatchObject({ refusal: 'not_found' })
    for (const answer of [
      await prepareStatement(stranger, { person }),
      await makeStatement(stranger, { person, language: 'en' }),
      await printStatement(stranger, { person, line }),
    ])
      expect(answer).toMatchObject({ refusal: 'forbidden' })
  })
})
