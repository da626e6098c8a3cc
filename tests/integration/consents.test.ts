import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { listTasks } from '@/lib/cases/tasks/service'
import { closeCase, restrictCase, viewCase } from '@/lib/cases/service'
import { listConsentsInput } from '@/lib/consent/schema'
import {
  listConsents,
  prepareConsent,
  readConsentTexts,
  tellOfEndedConsents,
  viewCaseConsents,
  viewConsent,
  viewConsentPage,
} from '@/lib/consent/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { registerPersonInput } from '@/lib/people/schema'
import { closeWorker } from '@/lib/platform/db/worker'
import { ok } from '@/lib/platform/result'
import { officesOfOneNetwork } from '@/tests/factories/agreements'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { answer, consented, withdrawn } from '@/tests/factories/consents'
import { memberOf, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let legalaid: Office
let team: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  const [first, second] = await officesOfOneNetwork(owner, 2)
  if (first === undefined || second === undefined) throw new Error('Two agencies')
  ;[harbour, legalaid] = [first, second]
  team = harbour.caseworker
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const today = () => new Date().toISOString().slice(0, 10)
const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
const listed = (actor: Actor, on: string) => listConsents(actor, listConsentsInput.parse({ case: on }))
const eventsOf = async (subject: string) =>
  (await owner`SELECT type FROM audit_event WHERE subject = ${subject} AND outcome = 'success' ORDER BY id`).map(
    (row) => String(row['type']),
  )
const noticesOf = async (actor: Actor, subject: string) =>
  (await owner`SELECT kind FROM notice WHERE member_id = ${actor.member} AND subject = ${subject}`).map((row) =>
    String(row['kind']),
  )

/** What the database says of one field to the other agency, as whoever is on the team asks it. */
async function mayGo(actor: Actor, on: string, field: string): Promise<boolean> {
  return valueOf(
    await withActor(actor, async (tx) => {
      const rows = await tx.$queryRaw<{ allowed: boolean }[]>`
        SELECT b.allowed FROM case_file c, app.sharing_basis(c.id, ${legalaid.agency.id}::uuid, 'sharing', ARRAY[${field}]::text[]) b
        WHERE c.code = ${on}`
      return ok(rows[0]?.allowed ?? false)
    }),
  )
}

describe('a consent', () => {
  it('is written down as it was said, for the team, and opens only what it names', async () => {
    const on = (await openedCase(team)).code
    expect(await mayGo(team, on, 'need.legal')).toBe(false)
    const made = await consented(team, {
      case: on,
      agency: legalaid.agency.key,
      categories: ['legal'],
      identity: 'contact',
      endsOn: inDays(200),
      method: 'interpreter',
      language: 'tir',
      explained: ['interview', 'purpose'],
      witness: 'interpreter',
    })
    expect(made).toMatchObject({
      case: on,
      state: 'in_force',
      agency: legalaid.agency.key,
      identity: 'contact',
      startsOn: today(),
      interpreter: true,
      explainedBy: team.displayName,
      edition: 1,
      version: 1,
      may: { withdraw: true, renew: true },
    })
    expect(await mayGo(team, on, 'need.legal')).toBe(true)
    expect(await mayGo(team, on, 'contact.name')).toBe(true)
    expect(await mayGo(team, on, 'identity.names')).toBe(false)
    expect(await mayGo(team, on, 'need.medical')).toBe(false)
    expect(await eventsOf(made.code)).toEqual(['consent.given'])
    expect(valueOf(await listed(team, on)).items.map(({ code }) => code)).toEqual([made.code])
  })

  it('to identification is about no kind of help, and holds for whatever the authority is asked', async () => {
    const on = (await openedCase(team)).code
    const said = { case: on, purpose: 'identification', agency: legalaid.agency.key, identity: 'full' } as const
    expect(await consented(team, { ...said, categories: [] })).toMatchObject({ categories: [...CATEGORY_KEYS] })
    const no = await consented(team, { ...said, answer: 'refused', categories: ['legal'] })
    expect(no).toMatchObject({ answer: 'refused', categories: [...CATEGORY_KEYS] })
  })

  it('T14: no longer opens anything from the moment it is withdrawn, and the team is told', async () => {
    const on = (await openedCase(team)).code
    const mate = harbour.colleague
    await owner`
      INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead)
      SELECT gen_random_uuid(), id, person_id, holder_agency_id, agency_id, ${mate.member}, false FROM case_file WHERE code = ${on}`
    const made = await consented(team, { case: on, agency: legalaid.agency.key })
    expect(await mayGo(team, on, 'need.legal')).toBe(true)
    const over = valueOf(await withdrawn(team, { consent: made.code, reason: 'Has changed their mind' }))
    expect(over).toMatchObject({ state: 'withdrawn', withdrawnBy: 'person', version: 2, may: { withdraw: false } })
    expect(await mayGo(team, on, 'need.legal')).toBe(false)
    expect(await noticesOf(mate, made.code)).toEqual(['consent.withdrawn'])
    expect(await noticesOf(team, made.code)).toEqual([])
    expect(await withdrawn(team, { consent: made.code })).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
    expect(await answer(team, { case: on, replaces: made.code })).toMatchObject({ reason: 'wrong_state' })
    expect(await eventsOf(made.code)).toEqual(['consent.given', 'consent.withdrawn'])
    expect(valueOf(await readConsentTexts(team, { consent: made.code }))).toEqual({ reason: 'Has changed their mind' })
  })

  it('is asked again without an edit: the newer answer counts, the older one stays readable', async () => {
    const on = (await openedCase(team)).code
    const first = await consented(team, { case: on, agency: legalaid.agency.key, categories: ['legal', 'medical'] })
    const second = await consented(team, { case: on, agency: legalaid.agency.key, replaces: first.code })
    expect(second).toMatchObject({ edition: 2, replaces: first.code })
    expect(await mayGo(team, on, 'need.medical')).toBe(false)
    expect(await mayGo(team, on, 'need.legal')).toBe(true)
    const page = valueOf(await viewConsentPage(team, { consent: first.code }))
    expect(page.consent).toMatchObject({ state: 'replaced', replacedBy: second.code, categories: ['legal', 'medical'] })
    expect(page.editions.map(({ code }) => code)).toEqual([second.code, first.code])
    expect(valueOf(await listed(team, on)).items.map(({ code }) => code)).toEqual([second.code])
    for (const again of [
      await answer(team, { case: on, replaces: first.code }),
      await withdrawn(team, { consent: first.code }),
    ])
      expect(again).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
    expect(await answer(team, { case: on, purpose: 'contact', replaces: second.code })).toMatchObject({
      refusal: 'invalid',
      reason: 'purpose',
    })
    // Two who ask again at once: one of the answers takes the place, the other is told to look.
    const both = await Promise.all([
      answer(team, { case: on, replaces: second.code }),
      answer(team, { case: on, replaces: second.code, answer: 'refused' }),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.find(({ ok }) => !ok)).toMatchObject({ reason: 'wrong_state' })
  })

  it('counts for less than a later no, also one that is meant for everybody', async () => {
    const on = (await openedCase(team)).code
    await consented(team, { case: on, agency: legalaid.agency.key })
    expect(await mayGo(team, on, 'need.legal')).toBe(true)
    const no = await consented(team, { case: on, answer: 'refused', agencyKind: 'ngo' })
    expect(no).toMatchObject({ state: 'refused', may: { withdraw: false, renew: true } })
    expect(await mayGo(team, on, 'need.legal')).toBe(false)
    expect(await eventsOf(no.code)).toEqual(['consent.refused'])
  })

  it('is taken for an agency of the network and days that fit alone', async () => {
    const on = (await openedCase(team)).code
    expect(await answer(team, { case: on, agency: 'nowhere' })).toMatchObject({ refusal: 'invalid', reason: 'agency' })
    expect(await answer(team, { case: on, agency: harbour.agency.key })).toMatchObject({ reason: 'agency' })
    expect(await answer(team, { case: on, endsOn: inDays(-1) })).toMatchObject({ refusal: 'invalid', reason: 'date' })
    expect(await answer(team, { case: 'CAS-000000000' })).toMatchObject({ refusal: 'not_found' })
  })

  it('keeps what was said in words shut: sealed, and each look at it written down', async () => {
    const on = (await openedCase(team)).code
    const made = await consented(team, {
      case: on,
      withheld: ['profile.gender'],
      withheldWhy: 'fear_of_harm',
      withheldWords: 'Asks that nobody hears of the clinic',
      child: true,
      childView: 'agrees',
      bestInterests: 'Stays at school with friends',
      childWords: 'I want to stay',
      givenBy: 'guardian',
      method: 'written',
      signature: 'M10 20L30 40',
    })
    expect(JSON.stringify(made)).not.toMatch(/clinic|school|stay|M10/)
    const [row] = await owner`SELECT sealed FROM consent WHERE code = ${made.code}`
    expect(Buffer.from(row?.['sealed'] as Uint8Array).toString('latin1')).not.toMatch(/clinic|school|M10/)
    expect(valueOf(await readConsentTexts(team, { consent: made.code }))).toEqual({
      withheldWords: 'Asks that nobody hears of the clinic',
      bestInterests: 'Stays at school with friends',
      childWords: 'I want to stay',
      signature: 'M10 20L30 40',
    })
    expect(await eventsOf(made.code)).toEqual(['consent.given', 'consent-text.read'])
    const bare = await consented(team, { case: on })
    expect(bare.hasTexts).toBe(false)
    expect(await readConsentTexts(team, { consent: bare.code })).toMatchObject({ refusal: 'not_found' })
  })

  it('asks about words that seem to tell who it is about', async () => {
    const person = await registeredPerson(
      team,
      registerPersonInput.parse({ identity: { names: [{ value: 'Semira Kidane' }] } }),
    )
    const on = (await openedCase(team, { person })).code
    const said = { case: on, withheld: ['profile.gender'] as const, withheldWhy: 'other' as const }
    expect(await answer(team, { ...said, withheld: [...said.withheld], withheldWords: 'Kidane asks' })).toMatchObject({
      reason: 'text_flagged',
      errors: { withheldWords: ['people.flag.name'] },
    })
    const kept = { withheldWords: 'Kidane asks', withheldWordsKept: 'Their wish' }
    expect((await answer(team, { ...said, withheld: [...said.withheld], ...kept })).ok).toBe(true)
  })

  it('reminds the team two weeks before the earliest end, and no longer once it is withdrawn', async () => {
    const on = (await openedCase(team)).code
    const reminders = async () =>
      valueOf(await listTasks(team, { scope: 'mine', limit: 200 }))
        .items.filter((task) => task.case === on && task.kind === 'consent_ending')
        .map(({ dueOn }) => dueOn)
    expect(await reminders()).toEqual([])
    await consented(team, { case: on, endsOn: inDays(100) })
    const sooner = await consented(team, { case: on, endsOn: inDays(40), purpose: 'contact' })
    expect(await reminders()).toEqual([inDays(26)])
    valueOf(await withdrawn(team, { consent: sooner.code }))
    expect(await reminders()).toEqual([inDays(86)])
    await consented(team, { case: on, endsOn: inDays(3), categories: ['medical'] })
    expect(await reminders()).toEqual([today()])
  })

  it('is told of once when it has run out', async () => {
    const on = (await openedCase(team)).code
    const made = await consented(team, { case: on, endsOn: today() })
    expect(made.state).toBe('ends_soon')
    await tellOfEndedConsents()
    expect(await noticesOf(team, made.code)).toEqual([])
    await owner`ALTER TABLE consent DISABLE TRIGGER consent_kept`
    await owner`UPDATE consent SET starts_on = starts_on - 5, ends_on = ends_on - 2 WHERE code = ${made.code}`
    await owner`ALTER TABLE consent ENABLE TRIGGER consent_kept`
    expect(await tellOfEndedConsents()).toBeGreaterThan(0)
    await tellOfEndedConsents()
    expect(await noticesOf(team, made.code)).toEqual(['consent.ended'])
    expect(valueOf(await viewConsent(team, { consent: made.code }))).toMatchObject({
      state: 'ended',
      may: { withdraw: true, renew: true },
    })
    expect(await mayGo(team, on, 'need.legal')).toBe(false)
  })

  it('is withdrawn on a closed case too, which takes no new one', async () => {
    const opened = await openedCase(team)
    const made = await consented(team, { case: opened.code, endsOn: inDays(60) })
    const { version } = valueOf(await viewCase(team, { case: opened.code }))
    valueOf(await closeCase(team, { case: opened.code, version, closureReason: 'support_completed' }))
    expect(await answer(team, { case: opened.code })).toMatchObject({ reason: 'case_closed' })
    expect(valueOf(await viewConsent(team, { consent: made.code })).may).toEqual({ withdraw: true, renew: false })
    expect(valueOf(await withdrawn(team, { consent: made.code })).state).toBe('withdrawn')
  })

  it('keeps the three answers apart, with the moment of each change', async () => {
    const on = (await openedCase(team)).code
    const { answers } = valueOf(await viewCaseConsents(team, listConsentsInput.parse({ case: on })))
    expect(answers.map(({ question }) => question)).toEqual(['wants_support', 'data_use', 'takes_part'])
    await consented(team, { case: on, answer: 'refused' })
    const after = valueOf(await viewCaseConsents(team, listConsentsInput.parse({ case: on })))
    expect(after.answers).toEqual(answers)
  })
})

describe('whoever is not on the team', () => {
  it('T04: finds neither the answers of a case nor their words, and writes none down', async () => {
    const on = (await openedCase(team)).code
    const made = await consented(team, {
      case: on,
      withheld: ['case.risk'],
      withheldWhy: 'other',
      withheldWords: 'A wish',
    })
    const coordinator = await outsider(owner, 'coordinator', { network: team.network })
    const auditor = await outsider(owner, 'auditor', { network: team.network })
    const stranger = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    for (const actor of [stranger, harbour.admin, legalaid.caseworker, coordinator, auditor]) {
      const isColleague = actor === stranger
      expect(await listed(actor, on)).toMatchObject({ refusal: isColleague ? 'forbidden' : 'not_found' })
      expect(await answer(actor, { case: on })).toMatchObject({ refusal: isColleague ? 'forbidden' : 'not_found' })
      expect(await prepareConsent(actor, { case: on })).toMatchObject({
        refusal: isColleague ? 'forbidden' : 'not_found',
      })
      for (const answered of [
        await viewConsent(actor, { consent: made.code }),
        await viewConsentPage(actor, { consent: made.code }),
        await readConsentTexts(actor, { consent: made.code }),
        await withdrawn(actor, { consent: made.code }),
      ])
        expect(answered).toMatchObject({ refusal: 'not_found' })
    }
    for (const actor of [team, harbour.supervisor])
      expect(valueOf(await viewConsent(actor, { consent: made.code })).code).toBe(made.code)
  })

  it('T5: finds none on a restricted case, whatever the code', async () => {
    const on = (await openedCase(team)).code
    const made = await consented(team, { case: on })
    valueOf(await restrictCase(team, { case: on }))
    for (const actor of [harbour.supervisor, harbour.colleague]) {
      expect(await viewConsent(actor, { consent: made.code })).toEqual(
        await viewConsent(actor, { consent: 'CON-000000000' }),
      )
      expect(await listed(actor, on)).toMatchObject({ refusal: 'not_found' })
    }
    expect(valueOf(await viewConsent(team, { consent: made.code })).code).toBe(made.code)
  })

  it('T12: can select nothing sealed, the team no more than others', async () => {
    for (const [table, column] of [
      ['consent', 'sealed'],
      ['consent_withdrawal', 'reason'],
      ['sharing_exception', 'reason'],
    ] as const)
      for (const role of ['app', 'member', 'desk', 'auditor', 'worker']) {
        const [may] = await owner<{ can: boolean }[]>`
          SELECT has_column_privilege(${database.rolePrefix + role}, ${table}, ${column}, 'SELECT') AS can`
        expect(may?.can, `${role} ${table}.${column}`).toBe(false)
      }
  })
})
