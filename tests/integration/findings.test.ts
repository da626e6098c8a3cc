import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { restrictCase } from '@/lib/cases/service'
import { listFindingRows, markFindingMoved } from '@/lib/oversight/findings/data'
import { changeFinding, moveFinding, openFinding } from '@/lib/oversight/findings/move-service'
import { FINDING_MOVER, FINDING_NEXT } from '@/lib/oversight/findings/rules'
import {
  changeFindingInput,
  FINDING_MOVES,
  FINDING_STATES,
  type FindingMove,
  type FindingState,
} from '@/lib/oversight/findings/schema'
import { rotateKey } from '@/lib/oversight/keys/operator-service'
import { listFindings, prepareFinding, summariseFindings, viewFinding } from '@/lib/oversight/findings/service'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { closeWorker } from '@/lib/platform/db/worker'
import { allJobs } from '@/lib/jobs/registry'
import { ok } from '@/lib/platform/result'
import { officesOfOneNetwork } from '@/tests/factories/agreements'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { brokenRule, findingFrom, sentFinding } from '@/tests/factories/findings'
import { memberOf, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

const NAME = 'Zarquivelmo'
const HIDDEN = 'Bonteldidor'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let clinic: Office
let auditor: Actor
/** Of another body that oversees the same network. */
let another: Actor
let coordinator: Actor
let cases: readonly string[]
let hidden: string
let event: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  const [first, second] = await officesOfOneNetwork(owner, 2)
  if (first === undefined || second === undefined) throw new Error('Two agencies')
  ;[harbour, clinic] = [first, second]
  const { network } = harbour.admin
  auditor = await outsider(owner, 'auditor', { network })
  another = await outsider(owner, 'auditor', { network })
  coordinator = await outsider(owner, 'coordinator', { network })
  const named = (name: string) => registerPersonInput.parse({ identity: { names: [name] } })
  const person = await registeredPerson(harbour.caseworker, named(`${NAME} Quillon`))
  const open = (await openedCase(harbour.caseworker, { person })).code
  const other = (await openedCase(harbour.caseworker)).code
  const secret = await registeredPerson(harbour.caseworker, named(`${HIDDEN} Quax`))
  hidden = (await openedCase(harbour.caseworker, { person: secret })).code
  valueOf(await restrictCase(harbour.caseworker, { case: hidden }))
  cases = [open, other]
  const foreign = (await openedCase(clinic.caseworker)).code
  await brokenRule(owner, 'interpreter_missing', {
    agency: harbour.agency.id,
    kind: 'case',
    subjects: await idsOf([open, other, hidden]),
  })
  await brokenRule(owner, 'interpreter_missing', {
    agency: clinic.agency.id,
    kind: 'case',
    subjects: await idsOf([foreign]),
  })
  valueOf(await readIdentity(harbour.caseworker, { person }))
  valueOf(await readIdentity(harbour.caseworker, { person: secret }))
  const [row] = await owner<{ code: string }[]>`
    SELECT e.code FROM audit_event e JOIN person p ON p.id = e.person_id WHERE e.type = 'identity.read' AND p.code = ${person}`
  event = row?.code ?? ''
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

async function idsOf(codes: readonly string[]): Promise<readonly string[]> {
  const rows = await owner<{ id: string }[]>`SELECT id FROM case_file WHERE code IN ${owner([...codes])} ORDER BY id`
  return rows.map(({ id }) => id)
}

const ruleOf = (agency: Office, over: Readonly<Record<string, unknown>> = {}) =>
  findingFrom({ agency: agency.agency.key, ...over })
const sentTo = (agency: Office, over: Readonly<Record<string, unknown>> = {}) =>
  sentFinding(auditor, { agency: agency.agency.key, ...over })
const viewed = async (actor: Actor, finding: string) => valueOf(await viewFinding(actor, { finding }))
const answered = (actor: Actor, finding: string, over: Readonly<Record<string, string>> = {}) =>
  moveFinding(actor, {
    ...{ finding, move: 'answer' },
    detail: { answer: 'The rota had a gap.', action: 'A second interpreter.', actionDue: '2999-02-01', ...over },
  })
const bare = (finding: string, move: 'send' | 'withdraw' | 'accept') =>
  moveFinding(auditor, { finding, move, detail: {} })
const reopened = (finding: string, reason = 'The action is not dated.') =>
  moveFinding(auditor, { finding, move: 'reopen', detail: { reason, answerDue: '2999-03-01' } })

describe('a finding', () => {
  it('freezes its evidence: the agency’s own cases, under pseudonyms, with digest, time and checkpoint', async () => {
    const made = valueOf(await openFinding(auditor, ruleOf(harbour)))
    expect(made).toMatchObject({
      side: 'body',
      state: 'draft',
      agency: harbour.agency.key,
      headline: { rule: 'interpreter_missing' },
    })
    expect(made.evidence.items).toHaveLength(3)
    expect(made.evidence.about).toMatchObject({ rule: 'interpreter_missing', count: 3 })
    expect(made.evidence.holds).toBe(true)
    expect(JSON.stringify(made)).not.toMatch(/CAS-|AMP-|Quillon/)
    await brokenRule(owner, 'interpreter_missing', {
      ...{ agency: harbour.agency.id, kind: 'case' },
      subjects: await idsOf([(await openedCase(harbour.caseworker)).code]),
    })
    expect((await viewed(auditor, made.code)).evidence).toEqual(made.evidence)
    const change = owner`UPDATE finding SET evidence = '{}' WHERE code = ${made.code}`
    await expect(change).rejects.toThrow(/stays as it was made/)
    expect(made.texts.map(({ kind, own }) => `${kind} ${String(own)}`)).toEqual(['statement true', 'asked true'])
  })

  it('is about one case of a rule, or one event of the log, when that is what was picked', async () => {
    const whole = valueOf(await openFinding(auditor, ruleOf(harbour)))
    const item = whole.evidence.items[0]?.code ?? ''
    const one = valueOf(await openFinding(auditor, ruleOf(harbour, { item })))
    expect(one.evidence.items).toEqual([whole.evidence.items[0]])
    const form = valueOf(await prepareFinding(auditor, { from: 'event', code: event }))
    expect(form).toMatchObject({ agencies: [{ key: harbour.agency.key }], headline: { type: 'identity.read' } })
    const looked = valueOf(
      await openFinding(auditor, ruleOf(harbour, { from: 'event', code: event, subject: 'looks' })),
    )
    expect(looked.evidence.about).toMatchObject({ event, type: 'identity.read' })
    expect(looked.evidence.items.map(({ kind }) => kind)).toEqual(['person'])
    valueOf(await bare(looked.code, 'send'))
    expect((await viewed(harbour.supervisor, looked.code)).evidence.items[0]?.code).toMatch(/^AMP-/)
  })

  it('is refused from what isn’t there, against whom it doesn’t concern, and with a number that tells who it is', async () => {
    for (const [over, refusal] of [
      [{ code: 'no_such_rule' }, 'not_found'],
      [{ from: 'event', code: 'EVT-00000000' }, 'not_found'],
      [{ from: 'sample', code: 'SMP-1' }, 'not_found'],
      [{ agency: auditor.agency }, 'invalid'],
      [{ from: 'event', code: event, agency: clinic.agency.key }, 'invalid'],
      [{ answerDue: '2020-01-01' }, 'invalid'],
      [{ statement: 'Ring 0712 345 678 about it' }, 'invalid'],
    ] as const)
      expect(await openFinding(auditor, ruleOf(harbour, over)), JSON.stringify(over)).toMatchObject({ refusal })
    expect(await prepareFinding(auditor, { from: 'rule', code: 'look_off_team' })).toMatchObject({
      refusal: 'not_found',
    })
  })

  it('names the agency’s own codes to it, of those cases alone that the reader may see, and never counts the others', async () => {
    const finding = await sentTo(harbour)
    const seen = await viewed(harbour.supervisor, finding)
    const codes = seen.evidence.items.map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining([...cases]))
    expect(codes).not.toContain(hidden)
    expect(JSON.stringify(seen)).not.toMatch(/AUD-|count/)
    expect(seen.texts.map(({ own }) => own)).toEqual([false, false])
    // A supervisor on its team sees the restricted case too.
    const both = await memberOf(owner, harbour.agency.id, ['supervisor'], harbour.unit)
    await owner`
      INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at, restricted)
      SELECT gen_random_uuid(), id, person_id, holder_agency_id, agency_id, ${both.member}, false, now(), true FROM case_file WHERE code = ${hidden}`
    const full = await viewed(both, finding)
    expect(full.evidence.items.map(({ code }) => code)).toContain(hidden)
  })

  it('tells nothing of an event about somebody whom the reader may not see', async () => {
    const [row] = await owner<{ code: string }[]>`
      SELECT e.code FROM audit_event e JOIN case_file c ON c.person_id = e.person_id WHERE e.type = 'identity.read' AND c.code = ${hidden}`
    const finding = await sentTo(harbour, { from: 'event', code: row?.code, subject: 'looks' })
    const seen = await viewed(harbour.supervisor, finding)
    expect(seen).toMatchObject({ headline: {}, evidence: { about: {}, items: [] }, source: { code: null } })
    // Told apart from one that rests on a complaint, each would say what it is.
    expect(seen.source.kind).toBeNull()
  })

  it('answers no name of somebody whom the writer may not see: a refusal would say that it is theirs', async () => {
    const answer = `It was ${HIDDEN} and nobody else.`
    expect(await answered(harbour.supervisor, await sentTo(harbour), { answer })).toMatchObject({ ok: true })
    const own = await memberOf(owner, harbour.agency.id, ['supervisor'], harbour.unit)
    await owner`
      INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at, restricted)
      SELECT gen_random_uuid(), id, person_id, holder_agency_id, agency_id, ${own.member}, false, now(), true FROM case_file WHERE code = ${hidden}`
    expect(await answered(own, await sentTo(harbour), { answer })).toMatchObject({ refusal: 'invalid' })
  })

  it('is its body’s and, once sent, its agency’s: for everybody else it isn’t there', async () => {
    const draft = valueOf(await openFinding(auditor, ruleOf(harbour))).code
    const sent = await sentTo(harbour)
    const accounts = await sentTo(harbour, { subject: 'accounts' })
    const { caseworker, supervisor, admin } = harbour
    const sees = async (actor: Actor, finding: string) => (await viewFinding(actor, { finding })).ok
    const who = { auditor, another, supervisor, admin, caseworker, foreign: clinic.supervisor, coordinator }
    const reach: Record<string, string> = {}
    for (const [name, actor] of Object.entries(who))
      reach[name] = [await sees(actor, draft), await sees(actor, sent), await sees(actor, accounts)].join(' ')
    expect(reach).toEqual({
      auditor: 'true true true',
      another: 'false false false',
      supervisor: 'false true true',
      admin: 'false false true',
      caseworker: 'false false false',
      foreign: 'false false false',
      coordinator: 'false false false',
    })
    // The administrator of accounts sees no case.
    expect((await viewed(admin, accounts)).evidence.items).toEqual([])
    const listed = valueOf(await listFindings(supervisor, {})).items.map(({ code }) => code)
    expect(listed).toEqual(expect.arrayContaining([sent, accounts]))
    expect(listed).not.toContain(draft)
    expect(valueOf(await listFindings(another, {})).items).toEqual([])
    expect(valueOf(await listFindings(clinic.supervisor, {})).items).toEqual([])
    for (const actor of [caseworker, coordinator]) {
      expect(await listFindings(actor, {})).toMatchObject({ refusal: 'forbidden' })
      expect(await openFinding(actor, ruleOf(harbour))).toMatchObject({ refusal: 'forbidden' })
    }
    expect(await openFinding(supervisor, ruleOf(harbour))).toMatchObject({ refusal: 'forbidden' })
    // The database decides the same where the domain layer erred.
    const rows = withActor(caseworker, async (tx) => ok(await listFindingRows(tx, {}, null, 10)))
    expect(valueOf(await rows)).toEqual([])
    const asked = withActor(coordinator, async (tx) => ok(await listFindingRows(tx, {}, null, 10)))
    await expect(asked).rejects.toThrow(/permission denied/)
    for (const [actor, move, answer] of [
      [supervisor, 'accept', 'forbidden'],
      [clinic.supervisor, 'answer', 'not_found'],
      [another, 'accept', 'not_found'],
      [auditor, 'answer', 'forbidden'],
    ] as const)
      expect(valueOf(await withActor(actor, async (tx) => ok(await markFindingMoved(tx, sent, move, {}))))).toBe(answer)
  })
})

describe('the course of a finding', () => {
  it('goes from sent to answered, reopened, answered again, accepted and done, each step an event', async () => {
    const finding = await sentTo(harbour)
    expect((await viewed(harbour.supervisor, finding)).may).toEqual(['answer'])
    expect(valueOf(await answered(harbour.supervisor, finding))).toMatchObject({
      state: 'answered',
      actionDue: '2999-02-01',
    })
    expect((await viewed(auditor, finding)).may).toEqual(['accept', 'reopen'])
    expect(valueOf(await reopened(finding))).toMatchObject({ state: 'reopened', actionDue: null })
    valueOf(await answered(harbour.supervisor, finding, { answer: 'Dated now.' }))
    expect(valueOf(await bare(finding, 'accept'))).toMatchObject({ state: 'accepted' })
    const today = new Date().toISOString().slice(0, 10)
    const done = { finding, move: 'done', detail: { doneOn: today } } as const
    expect(await moveFinding(harbour.supervisor, { ...done, detail: { doneOn: '2999-01-01' } })).toMatchObject({
      refusal: 'invalid',
    })
    expect(valueOf(await moveFinding(harbour.supervisor, done))).toMatchObject({ actionDoneOn: today, late: null })
    expect(await moveFinding(harbour.supervisor, done)).toMatchObject({ refusal: 'conflict', reason: 'already_done' })
    const { texts } = await viewed(auditor, finding)
    expect(texts.map(({ kind }) => kind)).toEqual([
      'statement',
      'asked',
      'answer',
      'action',
      'reopened',
      'answer',
      'action',
    ])
    const events = await owner<{ type: string }[]>`
      SELECT type FROM audit_event WHERE subject = ${finding} AND type LIKE 'finding.%' AND type <> 'finding.viewed' ORDER BY id`
    expect(events.map(({ type }) => type.slice('finding.'.length))).toEqual([
      ...['opened', 'sent', 'answered', 'reopened', 'answered', 'accepted', 'action-done'],
    ])
    const told = await owner<{ kind: string; agency: string }[]>`
      SELECT DISTINCT n.kind, n.agency_id AS agency FROM notice n WHERE n.subject = ${finding}`
    const kinds = (agency: string) =>
      told
        .filter((one) => one.agency === agency)
        .map(({ kind }) => kind.slice('finding.'.length))
        .sort()
    expect(kinds(harbour.agency.id)).toEqual(['accepted', 'received', 'reopened'])
    expect(kinds(auditor.agency)).toEqual(['action-done', 'answered'])
    const raw = await owner<{ sealed: Buffer }[]>`SELECT sealed FROM finding_text`
    expect(raw.some(({ sealed }) => sealed.includes('rota'))).toBe(false)
  })

  it('makes in each state the moves that the rules have, and no others, whatever the domain layer lets through', async () => {
    const made: Record<FindingState, string> = {
      draft: valueOf(await openFinding(auditor, ruleOf(harbour))).code,
      withdrawn: valueOf(await openFinding(auditor, ruleOf(harbour))).code,
      ...{ sent: await sentTo(harbour), answered: await sentTo(harbour) },
      ...{ accepted: await sentTo(harbour), reopened: await sentTo(harbour) },
    }
    valueOf(await bare(made.withdrawn, 'withdraw'))
    for (const state of ['answered', 'accepted', 'reopened'] as const)
      valueOf(await answered(harbour.supervisor, made[state]))
    valueOf(await bare(made.accepted, 'accept'))
    valueOf(await reopened(made.reopened))
    for (const state of FINDING_STATES)
      for (const move of FINDING_MOVES) {
        const moves: Partial<Record<FindingState, FindingState>> = FINDING_NEXT[move]
        if (moves[state] !== undefined) continue
        const mover = FINDING_MOVER[move] === 'agency' ? harbour.supervisor : auditor
        const refused = await moveFinding(mover, { finding: made[state], move, detail: detailFor(move) } as never)
        expect(refused.ok, `${move} from ${state}`).toBe(false)
        const asked = withActor(mover, async (tx) => ok(await markFindingMoved(tx, made[state], move, detailFor(move))))
        expect(['not_found', 'wrong_state', 'already_answered'], `${move} from ${state}`).toContain(
          valueOf(await asked),
        )
      }
    expect(await bare(made.sent, 'withdraw')).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
  })

  it('trap T2: of two who answer at once one does, and the other is told that it is answered', async () => {
    const second = await memberOf(owner, harbour.agency.id, ['supervisor'], harbour.unit)
    const finding = await sentTo(harbour)
    const results = await Promise.all([answered(harbour.supervisor, finding), answered(second, finding)])
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(results.find((result) => !result.ok)).toMatchObject({ refusal: 'conflict', reason: 'already_answered' })
    const [row] = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM finding_text t JOIN finding f ON f.id = t.finding_id WHERE f.code = ${finding} AND t.kind = 'answer'`
    expect(row?.n).toBe(1)
  })

  it('takes no answer that names whom it is about, or holds a number', async () => {
    const finding = await sentTo(harbour)
    for (const over of [{ answer: `${NAME} asked for it` }, { action: 'Ring 0712 345 678' }])
      expect(await answered(harbour.supervisor, finding, over)).toMatchObject({
        refusal: 'invalid',
        reason: 'identity',
      })
    expect(await reopened(finding, 'Write to a@b.example')).toMatchObject({ refusal: 'invalid' })
  })

  it('lets a draft be changed until it is sent, by whoever saw its last version', async () => {
    const { code, version } = valueOf(await openFinding(auditor, ruleOf(harbour)))
    const change = (over: object) =>
      changeFindingInput.parse({
        ...{ finding: code, version, grade: 'breach', basis: '8', subject: 'equal_help' },
        ...{ statement: 'Worse than it seemed.', asked: 'Mend it.', answerDue: '2999-01-02', ...over },
      })
    const changed = valueOf(await changeFinding(auditor, change({})))
    expect(changed).toMatchObject({ grade: 'breach', version: version + 1 })
    expect(changed.texts.map(({ text }) => text)).toEqual(['Worse than it seemed.', 'Mend it.'])
    expect(await changeFinding(auditor, change({}))).toMatchObject({ refusal: 'stale' })
    valueOf(await bare(code, 'send'))
    expect(await changeFinding(auditor, change({ version: 3 }))).toMatchObject({ refusal: 'conflict' })
  })

  it('says what is late, counts it, and tells both sides once', async () => {
    const finding = await sentTo(clinic)
    await owner`UPDATE finding SET answer_due = current_date - 2 WHERE code = ${finding}`
    expect(await viewed(clinic.supervisor, finding)).toMatchObject({ late: 'answer' })
    const late = valueOf(await listFindings(auditor, { late: 'yes' })).items
    expect(late.map(({ code }) => code)).toEqual([finding])
    expect(valueOf(await summariseFindings(auditor)).late).toBe(1)
    expect(valueOf(await summariseFindings(clinic.supervisor))).toMatchObject({
      byState: { sent: 1, draft: 0 },
      late: 1,
    })
    const job = allJobs().find(({ name }) => name === 'tell-of-due-findings')
    await job?.run()
    await job?.run()
    const [row] = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM notice WHERE subject = ${finding} AND kind = 'finding.overdue'`
    expect(row?.n, 'the supervisor and the auditor').toBe(2)
  })

  it('C03: opens for both sides after the key of either has changed, and is not held up by it', async () => {
    const finding = await sentTo(harbour)
    const [body] = await owner<{ key: string }[]>`SELECT key FROM agency WHERE id = ${auditor.agency}`
    for (const agency of [harbour.agency.key, body?.key ?? ''])
      await rotateKey(database.ownerUrl, { kind: 'agency', agency }, { resume: false, onProgress: () => undefined })
    const versions = await owner<{ v: number }[]>`
      SELECT DISTINCT k.wrap_version AS v FROM finding_key k WHERE k.agency_id IN (${harbour.agency.id}, ${auditor.agency})`
    expect(versions.map(({ v }) => v)).toEqual([2])
    valueOf(await answered(harbour.supervisor, finding))
    expect((await viewed(auditor, finding)).texts.map(({ kind }) => kind)).toEqual([
      'statement',
      'asked',
      'answer',
      'action',
    ])
  })

  it('pages by key in both directions', async () => {
    const all = valueOf(await listFindings(auditor, { limit: 200 })).items.map(({ code }) => code)
    const first = valueOf(await listFindings(auditor, { limit: 3 }))
    const next = valueOf(await listFindings(auditor, { limit: 3, cursor: first.nextCursor ?? '' }))
    const back = valueOf(await listFindings(auditor, { limit: 3, cursor: next.earlierCursor ?? '' }))
    expect([...first.items, ...next.items].map(({ code }) => code)).toEqual(all.slice(0, 6))
    expect(back.items).toEqual(first.items)
    expect(await listFindings(auditor, { limit: 3, state: 'sent', cursor: first.nextCursor ?? '' })).toMatchObject({
      refusal: 'invalid',
    })
  })
})

function detailFor(move: FindingMove): object {
  if (move === 'answer') return { answer: 'So.', action: 'So.', actionDue: '2999-01-01' }
  if (move === 'reopen') return { reason: 'So.', answerDue: '2999-01-01' }
  return move === 'done' ? { doneOn: new Date().toISOString().slice(0, 10) } : {}
}

describe('the API of findings', () => {
  it('opens, sends, answers, reopens and accepts, once for each key, and says why not', async () => {
    const [asAuditor, asSupervisor, asOther] = await Promise.all(
      [auditor, harbour.supervisor, clinic.supervisor].map((actor) => tokenFor(owner, actor)),
    )
    const { statement, asked, grade, basis, subject, answerDue } = ruleOf(harbour)
    const body = {
      ...{ from: 'rule', code: 'interpreter_missing', agency: harbour.agency.key },
      ...{ statement, asked, grade, basis, subject, answerDue },
    }
    const headers = { 'idempotency-key': 'finding-1' }
    const made = await callApi('POST', '/oversight/findings', { token: asAuditor ?? '', body, headers })
    expect(made.status, made.text).toBe(201)
    const again = await callApi('POST', '/oversight/findings', { token: asAuditor ?? '', body, headers })
    expect(again.body['code']).toBe(made.body['code'])
    const at = `/oversight/findings/${String(made.body['code'])}`
    const post = (token: string | undefined, move: string, sent: object = {}) =>
      callApi('POST', `${at}/${move}`, { token: token ?? '', body: sent })
    expect((await callApi('GET', at, { token: asSupervisor ?? '' })).status, 'a draft isn’t there').toBe(404)
    const patch = { grade: 'breach', basis, subject, statement, asked, answerDue }
    expect((await callApi('PATCH', at, { token: asAuditor ?? '', body: patch })).status).toBe(428)
    const changed = await callApi('PATCH', at, { token: asAuditor ?? '', body: patch, headers: { 'if-match': '"1"' } })
    expect(changed.status, changed.text).toBe(200)
    expect((await post(asAuditor, 'send')).body['state']).toBe('sent')
    const answer = { answer: 'A gap.', action: 'Filled.', actionDue: '2999-01-01' }
    expect((await post(asOther, 'answer', answer)).status).toBe(404)
    expect((await post(asAuditor, 'answer', answer)).status).toBe(403)
    expect((await post(asSupervisor, 'answer', answer)).body['state']).toBe('answered')
    expect((await post(asSupervisor, 'answer', answer)).body).toMatchObject({ status: 409, reason: 'already_answered' })
    expect((await post(asAuditor, 'reopen', {})).status).toBe(422)
    expect((await post(asAuditor, 'reopen', { reason: 'Why?', answerDue: '2999-01-01' })).body['state']).toBe(
      'reopened',
    )
    expect((await post(asSupervisor, 'answer', answer)).status).toBe(200)
    expect((await post(asAuditor, 'accept')).body['state']).toBe('accepted')
    const unknown = await callApi('GET', '/oversight/findings/FND-00000000', { token: asOther ?? '' })
    const foreign = await callApi('GET', at, { token: asOther ?? '' })
    expect(foreign.text, 'invisible and absent alike').toBe(unknown.text)
  })
})
