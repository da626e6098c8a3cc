import fc from 'fast-check'
import pg from 'pg'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import type { LogFilters, LogPageView } from '@/lib/audit/log/schema'
import { listAuditEvents } from '@/lib/audit/log/service'
import { record } from '@/lib/audit/record'
import { restrictCase, viewCase } from '@/lib/cases/service'
import { createLog } from '@/lib/platform/log'
import { ok } from '@/lib/platform/result'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let legal: Office
let open: { person: string; code: string }
let hidden: { person: string; code: string }

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  legal = await office(owner)
  const make = async (actor: Actor) => {
    const person = await registeredPerson(actor)
    return { person, code: (await openedCase(actor, { person })).code }
  }
  open = await make(harbour.caseworker)
  hidden = await make(harbour.colleague)
  valueOf(await restrictCase(harbour.colleague, { case: hidden.code }))
  await make(legal.caseworker)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

async function logOf(actor: Actor, filters: LogFilters = {}): Promise<LogPageView> {
  return valueOf(await listAuditEvents(actor, { limit: 200, ...filters }))
}

const subjects = (page: LogPageView) => new Set(page.items.map(({ subject }) => subject))

/** How PostgreSQL carries out the statement with which the log reads its page. */
async function planOfList(actor: Actor, work: () => Promise<unknown>): Promise<string> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  await work()
  const statements = spy.mock.calls.map(([statement]) => statement as unknown as { text?: string; values: unknown[] })
  spy.mockRestore()
  const { text = '', values = [] } = statements.find(({ text }) => text?.includes('e.network_prefix AS network')) ?? {}
  return valueOf(
    await withActor(actor, async (tx) => {
      const lines = await tx.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, ...values)
      return ok(lines.map((line) => line['QUERY PLAN']).join('\n'))
    }),
  )
}

describe('the log', () => {
  it('shows a caseworker the cases that they are on, and nothing of others', async () => {
    const own = subjects(await logOf(harbour.caseworker))
    expect(own).toContain(open.code)
    expect(own).toContain(open.person)
    expect(own).not.toContain(hidden.code)
    expect(subjects(await logOf(harbour.colleague))).toContain(hidden.code)
  })

  it('shows a supervisor the agency, but for what a restricted case hides from everyone off its team', async () => {
    const page = await logOf(harbour.supervisor)
    expect(page).toMatchObject({ scope: 'agency', scopes: ['agency', 'cases'] })
    expect(subjects(page)).toContain(open.code)
    const text = JSON.stringify(page)
    expect(text).not.toContain(hidden.code)
    expect(text).not.toContain(hidden.person)
    expect((await logOf(harbour.supervisor, { subject: hidden.code })).items).toEqual([])
    const [strange] = await owner<{ id: string }[]>`SELECT id FROM agency WHERE id = ${legal.agency.id}`
    expect(strange).toBeDefined()
    expect(new Set(page.items.map(({ by }) => by)).has(legal.caseworker.displayName)).toBe(false)
  })

  it('shows administrators what happened to accounts, of their agency or of all, and no record of a person', async () => {
    const created = { name: 'laptop' }
    await withActor(harbour.caseworker, async (tx) => {
      await record(tx, { type: 'token.created', subject: created.name })
      return ok()
    })
    const own = await logOf(harbour.admin)
    expect(own).toMatchObject({ scope: 'accounts' })
    expect(own.items.map(({ type }) => type)).toContain('token.created')
    expect(own.types).toEqual(
      expect.arrayContaining(['token.created', 'provider.removed', 'export.started', 'unit.changed']),
    )
    expect(
      own.types.filter((type) => /^(person|case|service|need|contact)[.]|[.](listed|viewed|read)$/.test(type)),
    ).toEqual([])
    expect(own.items.every(({ type }) => own.types.includes(type))).toBe(true)
    expect(subjects(await logOf(legal.admin))).not.toContain(created.name)
    expect(subjects(await logOf(await outsider(owner, 'system_admin')))).toContain(created.name)
  })

  it('finds what happened to accounts by its index, among however many other events', async () => {
    await owner`
      INSERT INTO audit_event (code, at, agency_id, type, action, outcome, actor_id, canonical, hash, txid)
      SELECT 'EVT-' || n, now() - n * interval '1 second', ${harbour.agency.id}, 'case.listed', 'list', 'success',
        ${harbour.caseworker.member}, '{}', '', 1 FROM generate_series(1, 6000) n`
    await owner`ANALYZE audit_event`
    for (const [actor, filters] of [
      [harbour.admin, {}],
      [harbour.admin, { type: 'member.invited', from: '2026-01-01' }],
      [await outsider(owner, 'system_admin'), {}],
    ] as const) {
      const plan = await planOfList(actor, () => logOf(actor, { ...filters, limit: 50 }))
      expect(plan).toContain('audit_event_agency_id_type_at_id_idx')
      expect(plan).not.toMatch(/(Seq|Bitmap Heap) Scan on audit_event e/)
    }
  })

  it('is closed to auditors, who have one of their own, and to a role for another part than its own', async () => {
    expect(await listAuditEvents(await outsider(owner, 'auditor'), {})).toMatchObject({ refusal: 'forbidden' })
    const coordinator = await outsider(owner, 'coordinator')
    for (const scope of ['agency', 'cases', 'accounts'] as const)
      expect(await listAuditEvents(coordinator, { scope })).toMatchObject({ refusal: 'forbidden' })
    expect(await logOf(coordinator)).toMatchObject({ scopes: ['referrals'], items: [] })
    expect(await listAuditEvents(harbour.caseworker, { scope: 'agency' })).toMatchObject({ refusal: 'forbidden' })
    expect(await listAuditEvents(harbour.admin, { scope: 'cases' })).toMatchObject({ refusal: 'forbidden' })
  })

  it('lets a member with two roles choose', async () => {
    const both = await memberOf(owner, harbour.agency.id, ['caseworker', 'agency_admin'], null)
    expect((await logOf(both)).scopes).toEqual(['cases', 'accounts'])
    expect((await logOf(both, { scope: 'accounts' })).scope).toBe('accounts')
  })

  it('filters by type, record and day', async () => {
    const opened = await logOf(harbour.supervisor, { type: 'case.opened' })
    expect(new Set(opened.items.map(({ type }) => type))).toEqual(new Set(['case.opened']))
    const about = await logOf(harbour.supervisor, { subject: open.person })
    expect(subjects(about)).toEqual(new Set([open.person, open.code]))
    const today = new Date().toISOString().slice(0, 10)
    expect((await logOf(harbour.supervisor, { from: today, to: today })).items.length).toBeGreaterThan(0)
    expect((await logOf(harbour.supervisor, { to: '2020-01-01' })).items).toEqual([])
    expect(await listAuditEvents(harbour.supervisor, { subject: 'CAS-1' })).toMatchObject({ refusal: 'invalid' })
  })

  it('goes page by page, each event once, forwards and back', async () => {
    for (let n = 0; n < 6; n += 1) valueOf(await viewCase(harbour.caseworker, { case: open.code }))
    for (const actor of [harbour.caseworker, harbour.supervisor]) {
      const filters = { type: 'case.viewed', limit: 2 }
      const seen: string[] = []
      let page = await logOf(actor, filters)
      const first = page.items.map(({ code }) => code)
      for (;;) {
        seen.push(...page.items.map(({ code }) => code))
        if (page.nextCursor === null) break
        page = await logOf(actor, { ...filters, cursor: page.nextCursor })
      }
      expect(seen.length).toBeGreaterThan(5)
      expect(new Set(seen).size).toBe(seen.length)
      while (page.earlierCursor !== null) page = await logOf(actor, { ...filters, cursor: page.earlierCursor })
      expect(page.items.map(({ code }) => code)).toEqual(first)
    }
    const cursor = (await logOf(harbour.supervisor, { limit: 1 })).nextCursor ?? ''
    expect(await listAuditEvents(harbour.supervisor, { type: 'case.viewed', cursor })).toMatchObject({
      refusal: 'invalid',
    })
  })

  it('is answered by the API as far as the token’s member may see, and reading it is on it', async () => {
    const answer = await callApi('GET', '/audit/events?type=case.opened', {
      token: await tokenFor(owner, harbour.supervisor),
    })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain(open.code)
    expect(answer.text).not.toContain(hidden.code)
    const listed = await logOf(harbour.supervisor, { type: 'audit.listed' })
    expect(listed.items[0]).toMatchObject({ by: harbour.supervisor.displayName, purpose: 'agency' })
  })
})

/** Signs that could end a line, move the cursor of a terminal, or turn the direction of what follows. */
const NASTY = [
  '\r\n',
  '\n',
  '\u001b[2J',
  '\u009b31m',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u2028',
  '\u0085',
  '\u0000',
  '\ufeff',
  '\u{e0041}',
]
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/u

describe('L08: what reaches a log', () => {
  it('stays on its line and shows what it is, in every text of an event', async () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...NASTY.filter((sign) => sign !== '\u0000')), fc.string({ maxLength: 4 })))
      .map((parts) =>
        // PostgreSQL stores no zero byte and no half of a pair: those never arrive.
        parts
          .join('')
          .replaceAll('\u0000', '')
          .replace(/[\ud800-\udfff]/g, ''),
      )
    await fc.assert(
      fc.asyncProperty(text, text, text, async (one, other, third) => {
        const actor = { ...harbour.caseworker, origin: { requestId: third, networkPrefix: one } }
        await withActor(actor, async (tx) => {
          await record(tx, { type: 'case.listed', subject: one, purpose: other, basis: third, fields: [one, third] })
          return ok()
        })
        const [event] = await owner<Record<string, unknown>[]>`
          SELECT subject, purpose, basis, fields, request_id, network_prefix, canonical FROM audit_event ORDER BY id DESC LIMIT 1`
        for (const value of Object.values(event ?? {}).flat()) expect(String(value)).not.toMatch(UNSAFE)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps plain words in any script as they are', async () => {
    await withActor(harbour.caseworker, async (tx) => {
      await record(tx, { type: 'case.listed', purpose: '个案 αβγ', basis: 'back\\slash "quoted"' })
      return ok()
    })
    const [event] = await owner`SELECT purpose, basis FROM audit_event ORDER BY id DESC LIMIT 1`
    expect(event).toEqual({ purpose: '个案 αβγ', basis: 'back\\slash "quoted"' })
  })

  it('is one line of plain signs in the application’s log as well, whatever is logged', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...NASTY), fc.string()), { minLength: 1 }), (parts) => {
        let written = ''
        const log = createLog({ write: (line) => (written += line) })
        log.info({ jobName: parts.join(''), [parts.join('')]: [parts] }, parts.join(''))
        expect(written.endsWith('\n')).toBe(true)
        expect(written.slice(0, -1)).not.toMatch(UNSAFE)
      }),
    )
  })
})
