import { createHash } from 'node:crypto'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { openComplaint } from '@/lib/access/complaint-desk'
import { withActor } from '@/lib/access/with-actor'
import { complaintCounters, memberComplaintCounters, receiptCounters } from '@/lib/auth/counters'
import { listInbox } from '@/lib/notifications/inbox-service'
import { fileComplaint, readComplaintAnswer } from '@/lib/oversight/complaints/filing-service'
import { movesFrom } from '@/lib/oversight/complaints/rules'
import {
  COMPLAINT_STATES,
  fileComplaintInput,
  listComplaintsInput,
  memberComplaintInput,
  moveComplaintInput,
} from '@/lib/oversight/complaints/schema'
import {
  changeComplaint,
  fileMemberComplaint,
  listComplaints,
  listSlips,
  prepareMemberComplaint,
  printSlip,
  viewComplaint,
} from '@/lib/oversight/complaints/service'
import { openFinding } from '@/lib/oversight/findings/move-service'
import { viewFinding } from '@/lib/oversight/findings/service'
import { viewHome } from '@/lib/oversight/home/service'
import { rotateKey } from '@/lib/oversight/keys/operator-service'
import { listOversightEvents } from '@/lib/oversight/log/service'
import { makeReportInput } from '@/lib/oversight/report/schema'
import { listReports, makeReport, readReportFile, viewReport } from '@/lib/oversight/report/service'
import { listRules } from '@/lib/oversight/rules/service'
import { keepViewInput, MOST_VIEWS } from '@/lib/oversight/views/schema'
import { dropView, keepView, listViews, renameView } from '@/lib/oversight/views/service'
import { registerPersonInput } from '@/lib/people/schema'
import { newCode, newId } from '@/lib/platform/ids'
import { closeWorker } from '@/lib/platform/db/worker'
import { ok } from '@/lib/platform/result'
import { officesOfOneNetwork } from '@/tests/factories/agreements'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { findingFrom, sentFinding } from '@/tests/factories/findings'
import { memberOf, outsider, ownerOf, signedIn, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

const NAME = 'Zarquivelmo'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let clinic: Office
let auditor: Actor
let stranger: Actor
let file: string
let slip: string
let network = 0

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  const [first, second] = await officesOfOneNetwork(owner, 2)
  if (first === undefined || second === undefined) throw new Error('Two agencies')
  ;[harbour, clinic] = [first, second]
  auditor = await outsider(owner, 'auditor', { network: harbour.admin.network })
  stranger = await outsider(owner, 'auditor')
  const identity = { names: [`${NAME} Quillon`], phones: ['+447700900187'] }
  const person = await registeredPerson(harbour.caseworker, registerPersonInput.parse({ identity }))
  file = (await openedCase(harbour.caseworker, { person })).code
  slip = valueOf(await printSlip(harbour.caseworker, { case: file, language: 'en' })).code
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

/** Each from a network of its own, so that no counter of another test is in the way. */
const send = (over: object = {}, from = `10.0.${String((network += 1))}.0`, key: string | null = null) =>
  fileComplaint(fileComplaintInput.parse({ code: slip, subject: 'refused_help', answerBy: 'receipt', ...over }), {
    locale: 'en',
    key,
    countersOf: (code) => complaintCounters(`${code}${from}`, from),
  })
const filed = async (over: object = {}) => valueOf(await send(over)).code
const answered = async (code: string) =>
  valueOf(await readComplaintAnswer(code, receiptCounters(`10.1.${String((network += 1))}.0`)))
const viewed = async (code: string, by = auditor) => valueOf(await viewComplaint(by, { complaint: code }))
const moved = async (code: string, over: object) => {
  const { version } = await viewed(code)
  return changeComplaint(auditor, moveComplaintInput.parse({ complaint: code, version, ...over }))
}

describe('a complaint with a code from paper', () => {
  it('reaches the body that oversees, and ties to the agency alone unless the person says more', async () => {
    const code = await filed({ subject: 'treated_unequally', ground: 'language', text: 'I had to wait outside.' })
    const view = await viewed(code)
    expect(view).toMatchObject({
      ...{ source: 'person', subject: 'treated_unequally', ground: 'language', text: 'I had to wait outside.' },
      ...{ agency: harbour.agency.key, state: 'new', case: null, envelope: null, member: null },
    })
    const [row] = await owner`SELECT slip_id FROM complaint WHERE code = ${code}`
    expect(row?.['slip_id'], 'nothing tells which slip it was').toBeNull()

    const told = await viewed(await filed({ toldCase: 'yes' }))
    expect(told.case).toMatch(/^AUD-/)
    expect(told.envelope).toBeNull()
    const paper = await viewed(await filed({ answerBy: 'paper' }))
    const [printed] = valueOf(await listSlips(harbour.caseworker, { case: file })).items
    expect(paper).toMatchObject({ case: null, envelope: printed?.envelope })
  })

  it('shows an auditor no code by which they could complain as that person, and try names until one is masked', async () => {
    const paper = await viewed(await filed({ answerBy: 'paper', toldCase: 'yes' }))
    expect(JSON.stringify(paper)).not.toContain(slip)
    const envelope = paper.envelope ?? ''
    expect(envelope).toMatch(/^ENV-/)
    expect(await send({ code: envelope, text: 'x' })).toMatchObject({ refusal: 'invalid' })
    // The nine signs alone are a code of any kind; as a slip's this one is nobody's.
    const names = `miller ${NAME.toLowerCase()} smith`
    const guessed = await filed({ code: envelope.slice(4), text: names })
    expect(await viewed(guessed)).toMatchObject({ agency: null, text: names })
  })

  it('is kept once, however often and at whatever moment its form is sent', async () => {
    const key = newId()
    const told = { text: 'Twice the same' }
    const pressed = await Promise.all([send(told, undefined, key), send(told, undefined, key)])
    const codes = new Set(pressed.map((one) => valueOf(one).code))
    expect(codes.size).toBe(1)
    expect(codes).toContain(valueOf(await send(told, undefined, key)).code)
    expect(codes).not.toContain(valueOf(await send({ text: 'Another thing' }, undefined, key)).code)
    const [by] = codes
    const heard = await owner`SELECT 1 FROM audit_event WHERE type = 'complaint.filed' AND subject = ${by ?? ''}`
    expect(heard.count).toBe(1)
  })

  it('becomes a finding, of which the agency learns the auditor’s words, and not that somebody complained', async () => {
    const code = await filed({ subject: 'treated_badly', toldCase: 'yes' })
    const over = { from: 'complaint', code, agency: harbour.agency.key, subject: 'conduct' }
    const finding = await sentFinding(auditor, over)
    expect(valueOf(await viewFinding(auditor, { finding }))).toMatchObject({
      source: { kind: 'complaint', code },
      evidence: { about: { subject: 'treated_badly' }, items: [{ kind: 'case', code: (await viewed(code)).case }] },
    })
    const seen = valueOf(await viewFinding(harbour.supervisor, { finding }))
    expect(seen).toMatchObject({ source: { kind: null, code: null }, headline: {}, evidence: { about: {}, items: [] } })
    expect(JSON.stringify(seen)).not.toMatch(/CPL-|CMP-|CAS-|complain/)
    expect(await openFinding(auditor, findingFrom({ ...over, agency: clinic.agency.key }))).toMatchObject({
      refusal: 'invalid',
    })
    expect(await openFinding(stranger, findingFrom(over))).toMatchObject({ refusal: 'not_found' })
  })

  it('is kept without what could tell who wrote it, names by the person’s own record included', async () => {
    const code = await filed({
      text: `They laughed at ${NAME}. Call me: 0770 090 0187, 12 Harbour Lane. Somebody called Mirabel helped.`,
    })
    expect((await viewed(code)).text).toBe('They laughed at […]. Call me: […], […] Somebody called […] helped.')
    const other = await filed({ code: newCode('CMP'), text: `Nobody knows whose slip this is: 0770 090 0187` })
    expect(await viewed(other)).toMatchObject({ agency: null, text: 'Nobody knows whose slip this is: […]' })
  })

  it('is taken for any code that is well formed, and says nothing about which there are', async () => {
    const before = await send({ code: newCode('CMP') })
    expect(Object.keys(valueOf(before))).toEqual(['code'])
    expect(await send({ code: `${slip.slice(0, -1)}${slip.endsWith('0') ? '1' : '0'}` })).toMatchObject({
      refusal: 'invalid',
    })
    const opened = await Promise.all([slip, newCode('CMP')].map((code) => openComplaint(code, [])))
    expect(opened.map(({ recipient }) => Object.keys(recipient ?? {}))).toEqual([
      ['body', 'index'],
      ['body', 'index'],
    ])
  })

  it('is sealed for the body: no column holds a word of it, and the text opens in no other place', async () => {
    const code = await filed({ text: 'Bonteldidor' })
    const [row] = await owner<{ text: string }[]>`
      SELECT encode(c.sealed, 'escape') || to_jsonb(c)::text AS text FROM complaint c WHERE c.code = ${code}`
    expect(row?.text).not.toContain('Bonteldidor')
    const another = await filed({ text: 'Something else' })
    await owner`UPDATE complaint SET sealed = (SELECT sealed FROM complaint WHERE code = ${another}) WHERE code = ${code}`
    await expect(viewComplaint(auditor, { complaint: code })).rejects.toThrow(/did not open/)
    await owner`UPDATE complaint SET sealed = NULL WHERE code = ${code}`
  })

  it('waits after a few tries with one code or from one network, and counts nothing meanwhile', async () => {
    const refusals: string[] = []
    for (let at = 0; at < 12; at += 1) {
      const result = await send({}, '10.9.9.0')
      if (!result.ok) refusals.push(result.refusal)
    }
    expect(refusals.length).toBeGreaterThan(2)
    expect(new Set(refusals)).toEqual(new Set(['too_many']))
    let wait: string | null = null
    for (let at = 0; at < 70 && wait === null; at += 1) {
      const looked = await readComplaintAnswer(newCode('CPL'), receiptCounters('10.9.8.0'))
      if (!looked.ok && looked.refusal === 'too_many') wait = looked.refusal
    }
    expect(wait, 'guessing codes of complaints').toBe('too_many')
  })

  it('takes what people type as it is, and no more than fits', () => {
    const least = { code: slip, subject: 'other', answerBy: 'none' }
    expect(fileComplaintInput.parse({ ...least, text: '  ', toldCase: [] })).toMatchObject({
      text: '',
      toldCase: false,
    })
    expect(fileComplaintInput.safeParse({ ...least, text: 'x'.repeat(2001) }).success).toBe(false)
    for (const over of [{ subject: 'x' }, { answerBy: 'x' }, { ground: 'x' }, { name: 'x' }, { code: '' }])
      expect(fileComplaintInput.safeParse({ ...least, ...over }).success, JSON.stringify(over)).toBe(false)
  })
})

describe('the answer', () => {
  it('is read by whoever holds the code, with nothing of what was told', async () => {
    const code = await filed({ text: 'Kept in the cold' })
    expect(await answered(code)).toEqual({ code, state: 'new', result: null, nextStep: null })
    valueOf(await moved(code, { state: 'looked_at' }))
    expect((await answered(code)).state).toBe('looked_at')
    valueOf(await moved(code, { state: 'answered', result: 'right', nextStep: 'agency_asked' }))
    expect(await answered(code)).toEqual({ code, state: 'answered', result: 'right', nextStep: 'agency_asked' })
    valueOf(await moved(code, { state: 'answered', result: 'partly_right', nextStep: 'agency_changes' }))
    valueOf(await moved(code, { state: 'closed' }))
    expect(await answered(code)).toMatchObject({ state: 'closed', result: 'partly_right' })
    for (const wrong of [newCode('CPL'), slip, 'x', `${code}'; --`])
      expect(await readComplaintAnswer(wrong, receiptCounters('10.8.8.0'))).toMatchObject({ refusal: 'not_found' })
  })

  it('moves as the rules say, in the database too, and not past a colleague', async () => {
    const rows = await owner<{ was: string; becomes: string; may: boolean }[]>`
      SELECT was, becomes, app.complaint_may_move(was, becomes) AS may FROM unnest(${[...COMPLAINT_STATES]}::text[]) was,
        unnest(${[...COMPLAINT_STATES]}::text[]) becomes`
    for (const was of COMPLAINT_STATES)
      expect(
        rows
          .filter((row) => row.was === was && row.may)
          .map(({ becomes }) => becomes)
          .sort(),
        was,
      ).toEqual([...movesFrom(was)].sort())
    const code = await filed()
    const stale = moveComplaintInput.parse({ complaint: code, version: 1, state: 'looked_at' })
    valueOf(await changeComplaint(auditor, stale))
    expect(await changeComplaint(auditor, stale)).toMatchObject({ refusal: 'stale' })
    expect(await moved(code, { state: 'looked_at' })).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
    expect(moveComplaintInput.safeParse({ complaint: code, version: 2, state: 'answered' }).error?.issues.length).toBe(
      2,
    )
  })
})

describe('who reads complaints', () => {
  it('is the auditors of their body and nobody else, least of all the agency complained of', async () => {
    const code = await filed({ text: 'Private words', toldCase: 'yes' })
    const coordinator = await outsider(owner, 'coordinator', { network: harbour.admin.network })
    const system = await outsider(owner, 'system_admin')
    const { caseworker, supervisor, admin } = harbour
    for (const actor of [caseworker, supervisor, admin, clinic.caseworker, coordinator, system, stranger]) {
      expect(await viewComplaint(actor, { complaint: code })).toMatchObject({ refusal: 'not_found' })
      const move = moveComplaintInput.parse({ complaint: code, version: 1, state: 'closed' })
      expect(await changeComplaint(actor, move)).toMatchObject({ refusal: 'not_found' })
      if (actor === stranger) continue
      expect(await listComplaints(actor, {})).toMatchObject({ refusal: 'not_found' })
      const asked = withActor(actor, async (tx) =>
        ok(await tx.$queryRaw`SELECT * FROM app.read_complaint(${code}, '{}')`),
      )
      await expect(asked, 'the database too').rejects.toThrow(/permission denied/)
    }
    for (const actor of [caseworker, auditor])
      await expect(
        withActor(actor, async (tx) => ok(await tx.$queryRaw`SELECT count(*) FROM complaint`)),
      ).rejects.toThrow(/permission denied/)
    const heard = await owner<{ agency_id: string | null; actor_id: string | null; network_prefix: string | null }[]>`
      SELECT agency_id, actor_id, network_prefix FROM audit_event WHERE type = 'complaint.filed' AND subject = ${code}`
    expect(heard).toEqual([{ agency_id: auditor.agency, actor_id: null, network_prefix: null }])
  })

  it('leaves a look in the log, and tells the body’s auditors by code', async () => {
    const colleague = await memberOf(owner, auditor.agency, ['auditor'], null)
    const code = await filed()
    await viewed(code)
    const { items } = valueOf(await listOversightEvents(auditor, { type: 'complaint.viewed', limit: 200 }))
    expect(items.map(({ record }) => record)).toContain(code)
    for (const actor of [auditor, colleague]) {
      const inbox = valueOf(await listInbox(actor, {}))
      expect(inbox.items.some(({ kind, subject }) => kind === 'complaint.filed' && subject === code)).toBe(true)
    }
  })

  it('lists by state and subject, by key in both directions', async () => {
    for (let at = 0; at < 3; at += 1) await filed({ subject: 'praise' })
    const listed = async (over: object) => valueOf(await listComplaints(auditor, listComplaintsInput.parse(over)))
    const all = await listed({ subject: 'praise' })
    expect(all.items.map(({ subject }) => subject)).toEqual(['praise', 'praise', 'praise'])
    expect(JSON.stringify(all.items)).not.toContain('ground')
    expect((await listed({ state: 'new' })).items.every(({ state }) => state === 'new')).toBe(true)
    expect(await listComplaints(auditor, { cursor: 'x' })).toMatchObject({ refusal: 'invalid' })
  })
})

describe('slips', () => {
  it('are made and listed by the case’s team alone, and tell nobody whether they were used', async () => {
    const { items } = valueOf(await listSlips(harbour.caseworker, { case: file }))
    expect(items.map(({ code }) => code)).toEqual([slip])
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(['code', 'envelope', 'printedAt', 'printedBy'])
    for (const actor of [harbour.colleague, clinic.caseworker]) {
      expect(await printSlip(actor, { case: file, language: 'en' })).toMatchObject({ refusal: 'not_found' })
      expect(valueOf(await listSlips(actor, { case: file })).items).toEqual([])
    }
    for (const actor of [auditor, harbour.admin])
      expect(await listSlips(actor, { case: file })).toMatchObject({ refusal: 'not_found' })
  })
})

const complains = (by: Actor, told: object, key: string | null = null) =>
  fileMemberComplaint(by, memberComplaintInput.parse(told), { key, counters: memberComplaintCounters(by.member) })

describe('a member’s complaint', () => {
  it('goes past their agency, and says who it is only where they tick it', async () => {
    const { agencies } = valueOf(await prepareMemberComplaint(harbour.caseworker))
    expect(agencies.map(({ key }) => key)).toContain(harbour.agency.key)
    const told = { subject: 'data_shared', agency: harbour.agency.key, text: 'Lists with 0770 090 0187 lie about' }
    const code = valueOf(await complains(harbour.caseworker, told)).code
    expect(await viewed(code)).toMatchObject({
      ...{ source: 'member', member: null, agency: harbour.agency.key, text: 'Lists with […] lie about' },
    })
    const [row] = await owner`SELECT member_id FROM complaint WHERE code = ${code}`
    expect(row?.['member_id']).toBeNull()
    const open = await viewed(valueOf(await complains(harbour.supervisor, { ...told, named: 'yes' })).code)
    expect(open.member).toMatch(/^MBR-/)
    const events = await owner`
      SELECT 1 FROM audit_event WHERE type LIKE 'complaint.%' AND (agency_id = ${harbour.agency.id} OR actor_id = ${harbour.caseworker.member})`
    expect(events.count).toBe(0)
    expect(await complains(auditor, { subject: 'other' })).toMatchObject({ ok: true })
  })

  it('is kept once for each form, and no table says who complained', async () => {
    const { caseworker, colleague } = harbour
    const key = newId()
    const told = { subject: 'other', text: 'The forms are too long' }
    const pressed = await Promise.all([complains(colleague, told, key), complains(colleague, told, key)])
    expect(new Set(pressed.map((one) => valueOf(one).code)).size).toBe(1)
    // Nor could anybody find out by working out digests of every member's id.
    const plain = [caseworker, colleague].flatMap(({ member }) => [
      member,
      `complaint:${member}`,
      `complaint-code:${member}`,
    ])
    const digests = plain.map((text) => createHash('sha256').update(text).digest('hex'))
    const found = await owner`SELECT 1 FROM throttle WHERE encode(key, 'hex') = ANY (${digests})`
    expect(found.count).toBe(0)
  })
})

describe('the auditor’s first page', () => {
  it('says what waits, and what came since the last look in an earlier session', async () => {
    const colleague = await memberOf(owner, auditor.agency, ['auditor'], null)
    const first = valueOf(await viewHome(colleague))
    expect(first.since).toBeNull()
    expect(valueOf(await viewHome(colleague)).since, 'the same session').toBeNull()
    const again = await signedIn(owner, colleague.agency, colleague.member)
    const before = valueOf(await viewHome(again))
    expect(before.since).not.toBeNull()
    expect(before.complaints.fresh).toBe(0)
    await filed()
    const after = valueOf(await viewHome(again))
    expect(after.complaints).toMatchObject({ fresh: 1, new: before.complaints.new + 1 })
    expect(after.look.find(({ kind }) => kind === 'complaints')).toMatchObject({ grade: 'watch', fresh: 1, days: 0 })
    const states = Object.values(after.byState).reduce((sum, n) => sum + n, 0)
    expect(states).toBe(valueOf(await listRules(auditor)).items.length)
    for (const actor of [harbour.supervisor, harbour.admin])
      expect(await viewHome(actor)).toMatchObject({ refusal: 'not_found' })
  })
})

describe('saved views of the log', () => {
  it('are a member’s own, under a name, with the filters of the address', async () => {
    const colleague = await memberOf(owner, auditor.agency, ['auditor'], null)
    const names = async (actor: Actor) => valueOf(await listViews(actor)).items.map(({ name }) => name)
    const keep = (actor: Actor, over: object) => keepView(actor, keepViewInput.parse(over))
    valueOf(
      await keep(auditor, { name: ' Exports of harbour ', view: 'exports', agency: harbour.agency.key, type: '' }),
    )
    valueOf(await keep(colleague, { name: 'Mine' }))
    const [view] = valueOf(await listViews(auditor)).items
    expect(view).toMatchObject({
      name: 'Exports of harbour',
      filters: { view: 'exports', agency: harbour.agency.key },
    })
    expect(await names(colleague)).toEqual(['Mine'])
    const id = view?.id ?? ''
    expect(await renameView(colleague, { id, name: 'Theirs' })).toMatchObject({ refusal: 'not_found' })
    expect(await dropView(colleague, { id })).toMatchObject({ refusal: 'not_found' })
    valueOf(await renameView(auditor, { id, name: 'Taken out' }))
    expect(await names(auditor)).toEqual(['Taken out'])
    valueOf(await dropView(auditor, { id }))
    expect(await names(auditor)).toEqual([])
    for (const over of [
      { name: '' },
      { name: 'x'.repeat(61) },
      { name: 'a\u0000b' },
      { name: 'a', view: 'x' },
      { name: 'a', cursor: 'x' },
    ])
      expect(keepViewInput.safeParse(over).success, JSON.stringify(over)).toBe(false)
    expect(await keep(harbour.supervisor, { name: 'Mine' })).toMatchObject({ refusal: 'not_found' })
    for (let at = 0; at < MOST_VIEWS; at += 1) await keep(auditor, { name: `View ${String(at)}` })
    expect(await keep(auditor, { name: 'One more' })).toMatchObject({ refusal: 'conflict', reason: 'too_many_views' })
  })
})

describe('the audit report', () => {
  it('says the same of the same period, is kept as it was made, and carries its own digest', async () => {
    const period = makeReportInput.parse({ from: '2026-01-01', to: new Date().toISOString().slice(0, 10) })
    const [one, other] = [valueOf(await makeReport(auditor, period)), valueOf(await makeReport(auditor, period))]
    const { complaints, rules, findings, analyses } = one.report
    expect({ complaints, rules, findings, analyses }).toEqual({
      ...{ complaints: other.report.complaints, rules: other.report.rules },
      ...{ findings: other.report.findings, analyses: other.report.analyses },
    })
    expect(rules.length).toBe(valueOf(await listRules(auditor)).items.length)
    expect(complaints.total).toBe(complaints.byState.reduce((sum, { n }) => sum + n, 0))
    for (const { n } of complaints.bySubject) expect(n === null || n === 0 || n >= 11).toBe(true)
    expect(valueOf(await viewReport(auditor, { report: one.code }))).toEqual(one)
    const { body } = valueOf(await readReportFile(auditor, { report: one.code }))
    const read = JSON.parse(body) as { readonly sha256: string; readonly report: unknown }
    const text = body.slice(body.indexOf('"report":') + '"report":'.length, -2)
    expect(createHash('sha256').update(text).digest('hex')).toBe(read.sha256)
    expect(read.report).toEqual(one.report)
    for (const secret of [NAME, file, slip, harbour.caseworker.displayName]) expect(body).not.toContain(secret)
    expect(valueOf(await listReports(auditor)).items.map(({ code }) => code)).toEqual([other.code, one.code])
  })

  it('is its body’s alone, of a period that is over or goes on', async () => {
    const { code } = valueOf(await makeReport(auditor, { from: '2026-01-01', to: '2026-01-31' }))
    for (const actor of [harbour.supervisor, harbour.admin, stranger]) {
      expect(await viewReport(actor, { report: code })).toMatchObject({ refusal: 'not_found' })
      expect(await readReportFile(actor, { report: code })).toMatchObject({ refusal: 'not_found' })
    }
    expect(await makeReport(harbour.supervisor, { from: '2026-01-01', to: '2026-01-31' })).toMatchObject({
      refusal: 'forbidden',
    })
    for (const [from, to] of [
      ['2026-02-01', '2026-01-31'],
      ['2026-01-01', '2999-01-01'],
    ] as const)
      expect(await makeReport(auditor, { from, to })).toMatchObject({ refusal: 'invalid' })
    for (const from of ['0000-01-01', '2026-02-30', 'x'])
      expect(makeReportInput.safeParse({ from, to: '2026-03-01' }).success, from).toBe(false)
  })

  it('is made and read by scripts under the same rights', async () => {
    const token = await tokenFor(owner, auditor)
    const made = await callApi('POST', '/reports/audit', { token, body: { from: '2026-01-01', to: '2026-01-31' } })
    expect(made.status).toBe(201)
    const { code, report } = JSON.parse(made.text) as {
      readonly code: string
      readonly report: { readonly format: string }
    }
    expect(report.format).toBe('amparo-audit-report-1')
    expect((await callApi('GET', `/reports/audit/${code}`, { token })).status).toBe(200)
    expect((await callApi('GET', '/reports/audit', { token })).text).toContain(code)
    const other = await tokenFor(owner, harbour.supervisor)
    expect((await callApi('GET', `/reports/audit/${code}`, { token: other })).status).toBe(404)
  })
})

describe('C03: the body’s key', () => {
  it('changes, and what was told under the one before still opens', async () => {
    const code = await filed({ text: 'From before' })
    const target = { kind: 'agency', agency: auditor.agencyKey } as const
    await rotateKey(database.ownerUrl, target, { resume: false, onProgress: () => undefined })
    const rows = await owner<
      { version: number }[]
    >`SELECT DISTINCT wrap_version AS version FROM complaint_key WHERE agency_id = ${auditor.agency}`
    expect(rows).toEqual([{ version: 2 }])
    expect((await viewed(code)).text).toBe('From before')
  })
})
