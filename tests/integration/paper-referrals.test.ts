import fc from 'fast-check'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { createPaperAgencyInput } from '@/lib/agencies/administration-schema'
import { createPaperAgency, inviteAdministrator } from '@/lib/agencies/administration-service'
import { viewNeed } from '@/lib/assistance/needs/service'
import { viewCase } from '@/lib/cases/service'
import { listDisclosures } from '@/lib/consent/sharing/service'
import { nextSteps, PAPER_NEXT } from '@/lib/referrals/paper/rules'
import {
  DIRECTIONS,
  PAPER_STATES,
  PAPER_STEPS,
  preparePaperInput,
  stepPaperInput,
  takeInPaperInput,
  type PaperState,
} from '@/lib/referrals/paper/schema'
import {
  listPapersOfCase,
  offerPaper,
  preparePaper,
  printPaper,
  readPrintedPaper,
  stepPaper,
  takeInPaper,
  viewPaper,
} from '@/lib/referrals/paper/service'
import { openNeed } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { networkKeyOf } from '@/tests/factories/networks'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { paperAgency } from '@/tests/factories/paper'
import { agreedTo, MARKERS, takenBack } from '@/tests/factories/referrals'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let surgery: Office['agency']
let worker: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  surgery = await paperAgency(owner, harbour.admin.network)
  worker = harbour.caseworker
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

/** A case with a need whose person agreed that this agency may be told; on a paper nobody signs an agreement. */
async function started(over: Parameters<typeof agreedTo>[3] = {}) {
  const person = await registeredPerson(worker, {
    identity: { names: [{ value: MARKERS.name }], phones: [{ value: MARKERS.phone }] },
  })
  const on = await openedCase(worker, { person })
  const need = await openNeed(worker, { case: on.code, category: 'medical', urgency: 'urgent' })
  const consent = await agreedTo(owner, on.code, { ...harbour, agency: surgery }, over)
  return { case: on.code, need: need.code, consent }
}
const prepare = (of: { case: string; need: string }, over: Readonly<Record<string, unknown>> = {}) =>
  preparePaper(
    worker,
    preparePaperInput.parse({
      case: of.case,
      needs: [of.need],
      agency: surgery.key,
      urgency: 'urgent',
      fields: ['identity.names'],
      ...over,
    }),
  )
async function step(actor: Actor, paper: string, detail: Readonly<Record<string, unknown>>) {
  const seen = await viewPaper(worker, { paper })
  const version = seen.ok ? seen.value.version : 1
  return stepPaper(actor, stepPaperInput.parse({ paper, version, happenedOn: '2026-01-05', ...detail }))
}
const HANDED = { step: 'handed_over', way: 'by_hand' } as const

describe('the steps of a form', () => {
  it('are the same in code and in the database', async () => {
    for (const direction of DIRECTIONS)
      for (const state of PAPER_STATES) {
        const [row] = await owner<{ steps: string[] }[]>`
          SELECT coalesce(array_agg(s), '{}') AS steps FROM unnest(${owner.array([...PAPER_STEPS])}::text[]) s WHERE app.paper_next(${direction}, ${state}, s) IS NOT NULL`
        expect([...(row?.steps ?? [])].sort()).toEqual([...nextSteps(direction, state)].sort())
      }
  })
})

describe('a form to an agency without Amparo', () => {
  it('is prepared, printed with its line of the ledger, handed over, answered from paper, with both dates', async () => {
    const of = await started()
    const offer = valueOf(await offerPaper(worker, { case: of.case, needs: [of.need], agency: surgery.key }))
    expect(offer).toMatchObject({ ready: true, agency: { key: surgery.key, contact: 'Mondays, 555 0100' } })
    expect(JSON.stringify(offer)).not.toContain(MARKERS.name)
    const paper = valueOf(await prepare(of))
    expect(paper).toMatchObject({
      direction: 'out',
      state: 'prepared',
      fields: ['identity.names', 'need.medical'],
      mayPrint: true,
    })
    expect(await step(worker, paper.code, HANDED)).toMatchObject({ refusal: 'conflict', reason: 'not_printed' })
    expect(valueOf(await listDisclosures(worker, { case: of.case })).items).toEqual([])

    const printed = valueOf(await printPaper(worker, { paper: paper.code }))
    expect(valueOf(await listDisclosures(worker, { case: of.case })).items).toMatchObject([
      {
        code: printed.line,
        way: 'print',
        subject: paper.code,
        bases: ['consent'],
        fields: ['identity.names', 'need.medical'],
      },
    ])
    const form = valueOf(await readPrintedPaper(worker, { paper: paper.code, line: printed.line }))
    expect(JSON.stringify(form.facts)).toContain(MARKERS.name)
    expect(JSON.stringify(form.facts)).not.toContain(MARKERS.phone)
    expect(await readPrintedPaper(worker, { paper: paper.code, line: 'DIS-00000000' })).toMatchObject({
      reason: 'not_printed',
    })

    expect(valueOf(await step(worker, paper.code, HANDED)).state).toBe('handed_over')
    expect(valueOf(await viewNeed(worker, { need: of.need })).state).toBe('planned')
    expect(await step(worker, paper.code, { step: 'acknowledged', happenedOn: '2026-01-04' })).toMatchObject({
      errors: { happenedOn: ['referrals.paper.errors.order'] },
    })
    expect(await step(worker, paper.code, { step: 'accepted', happenedOn: '2099-01-04' })).toMatchObject({
      errors: { happenedOn: ['referrals.paper.errors.future'] },
    })
    valueOf(await step(worker, paper.code, { step: 'accepted', happenedOn: '2026-01-07' }))
    const done = valueOf(
      await step(worker, paper.code, { step: 'completed', happenedOn: '2026-02-01', outcome: 'partly' }),
    )
    expect(done).toMatchObject({ state: 'completed', may: [], mayPrint: false })
    expect(done.steps.map(({ step: what, happenedOn, way, outcome }) => [what, happenedOn, way, outcome])).toEqual([
      ['handed_over', '2026-01-05', 'by_hand', null],
      ['accepted', '2026-01-07', null, null],
      ['completed', '2026-02-01', null, 'partly'],
    ])
    for (const { enteredAt } of done.steps) expect(Date.parse(enteredAt)).toBeGreaterThan(Date.parse('2026-03-01'))
    expect(valueOf(await listPapersOfCase(worker, { case: of.case }))).toMatchObject([{ code: paper.code }])
  })

  it('is declined with a reason, and the need is open again', async () => {
    const of = await started()
    const paper = valueOf(await prepare(of))
    valueOf(await printPaper(worker, { paper: paper.code }))
    valueOf(await step(worker, paper.code, HANDED))
    expect(
      stepPaperInput.safeParse({ paper: paper.code, version: 1, step: 'declined', happenedOn: '2026-01-06' }).success,
    ).toBe(false)
    valueOf(await step(worker, paper.code, { step: 'declined', declineReason: 'no_capacity' }))
    expect(valueOf(await viewNeed(worker, { need: of.need })).state).toBe('open')
  })

  it('holds nothing that is not covered, and is neither printed nor handed over once that has ended', async () => {
    const low = await started({ identity: 'none' })
    expect(await prepare(low)).toMatchObject({ refusal: 'conflict', reason: 'no_basis' })
    expect(valueOf(await prepare(low, { fields: [] })).fields).toEqual(['need.medical'])
    const of = await started()
    const paper = valueOf(await prepare(of))
    const { line } = valueOf(await printPaper(worker, { paper: paper.code }))
    await takenBack(owner, of.consent)
    expect(await step(worker, paper.code, HANDED)).toMatchObject({ reason: 'no_basis' })
    expect(await printPaper(worker, { paper: paper.code })).toMatchObject({ reason: 'no_basis' })
    expect((await readPrintedPaper(worker, { paper: paper.code, line })).ok).toBe(true)
  })

  it('goes to no agency that works with Amparo, and to none of another network', async () => {
    const of = await started()
    const beside = await office(owner, { network: worker.network })
    const far = await paperAgency(owner, (await office(owner)).admin.network)
    for (const agency of [beside.agency.key, far.key])
      expect(await prepare(of, { agency })).toMatchObject({ reason: 'no_agency' })
  })

  it('two who type in at once: the second is told', async () => {
    const of = await started()
    const paper = valueOf(await prepare(of))
    valueOf(await printPaper(worker, { paper: paper.code }))
    const both = await Promise.all([step(worker, paper.code, HANDED), step(worker, paper.code, HANDED)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('follows its table whatever is typed in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PAPER_STEPS), { minLength: 1, maxLength: 6 }), async (steps) => {
        const of = await started()
        const paper = valueOf(await prepare(of))
        valueOf(await printPaper(worker, { paper: paper.code }))
        let state: PaperState = 'prepared'
        for (const one of steps) {
          const may = (PAPER_NEXT.out[state] ?? []).includes(one)
          const told = await step(worker, paper.code, {
            step: one,
            way: 'phone',
            declineReason: 'other',
            outcome: 'other',
          })
          expect([state, one, told.ok]).toEqual([state, one, may])
          if (may) state = one
        }
      }),
      { numRuns: 8 },
    )
  }, 60_000)
})

describe('a form that came on paper', () => {
  const typed = (over: Readonly<Record<string, unknown>> = {}) =>
    takeInPaper(
      worker,
      takeInPaperInput.parse({
        ...{
          agencyName: 'Old town surgery',
          receivedOn: '2026-01-05',
          urgency: 'urgent',
          categories: ['medical', 'legal'],
        },
        ...{ consentSays: 'signed', ...over },
      }),
    )

  it('makes a person, a case and its needs of the agency’s own, and is answered', async () => {
    const paper = valueOf(await typed())
    expect(paper).toMatchObject({
      direction: 'in',
      state: 'received',
      otherName: 'Old town surgery',
      consentSays: 'signed',
    })
    expect(paper.needs).toHaveLength(2)
    expect(valueOf(await viewCase(worker, { case: paper.case }))).toMatchObject({ agency: harbour.agency.key })
    expect(paper.steps).toMatchObject([{ step: 'received', happenedOn: '2026-01-05' }])
    expect(await step(worker, paper.code, HANDED)).toMatchObject({ reason: 'wrong_state' })
    expect(valueOf(await step(worker, paper.code, { step: 'accepted', happenedOn: '2026-01-06' }))).toMatchObject({
      state: 'accepted',
      may: ['completed'],
      mayPrint: false,
    })
    expect(await printPaper(worker, { paper: paper.code })).toMatchObject({ refusal: 'conflict' })
  })

  it('uses a case that is there, of a team that the member is on', async () => {
    const of = await started()
    expect(valueOf(await typed({ case: of.case, agencyName: undefined, agency: surgery.key }))).toMatchObject({
      case: of.case,
      otherAgency: surgery.key,
    })
    const others = await openedCase(harbour.colleague)
    expect(await typed({ case: others.code })).toMatchObject({ refusal: 'forbidden' })
    expect(await typed({ receivedOn: '2099-01-01' })).toMatchObject({ refusal: 'invalid' })
  })
})

describe('who may', () => {
  it('only the team sees, prints and types in', async () => {
    const of = await started()
    const paper = valueOf(await prepare(of))
    const { line } = valueOf(await printPaper(worker, { paper: paper.code }))
    const third = await office(owner, { network: worker.network })
    const options = { network: worker.network }
    const others = [
      harbour.colleague,
      harbour.admin,
      third.caseworker,
      await outsider(owner, 'coordinator', options),
      await outsider(owner, 'auditor', options),
      await outsider(owner, 'system_admin', options),
    ]
    for (const actor of others) {
      expect((await viewPaper(actor, { paper: paper.code })).ok).toBe(false)
      expect((await printPaper(actor, { paper: paper.code })).ok).toBe(false)
      expect((await readPrintedPaper(actor, { paper: paper.code, line })).ok).toBe(false)
      expect((await step(actor, paper.code, HANDED)).ok).toBe(false)
      expect((await offerPaper(actor, { case: of.case, needs: [], agency: surgery.key })).ok).toBe(false)
      const listed = await listPapersOfCase(actor, { case: of.case })
      expect(listed.ok ? listed.value : []).toEqual([])
    }
    // Another member of the team prints anew: what one printed, the other doesn't see.
    expect((await viewPaper(harbour.supervisor, { paper: paper.code })).ok).toBe(true)
    expect((await readPrintedPaper(harbour.supervisor, { paper: paper.code, line })).ok).toBe(false)
  })
})

describe('an agency without Amparo', () => {
  it('is added by the system administrator, and never gets a member', async () => {
    const admin = await outsider(owner, 'system_admin', { network: worker.network })
    const network = await networkKeyOf(owner, harbour.agency.id)
    const given = (key: string) =>
      createPaperAgencyInput.parse({
        key,
        name: 'Parish kitchen',
        kind: 'ngo',
        network,
        country: 'PT',
        timeZone: 'UTC',
        contact: 'Rua Nova 1',
      })
    expect(await createPaperAgency(harbour.admin, given('kitchen-0'))).toMatchObject({ refusal: 'forbidden' })
    expect(await createPaperAgency(worker, given('kitchen-0'))).toMatchObject({ refusal: 'forbidden' })
    valueOf(await createPaperAgency(admin, given('kitchen-1')))
    const [made] = await owner<
      { id: string; contact: string; on_amparo: boolean }[]
    >`SELECT id, contact, on_amparo FROM agency WHERE key = 'kitchen-1'`
    expect(made).toMatchObject({ contact: 'Rua Nova 1', on_amparo: false })
    expect(
      await inviteAdministrator(admin, { agency: 'kitchen-1', email: 'a@kitchen.example', name: 'A' }),
    ).toMatchObject({ reason: 'no_amparo' })
    await expect(memberOf(owner, made?.id ?? '', ['caseworker'], null)).rejects.toThrow(
      'An agency without Amparo has no members',
    )
  })
})
