import { createHash } from 'node:crypto'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { amendService } from '@/lib/assistance/services/amend-service'
import { viewHome } from '@/lib/oversight/home/service'
import { oversightFilters } from '@/lib/oversight/log/schema'
import { listOversightEvents } from '@/lib/oversight/log/service'
import { findMaskedFile, insertSample, listSampleLines } from '@/lib/oversight/samples/data'
import { drawSampleInput, type SampleView } from '@/lib/oversight/samples/schema'
import { answerSampleFile, drawSample, listSamples, viewSample, viewSampleFile } from '@/lib/oversight/samples/service'
import { openFinding } from '@/lib/oversight/findings/move-service'
import { viewFinding } from '@/lib/oversight/findings/service'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { ok } from '@/lib/platform/result'
import { loggedContact, loggedService } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, restrictedCase, valueOf } from '@/tests/factories/cases'
import { findingFrom, sentFinding } from '@/tests/factories/findings'
import { needsInBulk } from '@/tests/factories/needs-in-bulk'
import { memberOf, outsider, ownerOf } from '@/tests/factories/office'
import { agreedTo, moved, pairOfAgencies, sentReferral, type Pair } from '@/tests/factories/referrals'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

/** Stand in the person's profile and in what was typed, and nowhere else. */
const MARKED = ['Feminine', 'tir', 'Hearing', 'Refugee', 'childcare_guardianship', 'Wendelspark', 'age'] as const
const GOOD = {
  consent: 'in_order',
  mandate: 'in_order',
  response: 'cannot_tell',
  looks: 'in_order',
  adapted: 'in_order',
} as const

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let auditor: Actor
let colleague: Actor
/** Of another body of the network. */
let another: Actor
let file: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  const { network } = pair.harbour.admin
  auditor = await outsider(owner, 'auditor', { network })
  colleague = await memberOf(owner, auditor.agency, ['auditor'], null)
  another = await outsider(owner, 'auditor', { network })
  const { caseworker } = pair.harbour
  const person = await registeredPerson(
    caseworker,
    registerPersonInput.parse({
      identity: { names: ['Wendelspark Quillon'] },
      profile: {
        gender: { state: 'stated', value: MARKED[0] },
        languages: { state: 'stated', values: [MARKED[1]] },
        disability: { state: 'stated', values: [MARKED[2]] },
        migration: { state: 'stated', value: MARKED[3] },
      },
    }),
  )
  file = (await openedCase(caseworker, { person })).code
  valueOf(await readIdentity(caseworker, { person }))
  await agreedTo(owner, file, pair.legalaid, { identity: 'contact' })
  const service = await loggedService(caseworker, {
    case: file,
    type: MARKED[4],
    adaptations: [MARKED[6]],
    note: 'Kind words',
  })
  valueOf(
    await amendService(
      caseworker,
      amendServiceInput.parse({ service: service.code, version: service.version, minutes: 30, reason: 'Longer' }),
    ),
  )
  await loggedContact(caseworker, { case: file, text: 'Spoke briefly' })
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const draw = async (actor: Actor, more: object = {}) =>
  valueOf(await drawSample(actor, drawSampleInput.parse({ spread: 'random', size: 100, seed: 4711, ...more })))

/** Which case each file of a sample is, in their order. */
async function casesOf({ code }: Pick<SampleView, 'code'>): Promise<{ id: string; code: string; stratum: string }[]> {
  return owner<{ id: string; code: string; stratum: string }[]>`
    SELECT c.id, c.code, f.stratum FROM oversight_sample s JOIN oversight_sample_file f ON f.sample_id = s.id JOIN case_file c ON c.id = f.case_id
    WHERE s.code = ${code} ORDER BY f.position`
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('drawing a sample', () => {
  it('follows from the seed and the frozen list, whose digest stands with it, and can be done again', async () => {
    await needsInBulk(
      owner,
      pair.harbour,
      Array.from({ length: 30 }, () => ({ language: 'eng', foundOn: '2026-05-05', servedOn: '2026-05-06' })),
    )
    await openedCase(pair.legalaid.caseworker)
    const drawn = await draw(auditor, { size: 10 })
    const [kept] = await owner<{ frame: string[] }[]>`SELECT frame FROM oversight_sample WHERE code = ${drawn.code}`
    const frame = kept?.frame ?? []
    expect([drawn.frameSize, drawn.files, drawn.frameDigest]).toEqual([32, 10, sha256(frame.join('\n'))])
    const order = (seed: number, ids: readonly string[]) =>
      [...ids].sort((one, other) => (sha256(`${String(seed)}:${one}`) < sha256(`${String(seed)}:${other}`) ? -1 : 1))
    expect((await casesOf(drawn)).map(({ id }) => id)).toEqual(order(4711, frame).slice(0, 10))
    const again = await draw(colleague, { size: 10 })
    expect(await casesOf(again)).toEqual(await casesOf(drawn))
    const other = await draw(auditor, { size: 10, seed: 7 })
    expect((await casesOf(other)).map(({ id }) => id)).toEqual(order(7, frame).slice(0, 10))
    // A file that comes, or is restricted, later changes nothing of what was drawn.
    await openedCase(pair.harbour.caseworker)
    const [first] = await casesOf(drawn)
    await owner`UPDATE case_file SET restricted = true WHERE id = ${first?.id ?? ''}`
    expect(valueOf(await viewSample(auditor, { sample: drawn.code })).repeats).toBe(true)
    await owner`UPDATE case_file SET restricted = false WHERE id = ${first?.id ?? ''}`
    expect((await draw(auditor, { size: 10 })).frameDigest).not.toBe(drawn.frameDigest)
  })

  it('ends after twenty in a day: whoever could go on until a file is hit would have chosen it', async () => {
    const tried = await outsider(owner, 'auditor', { network: pair.harbour.admin.network })
    const input = drawSampleInput.parse({ spread: 'random', size: 1 })
    for (let at = 0; at < 20; at += 1) valueOf(await drawSample(tried, input))
    const atOnce = await Promise.all([drawSample(tried, input), drawSample(tried, input)])
    for (const answer of atOnce) expect(answer).toMatchObject({ refusal: 'too_many', reason: 'samples_enough' })
  })

  it('spreads over agencies and categories, the small ones first in full', async () => {
    const { harbour, legalaid } = pair
    const byAgency = await casesOf(await draw(auditor, { spread: 'agency', size: 3 }))
    expect(byAgency.map(({ stratum }) => stratum).sort()).toEqual(
      [harbour.agency.key, harbour.agency.key, legalaid.agency.key].sort(),
    )
    const byCategory = await casesOf(await draw(auditor, { spread: 'category', size: 2 }))
    expect(byCategory.map(({ stratum }) => stratum).sort()).toEqual(['none', 'social'])
  })

  it('never mixes ordinary files with restricted ones, and draws none where their number would show', async () => {
    const { harbour } = pair
    const person = await registeredPerson(harbour.caseworker)
    const beside = await openedCase(harbour.caseworker, { person })
    const hidden = await restrictedCase(harbour.caseworker, { person })
    const ordinary = (await casesOf(await draw(auditor))).map(({ code }) => code)
    expect(ordinary).not.toContain(hidden.code)
    expect(ordinary, 'a person with a restricted case is hidden as a whole').not.toContain(beside.code)
    const few = drawSampleInput.parse({ spread: 'random', size: 2, pool: 'restricted' })
    expect(await drawSample(auditor, few)).toMatchObject({ refusal: 'invalid', reason: 'too_few' })
    await needsInBulk(
      owner,
      harbour,
      Array.from({ length: 12 }, () => ({ language: 'eng', foundOn: '2026-05-05', servedOn: null, restricted: true })),
    )
    const drawn = await draw(auditor, { pool: 'restricted', size: 11 })
    expect([drawn.frameSize, drawn.files]).toEqual([null, 11])
    const drawnCases = await casesOf(drawn)
    const [mixed] = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM case_file c JOIN person p ON p.id = c.person_id WHERE c.id = ANY (${drawnCases.map(({ id }) => id)}) AND NOT (c.restricted OR p.restricted)`
    expect(mixed?.n).toBe(0)
    expect(await drawSample(auditor, { ...few, size: 100 })).toMatchObject({ refusal: 'invalid', reason: 'too_few' })
  })
})

describe('a file of a sample', () => {
  /** The pseudonym of a case within a sample of all files. */
  async function sampled(code: string): Promise<{ readonly sample: SampleView; readonly code: string }> {
    const sample = await draw(auditor)
    const at = (await casesOf(sample)).findIndex((one) => one.code === code)
    return { sample, code: sample.items[at]?.code ?? '' }
  }

  it('shows how it was handled, and nothing of who it is about', async () => {
    const { referral, case: referred } = await sentReferral(owner, pair, { identity: 'contact' })
    valueOf(await moved(pair.legalaid.caseworker, referral, 'decline', { declineReason: 'no_capacity' }))
    const { sample, code } = await sampled(file)
    const view = valueOf(await viewSampleFile(auditor, { sample: sample.code, file: code }))
    expect(view.file).toMatchObject({
      status: 'active',
      services: [
        { category: 'social', paragraphs: ['6(b)', '6(c)', '9'], isAdapted: true, changes: 1, status: 'delivered' },
      ],
      consents: [
        {
          purpose: 'sharing',
          answer: 'given',
          identity: 'contact',
          agency: pair.legalaid.agency.name,
          withdrawnOn: null,
        },
      ],
      reviews: { tasksLate: 0, emergencies: 0 },
    })
    expect(view.file.looks.find(({ role }) => role === 'caseworker')).toMatchObject({ members: 1, identity: 1 })
    const asked = (await sampled(referred)).code
    const other = valueOf(await viewSampleFile(auditor, { sample: (await sampled(referred)).sample.code, file: asked }))
    expect(other.file.referrals).toMatchObject([{ state: 'declined', declineReason: 'no_capacity', urgency: 'urgent' }])
    expect(other.file.needs).toMatchObject([{ category: 'legal', state: 'open', servedOn: null }])
    const [own] = await owner<{ id: string; person: string; code: string }[]>`
      SELECT c.id, c.person_id AS person, p.code FROM case_file c JOIN person p ON p.id = c.person_id WHERE c.code = ${file}`
    const text = JSON.stringify(view)
    for (const secret of [...MARKED, 'Kind words', 'Spoke briefly', 'Longer', file, own?.id, own?.person, own?.code])
      expect(text, secret).not.toContain(`"${String(secret)}"`)
    expect(text).not.toMatch(/AMP-|CAS-|SVC-|NED-|CON-|REF-|Wendelspark|Kind words|Spoke|Zephyrine/)
  })

  it('is on the log each time it is looked at, and is read once all questions are answered', async () => {
    const { sample, code } = await sampled(file)
    const asked = { sample: sample.code, file: code }
    const seen = valueOf(await viewSampleFile(auditor, asked))
    const { items } = valueOf(
      await listOversightEvents(auditor, oversightFilters.parse({ type: 'oversight-sample.file-viewed' })),
    )
    expect(items[0]).toMatchObject({ fields: [code], record: 'SMP', action: 'read' })
    expect([seen.read, seen.answers, seen.version]).toEqual([0, null, 1])
    const answered = valueOf(await answerSampleFile(auditor, { ...asked, version: 1, ...GOOD }))
    expect([answered.read, answered.answers, answered.version]).toEqual([1, GOOD, 2])
    expect(answered.next).not.toBe(code)
    // A colleague who saw it unread is told that somebody was before them.
    const late = { ...asked, version: 1, ...GOOD, looks: 'concern' } as const
    expect(await answerSampleFile(colleague, late)).toMatchObject({ refusal: 'stale' })
    valueOf(await answerSampleFile(colleague, { ...late, version: 2 }))
    const listed = valueOf(await listSamples(auditor)).items.find((one) => one.code === sample.code)
    expect(listed).toMatchObject({ read: 1, concerns: 1 })
    const [kept] = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM oversight_sample_answer w JOIN oversight_sample s ON s.id = w.sample_id WHERE s.code = ${sample.code}`
    expect(kept?.n, 'both answers to five questions').toBe(10)
    // The first page has the one drawn last: this one, until another is.
    const atHome = async (actor: Actor) => valueOf(await viewHome(actor)).sample
    expect(await atHome(colleague)).toMatchObject({ code: sample.code, read: 1, files: sample.files, concerns: 1 })
    // What was of concern becomes a finding: of the file under its pseudonym, and for the agency under its own code.
    const agency = seen.agency
    const at = [pair.harbour, pair.legalaid].find((one) => one.agency.key === agency) ?? pair.harbour
    const over = { from: 'sample', code: sample.code, agency, subject: 'looks' }
    const finding = await sentFinding(auditor, over)
    const made = valueOf(await viewFinding(auditor, { finding }))
    expect(made.evidence).toMatchObject({ about: { seed: sample.seed }, items: [{ code, questions: ['looks'] }] })
    const [own] = valueOf(await viewFinding(at.supervisor, { finding })).evidence.items
    expect(own).toMatchObject({ kind: 'case', questions: ['looks'] })
    expect(own?.code).toMatch(/^CAS-/)
    const of = (actor: Actor, more: object) => openFinding(actor, findingFrom({ ...over, ...more }))
    expect(await of(another, {})).toMatchObject({ refusal: 'not_found' })
    const unread = (await draw(auditor, { size: 2, seed: 8 })).code
    expect(await atHome(auditor)).toMatchObject({ code: unread, read: 0, files: 2 })
    expect(await atHome(another), 'of another body').toBeNull()
    expect(await of(auditor, { code: unread }), 'nothing of concern').toMatchObject({ refusal: 'not_found' })
  })

  it('is its body’s alone, by service, API and database', async () => {
    const { sample, code } = await sampled(file)
    const asked = { sample: sample.code, file: code }
    const stranger = await outsider(owner, 'auditor')
    for (const actor of [another, stranger]) {
      expect(valueOf(await listSamples(actor)).items).toEqual([])
      expect(await viewSample(actor, asked)).toMatchObject({ refusal: 'not_found' })
      expect(await viewSampleFile(actor, asked)).toMatchObject({ refusal: 'not_found' })
      expect(await answerSampleFile(actor, { ...asked, version: 1, ...GOOD })).toMatchObject({ refusal: 'not_found' })
    }
    // A pseudonym of a file that isn't in the sample opens nothing.
    const small = await draw(auditor, { size: 1, seed: 1 })
    const outside = sample.items.find((one) => one.code !== small.items[0]?.code)
    expect(await viewSampleFile(auditor, { sample: small.code, file: outside?.code ?? '' })).toMatchObject({
      refusal: 'not_found',
    })
    const coordinator = await outsider(owner, 'coordinator', { network: pair.harbour.admin.network })
    const system = await outsider(owner, 'system_admin')
    const { caseworker, supervisor, admin } = pair.harbour
    for (const actor of [caseworker, supervisor, admin, coordinator, system]) {
      expect(await listSamples(actor)).toMatchObject({ refusal: 'forbidden' })
      expect(await drawSample(actor, drawSampleInput.parse({ spread: 'random', size: 1 }))).toMatchObject({
        refusal: 'forbidden',
      })
      expect(await viewSample(actor, asked)).toMatchObject({ refusal: 'not_found' })
      expect(await viewSampleFile(actor, asked)).toMatchObject({ refusal: 'not_found' })
      expect(await answerSampleFile(actor, { ...asked, version: 1, ...GOOD })).toMatchObject({ refusal: 'not_found' })
      for (const query of [
        () => withActor(actor, async (tx) => ok(await listSampleLines(tx, 1))),
        () => withActor(actor, async (tx) => ok(await findMaskedFile(tx, sample.code, code))),
        () =>
          withActor(actor, async (tx) =>
            ok(await insertSample(tx, { pool: 'ordinary', spread: 'random', size: 1, seed: 1 })),
          ),
      ])
        await expect(query(), 'the database too').rejects.toThrow(/permission denied/)
    }
    await expect(
      withActor(auditor, async (tx) => ok(await tx.$queryRaw`SELECT case_id FROM oversight_sample_file`)),
    ).rejects.toThrow(/permission denied/)
  })

  it('goes by the API too: drawn, listed, shown, answered', async () => {
    const token = await tokenFor(owner, auditor)
    const drawn = await callApi('POST', '/oversight/samples', { token, body: { spread: 'agency', size: 2 } })
    const code = String(drawn.body['code'])
    expect([drawn.status, drawn.body['files'], drawn.body['repeats']]).toEqual([201, 2, true])
    expect(await callApi('POST', '/oversight/samples', { token, body: { spread: 'agency', size: 0 } })).toMatchObject({
      status: 422,
    })
    const list = await callApi('GET', '/oversight/samples', { token })
    expect((list.body['items'] as { code: string }[])[0]?.code).toBe(code)
    const [first] = drawn.body['items'] as { code: string }[]
    const path = `/oversight/samples/${code}/files/${first?.code ?? ''}`
    const shown = await callApi('GET', path, { token })
    expect([shown.status, shown.headers.get('ETag')]).toEqual([200, '"1"'])
    expect((await callApi('PATCH', path, { token, body: GOOD })).status).toBe(428)
    const answered = await callApi('PATCH', path, { token, body: GOOD, headers: { 'If-Match': '"1"' } })
    expect(answered.body).toMatchObject({ read: 1, answers: GOOD, version: 2 })
    expect((await callApi('PATCH', path, { token, body: GOOD, headers: { 'If-Match': '"1"' } })).status).toBe(412)
    expect((await callApi('GET', `/oversight/samples/${code}`, { token: await tokenFor(owner, another) })).status).toBe(
      404,
    )
  })
})
