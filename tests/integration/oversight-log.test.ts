import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { CATALOGUE } from '@/lib/api/catalogue'
import { proveEvent } from '@/lib/audit/proof/service'
import { faultOfProof } from '@/lib/audit/proof/rules'
import type { EventProof } from '@/lib/audit/proof/schema'
import { parseKeyLine } from '@/lib/audit/seal/note'
import { verifyProofFile } from '@/lib/audit/verify/operator-service'
import { listOversightRows, type OversightQuery } from '@/lib/oversight/log/data'
import { OVERSIGHT_VIEWS, oversightFilters } from '@/lib/oversight/log/schema'
import { listOversightEvents, viewOversightEvent } from '@/lib/oversight/log/service'
import { moveFinding } from '@/lib/oversight/findings/move-service'
import { drawSampleInput } from '@/lib/oversight/samples/schema'
import { drawSample } from '@/lib/oversight/samples/service'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { viewPerson } from '@/lib/people/service'
import { parseCode } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { officesOfOneNetwork, signedAgreement } from '@/tests/factories/agreements'
import { loggedContact, loggedService, openNeed } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { sentFinding } from '@/tests/factories/findings'
import { outsider, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { sealAll, sealedLog, type SealedLog } from '@/tests/support/sealed-log'

/** Stand in the person's record, and nowhere else. They don't sound alike: a text that named the person would be asked about. */
const NAME = 'Zarquivelmo'
const WORDS = 'Bonteldidor'

let log: SealedLog
let owner: postgres.Sql
let harbour: Office
let clinic: Office
let auditor: Actor
let another: Actor
let stranger: Actor
let codes: Readonly<Record<'person' | 'case' | 'need' | 'service' | 'contact', string>>
let ids: readonly string[]

beforeAll(async () => {
  log = await sealedLog()
  owner = ownerOf(log)
  const [first, second] = await officesOfOneNetwork(owner, 2)
  if (first === undefined || second === undefined) throw new Error('Two agencies')
  ;[harbour, clinic] = [first, second]
  const { network } = harbour.admin
  auditor = await outsider(owner, 'auditor', { network })
  another = await outsider(owner, 'auditor', { network })
  stranger = await outsider(owner, 'auditor')
  await signedAgreement([harbour, clinic])
  const { caseworker, supervisor } = harbour
  const person = await registeredPerson(
    caseworker,
    registerPersonInput.parse({
      identity: { names: [`${NAME} Quillon`], emails: [{ value: `${NAME.toLowerCase()}@x.example` }] },
    }),
  )
  const file = (await openedCase(caseworker, { person })).code
  codes = {
    ...{ person, case: file },
    need: (await openNeed(caseworker, { case: file })).code,
    service: (await loggedService(caseworker, { case: file, note: `Note ${WORDS}` })).code,
    contact: (await loggedContact(caseworker, { case: file, text: `Text ${WORDS}` })).code,
  }
  valueOf(await readIdentity(caseworker, { person }))
  valueOf(await viewPerson(supervisor, { person }))
  // Off the team and elsewhere: refusals that name the person's and the case's own codes.
  await viewPerson(clinic.caseworker, { person })
  await readIdentity(harbour.colleague, { person })
  await callApi('GET', `/cases/${file}`, { token: await tokenFor(owner, clinic.caseworker) })
  const rows = await owner<{ person: string; file: string }[]>`
    SELECT c.person_id AS person, c.id AS file FROM case_file c WHERE c.code = ${file}`
  ids = rows.flatMap((row) => [row.person, row.file])
})
afterAll(async () => {
  await owner.end()
  await log.drop()
})

const listed = async (actor: Actor, filters: object = {}) =>
  valueOf(await listOversightEvents(actor, oversightFilters.parse({ limit: 200, ...filters })))
const pseudonym = async (actor: Actor) => {
  const [event] = (await listed(actor, { type: 'identity.read' })).items
  return event?.subject ?? ''
}

describe('the network’s log as an auditor reads it', () => {
  it('names persons and cases by the body’s own pseudonyms, and nothing else of them', async () => {
    const { items } = await listed(auditor)
    const own = await pseudonym(auditor)
    expect(parseCode(own, 'AUD')).toBe(own)
    expect(await pseudonym(auditor)).toBe(own)
    expect(await pseudonym(another)).not.toBe(own)
    const registered = items.find(({ type }) => type === 'person.registered')
    expect(registered?.subject).toBe(own)
    const opened = items.find(({ type }) => type === 'case.opened')
    expect(opened).toMatchObject({ subject: own, record: 'CAS' })
    expect(parseCode(opened?.case ?? '', 'AUD')).not.toBe(own)
    const refused = items.filter(({ type, subject }) => type === 'access.refused' && subject === own)
    expect(refused.map(({ agency }) => agency)).toContain(clinic.agency.key)
    const text = JSON.stringify(items)
    for (const secret of [NAME, WORDS, ...Object.values(codes), ...ids, harbour.caseworker.displayName])
      expect(text, secret).not.toContain(secret)
  })

  it('L07: tells of one person who looked, when, at which agency, in which role and on what basis', async () => {
    const { items } = await listed(auditor, { view: 'looks', subject: await pseudonym(auditor) })
    const looks = items.map(({ type }) => type)
    expect(looks).toEqual(expect.arrayContaining(['identity.read', 'person.viewed']))
    expect(items.every(({ action }) => ['read', 'list', 'search'].includes(action))).toBe(true)
    const [supervisors] = await listed(auditor, { view: 'looks', actor: await memberCode(harbour.supervisor) }).then(
      (page) => page.items,
    )
    expect(supervisors).toMatchObject({ type: 'person.viewed', roles: ['supervisor'], agency: harbour.agency.key })
  })

  it('goes by view, type, agency, member, subject and time, and pages by key in both directions', async () => {
    const whole = (await listed(auditor)).items.map(({ code }) => code)
    for (const filters of [
      {},
      { view: 'looks' },
      { agency: harbour.agency.key },
      { from: '2020-01-01', to: '2999-01-01' },
    ]) {
      const all = (await listed(auditor, filters)).items
      const old = await listed(another, { ...filters, limit: 5 })
      const next = await listed(another, { ...filters, limit: 5, cursor: old.nextCursor ?? '' })
      const back = await listed(another, { ...filters, limit: 5, cursor: next.earlierCursor ?? '' })
      expect(back.items.map(({ code }) => code)).toEqual(old.items.map(({ code }) => code))
      expect(all.length).toBeGreaterThan(0)
      expect(new Set([...old.items, ...next.items].map(({ code }) => code)).size).toBe(
        old.items.length + next.items.length,
      )
    }
    expect(whole.length).toBeGreaterThan(10)
    expect((await listed(auditor, { to: '2020-01-01' })).items).toEqual([])
    expect((await listed(auditor, { view: 'rights' })).items.map(({ type }) => type)).toContain('agreement.signed')
    const types = new Set((await listed(auditor, { view: 'refusals' })).items.map(({ type }) => type))
    expect([...types]).toEqual(['access.refused'])
    for (const view of OVERSIGHT_VIEWS) expect((await listOversightEvents(auditor, { view })).ok, view).toBe(true)
    for (const asked of [{ subject: codes.person }, { actor: 'x' }, { cursor: 'x' }])
      expect(await listOversightEvents(auditor, asked)).toMatchObject({ refusal: 'invalid' })
  })

  it('is another network’s for its own auditors, and nobody’s else', async () => {
    const foreign = await listed(stranger)
    expect(foreign.items.some(({ agency }) => [harbour.agency.key, clinic.agency.key].includes(agency))).toBe(false)
    const own = await pseudonym(auditor)
    expect((await listed(stranger, { subject: own })).items).toEqual([])
    expect((await listed(another, { subject: own })).items).toEqual([])
    const system = await outsider(owner, 'system_admin')
    const coordinator = await outsider(owner, 'coordinator', { network: harbour.admin.network })
    for (const actor of [harbour.caseworker, harbour.supervisor, harbour.admin, coordinator, system]) {
      expect(await listOversightEvents(actor, {})).toMatchObject({ refusal: 'forbidden' })
      const asked = withActor(actor, async (tx) => ok(await listOversightRows(tx, {}, null, 10)))
      await expect(asked, 'the database too').rejects.toThrow(/permission denied/)
    }
  })

  it('looks into an index for every way of asking, among however many events', async () => {
    await owner`
      INSERT INTO audit_event (code, at, agency_id, type, action, outcome, actor_id, canonical, hash, txid)
      SELECT 'EVT-' || n, now() - interval '1 year' - n * interval '1 second', ${clinic.agency.id}, 'case.listed', 'list', 'success',
        ${clinic.caseworker.member}, '{}', '', 1 FROM generate_series(1, 20000) n`
    await owner`ANALYZE audit_event`
    const subject = await pseudonym(auditor)
    const queries: readonly OversightQuery[] = [
      {},
      { type: 'identity.read' },
      { view: 'exports' },
      { subject },
      { actor: await memberCode(harbour.supervisor) },
      { agency: harbour.agency.key, from: '2026-01-01T00:00:00Z' },
    ]
    for (const query of queries) {
      const read = await withActor(auditor, async (tx) => {
        await listOversightRows(tx, query, null, 51)
        const rows = await tx.$queryRaw<{ scanned: bigint; fetched: bigint }[]>`
          SELECT coalesce(seq_tup_read, 0) AS scanned, coalesce(idx_tup_fetch, 0) AS fetched FROM pg_stat_xact_user_tables
          WHERE relname = 'audit_event'`
        return ok(rows[0] ?? { scanned: 0n, fetched: 0n })
      })
      const { scanned, fetched } = valueOf(read)
      expect(Number(scanned), JSON.stringify(query)).toBe(0)
      expect(Number(fetched), JSON.stringify(query)).toBeLessThan(500)
    }
    await owner`ALTER TABLE audit_event DISABLE TRIGGER USER`
    await owner`DELETE FROM audit_event WHERE canonical = '{}'`
    await owner`ALTER TABLE audit_event ENABLE TRIGGER USER`
  })
})

describe('the proof of one event', () => {
  const provenBy = async (actor: Actor, event: string): Promise<EventProof> => {
    const { proof } = valueOf(await proveEvent(actor, { event }))
    if (proof === null) throw new Error('It is sealed')
    return proof
  }

  it('leads from the event to a signed checkpoint, offline, and fails for anything else', async () => {
    await sealAll(owner)
    const { items } = await listed(auditor, { subject: await pseudonym(auditor) })
    await sealAll(owner)
    for (const { code } of items) {
      const proof = await provenBy(auditor, code)
      const key = parseKeyLine(proof.publicKey)
      if (key === null) throw new Error('A key')
      expect(faultOfProof(proof, [key]), code).toBeNull()
      expect(proof.text, 'the text names the agency’s codes').toBeNull()
      const other = 'ab'.repeat(32)
      expect(faultOfProof({ ...proof, leaf: other }, [key])).toBe('path')
      expect(faultOfProof({ ...proof, path: [...proof.path.slice(1), other] }, [key])).toBe('path')
      expect(faultOfProof({ ...proof, size: proof.size + 1 }, [key])).toBe('checkpoint')
      expect(faultOfProof({ ...proof, checkpoint: proof.checkpoint.replace('epoch 1', 'epoch 2') }, [key])).toBe(
        'checkpoint',
      )
    }
    const code = items[0]?.code ?? ''
    const token = await tokenFor(owner, auditor)
    const answer = await callApi('GET', `/audit/events/${code}/proof`, { token })
    const file = join(log.dataDirectory, 'proof.json')
    await writeFile(file, answer.text)
    const { publicKey } = await provenBy(auditor, code)
    expect(await verifyProofFile(file, [publicKey])).toMatchObject({ fault: null, proof: { code } })
  })

  it('comes with the event’s text for those who may read it, and not at all for others', async () => {
    const [event] = (await listed(auditor, { type: 'identity.read' })).items
    const code = event?.code ?? ''
    const proof = await provenBy(harbour.caseworker, code)
    const key = parseKeyLine(proof.publicKey)
    if (key === null) throw new Error('A key')
    expect(proof.text).toContain(codes.person)
    expect(faultOfProof(proof, [key])).toBeNull()
    expect(faultOfProof({ ...proof, text: `${proof.text ?? ''} ` }, [key])).toBe('text')
    for (const actor of [harbour.colleague, clinic.supervisor, stranger])
      expect(await proveEvent(actor, { event: code })).toMatchObject({ refusal: 'not_found' })
    for (const actor of [harbour.supervisor, stranger])
      expect(await viewOversightEvent(actor, { event: code })).toMatchObject({ refusal: 'not_found' })
  })

  it('says so while an event is not sealed yet', async () => {
    await viewPerson(harbour.caseworker, { person: codes.person })
    const [event] = (await listed(auditor, { type: 'person.viewed' })).items
    expect(valueOf(await proveEvent(auditor, { event: event?.code ?? '' })).proof).toBeNull()
  })
})

describe('trap T8: what is open to an auditor', () => {
  it('names nobody: every answer of the API, searched for what stands in a record', async () => {
    const token = await tokenFor(owner, auditor)
    const [event] = (await listed(auditor, { type: 'identity.read' })).items
    const over = { from: 'event', code: event?.code, agency: harbour.agency.key, subject: 'looks' }
    const finding = await sentFinding(auditor, over)
    const said = { answer: `We asked ${NAME} about it`, action: 'A note', actionDue: '2999-01-01' }
    const answer = (detail: typeof said) => moveFinding(harbour.supervisor, { finding, move: 'answer', detail })
    expect(await answer(said)).toMatchObject({ refusal: 'invalid', reason: 'identity' })
    valueOf(await answer({ ...said, answer: 'We asked about it' }))
    const drawn = valueOf(await drawSample(auditor, drawSampleInput.parse({ spread: 'random', size: 1 })))
    const params: Readonly<Record<string, string>> = {
      findingCode: finding,
      ...{ sampleCode: drawn.code, fileCode: drawn.items[0]?.code ?? '' },
      ...{ personCode: codes.person, caseCode: codes.case, needCode: codes.need, serviceCode: codes.service },
      ...{ contactCode: codes.contact, eventCode: event?.code ?? '', agencyKey: harbour.agency.key },
    }
    const searched: string[] = []
    for (const endpoint of CATALOGUE.filter(({ method }) => method === 'GET')) {
      const address = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'AUD-000000000')
      const { status, text } = await callApi('GET', address, { token })
      if (status === 200) searched.push(endpoint.path)
      for (const secret of [NAME, WORDS, ...Object.values(codes), ...ids])
        expect(text, `${address} ${secret}`).not.toContain(secret)
    }
    expect(searched).toEqual(
      expect.arrayContaining([
        ...['/audit/events', '/audit/events/{eventCode}/proof'],
        ...['/oversight/findings', '/oversight/findings/{findingCode}'],
        ...['/oversight/samples/{sampleCode}', '/oversight/samples/{sampleCode}/files/{fileCode}'],
      ]),
    )
  })

  it('is said table by table: the auditor’s role reads nothing of persons, cases, notes, packages or the log itself', async () => {
    const rows = await owner<{ name: string }[]>`
      SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'p', 'm')
        AND has_any_column_privilege(app.db_role('auditor'), c.oid, 'SELECT') ORDER BY 1`
    expect(rows.map(({ name }) => name)).toEqual(READABLE)
    const bytes = await owner<{ name: string }[]>`
      SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND a.attnum > 0 AND NOT a.attisdropped AND format_type(a.atttypid, NULL) = 'bytea'
        AND c.relkind = 'r' AND has_column_privilege(app.db_role('auditor'), c.oid, a.attnum, 'SELECT') ORDER BY 1`
    // A member's own: what they sent twice and what they searched for.
    expect(bytes.map(({ name }) => name)).toEqual([
      'idempotency_key.body_hash',
      'search_handle.hash',
      'search_handle.sealed',
    ])
    const written = await owner<{ name: string }[]>`
      SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT c.relname = ANY (${READABLE})
        AND (has_any_column_privilege(app.db_role('auditor'), c.oid, 'INSERT')
          OR has_any_column_privilege(app.db_role('auditor'), c.oid, 'UPDATE')
          OR has_table_privilege(app.db_role('auditor'), c.oid, 'DELETE'))`
    expect(written).toEqual([])
  })
})

/** Reference data, the network's offices, and what is the member's own. */
const READABLE = [
  'agency',
  'agency_unit',
  'assistance_category',
  'audit_event_type',
  'idempotency_key',
  'mandate_paragraph',
  'member',
  'network',
  'network_area',
  'network_holiday',
  'notice',
  'notice_kind',
  'notice_preference',
  'saved_view',
  'search_handle',
  'service_type',
  'unit_cover',
]

async function memberCode({ member }: Actor): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${member}`
  return row?.code ?? ''
}
