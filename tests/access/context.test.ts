import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type postgres from 'postgres'

import { ActorEnded, withActor } from '@/lib/access/with-actor'
import { lookOf, record } from '@/lib/audit/record'
import { appClient } from '@/lib/platform/db/client'
import { ok, refuse } from '@/lib/platform/result'
import { office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { seedOneCase, type OneCase } from '@/tests/support/seed-one-case'

let database: TestDatabase
let owner: postgres.Sql
let own: OneCase
let other: Office

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  own = await seedOneCase(owner)
  other = await office(owner)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const CASE_TABLES = [
  'person',
  'person_profile',
  'person_key',
  'safe_contact',
  'search_token',
  'case_file',
  'case_content',
  'assignment',
  'case_service_count',
  'need',
  'service',
  'service_mandate',
  'service_detail',
  'service_version',
  'contact_entry',
  'task',
  'audit_event',
] as const

/** A signed context as the database gives it, to be used in ways it is not meant for. */
async function contextOf(
  hash: Uint8Array,
  sql: postgres.TransactionSql,
): Promise<{ context: string; db_role: string }> {
  const [row] = await sql<
    { context: string; db_role: string }[]
  >`SELECT context, db_role FROM app.open_session(${hash})`
  if (row === undefined) throw new Error('No context')
  return row
}

function hashOf(actor: Office['caseworker']): Uint8Array {
  if (actor.credential.kind !== 'session') throw new Error('Not a session')
  return actor.credential.hash
}

/** What each case table shows with these settings, as the application's login role. */
async function seenWith(settings: (sql: postgres.TransactionSql) => Promise<void>): Promise<Record<string, number>> {
  const app = ownerOf({ ownerUrl: database.appUrl })
  try {
    return await app.begin(async (sql) => {
      await settings(sql)
      const seen: Record<string, number> = {}
      for (const table of CASE_TABLES) {
        const [row] = await sql`SELECT count(*)::int AS n FROM ${sql(table)}`
        seen[table] = Number(row?.['n'])
      }
      return seen
    })
  } finally {
    await app.end()
  }
}

const NOTHING = Object.fromEntries(CASE_TABLES.map((table) => [table, 0]))

describe('the signed context', () => {
  it('opens the own agency to its member, so that the rest of this file means something', async () => {
    const seen = await seenWith(async (sql) => {
      const { context, db_role } = await contextOf(hashOf(own.caseworker), sql)
      await sql`SELECT set_config('app.context', ${context}, true), set_config('role', ${db_role}, true)`
    })
    expect(Object.entries(seen).filter(([, n]) => n === 0)).toEqual([])
  })

  it("T11, T03: with another agency's context every case table is empty", async () => {
    const seen = await seenWith(async (sql) => {
      const { context, db_role } = await contextOf(hashOf(other.caseworker), sql)
      await sql`SELECT set_config('app.context', ${context}, true), set_config('role', ${db_role}, true)`
    })
    expect(seen).toEqual(NOTHING)
  })

  it.each<[string, (context: string) => string]>([
    ['another agency in the text', (context) => context.replace(/[0-9a-f-]{36}/, own.agency.id)],
    ['a later end', (context) => context.replace(/\|(\d{10})\|/, '|9999999999|')],
    ['another signature', (context) => context.replace(/.$/, (sign) => (sign === '0' ? '1' : '0'))],
    ['no signature', (context) => context.replace(/\|[0-9a-f]+$/, '|')],
    ['rubbish', () => 'x|y'],
    ['nothing', () => ''],
  ])('T11: a forged context (%s) opens nothing', async (_what, forge) => {
    const seen = await seenWith(async (sql) => {
      const { context, db_role } = await contextOf(hashOf(other.caseworker), sql)
      await sql`SELECT set_config('app.context', ${forge(context)}, true), set_config('role', ${db_role}, true)`
    })
    expect(seen).toEqual(NOTHING)
  })

  it('T11: is good for the role that it names only', async () => {
    const plain = await seenWith(async (sql) => {
      const { context } = await contextOf(hashOf(own.caseworker), sql)
      await sql`SELECT set_config('app.context', ${context}, true)`
    })
    expect(plain).toEqual(NOTHING)
  })

  it('T11: is good for the connection that it was made on only', async () => {
    const elsewhere = ownerOf({ ownerUrl: database.appUrl })
    const stolen = await elsewhere.begin((sql) => contextOf(hashOf(own.caseworker), sql))
    const seen = await seenWith(async (sql) => {
      await sql`SELECT set_config('app.context', ${stolen.context}, true), set_config('role', ${stolen.db_role}, true)`
    })
    await elsewhere.end()
    expect(seen).toEqual(NOTHING)
  })

  it('T11: the key that signs it is out of reach', async () => {
    const app = ownerOf({ ownerUrl: database.appUrl })
    await expect(app`SELECT * FROM app.context_key`).rejects.toThrow(/permission denied/)
    await expect(app`SELECT app.sign_context('amparo_member', NULL, NULL, NULL, NULL, NULL, NULL, 1)`).rejects.toThrow(
      /permission denied/,
    )
    await expect(app`SELECT * FROM app.open_operator('x@y.example')`).rejects.toThrow(/permission denied/)
    await app.end()
  })

  it('T16, A07: ends at once with the session, also for an actor at hand', async () => {
    const fresh = await office(owner)
    expect(await withActor(fresh.caseworker, () => Promise.resolve(ok(1)))).toEqual(ok(1))
    await owner`UPDATE session SET ended_at = clock_timestamp() WHERE member_id = ${fresh.caseworker.member}`
    await expect(withActor(fresh.caseworker, () => Promise.resolve(ok(1)))).rejects.toThrow(ActorEnded)
  })
})

describe('who has casework', () => {
  it('trap T17: administrators, coordinators and auditors see no row of a case table', async () => {
    const actors = [
      own.admin,
      await outsider(owner, 'coordinator'),
      await outsider(owner, 'auditor'),
      await outsider(owner, 'system_admin'),
    ]
    for (const actor of actors) {
      const seen = await seenWith(async (sql) => {
        const { context, db_role } = await contextOf(hashOf(actor), sql)
        await sql`SELECT set_config('app.context', ${context}, true), set_config('role', ${db_role}, true)`
      }).catch((error: unknown) => String(error))
      // A role without a grant is refused; a role with one finds nothing.
      if (typeof seen === 'string') expect(seen).toMatch(/permission denied/)
      else expect({ ...seen, audit_event: 0 }).toEqual(NOTHING)
    }
  })

  it('shows colleagues the skeleton and the team the content', async () => {
    const count = (actor: Office['caseworker']) =>
      withActor(actor, async (tx) =>
        ok({
          skeleton: await tx.caseFile.count(),
          line: await tx.service.count(),
          detail: await tx.serviceDetail.count(),
          content: await tx.caseContent.count(),
          contacts: await tx.contactEntry.count(),
          profile: await tx.personProfile.count(),
        }),
      )
    expect(await count(own.colleague)).toEqual(
      ok({ skeleton: 1, line: 1, detail: 0, content: 0, contacts: 0, profile: 0 }),
    )
    expect(await count(own.caseworker)).toEqual(
      ok({ skeleton: 1, line: 1, detail: 1, content: 1, contacts: 1, profile: 1 }),
    )
    expect(await count(own.supervisor)).toEqual(
      ok({ skeleton: 1, line: 1, detail: 1, content: 1, contacts: 1, profile: 1 }),
    )
  })
})

describe('looks', () => {
  it('invariant 2: identity, notes and texts cannot be selected, only asked for through functions that log', async () => {
    for (const table of ['person_identity', 'service_note', 'contact_text']) {
      await expect(
        withActor(own.caseworker, async (tx) => ok(await tx.$queryRawUnsafe(`SELECT * FROM ${table}`))),
      ).rejects.toThrow(/permission denied|denied/i)
    }
    const before = await owner`SELECT count(*)::int AS n FROM audit_event WHERE type = 'service-note.read'`
    const notes = await withActor(own.caseworker, async (tx) =>
      ok(
        await tx.$queryRaw<
          unknown[]
        >`SELECT * FROM app.read_service_notes(${own.service}::uuid, ${lookOf(tx, 'case')}::jsonb)`,
      ),
    )
    expect(notes.ok && notes.value.length).toBe(1)
    const after = await owner`SELECT count(*)::int AS n FROM audit_event WHERE type = 'service-note.read'`
    expect(Number(after[0]?.['n'])).toBe(Number(before[0]?.['n']) + 1)
  })

  it('invariant 2: off the team they answer nothing and log nothing', async () => {
    for (const actor of [own.colleague, own.admin, other.caseworker]) {
      const read = await withActor(actor, async (tx) => {
        const look = lookOf(tx, 'case')
        const identity = await tx.$queryRaw<
          unknown[]
        >`SELECT * FROM app.read_identity(${[own.person]}::uuid[], ${look}::jsonb)`
        const notes = await tx.$queryRaw<
          unknown[]
        >`SELECT * FROM app.read_service_notes(${own.service}::uuid, ${look}::jsonb)`
        const texts = await tx.$queryRaw<
          unknown[]
        >`SELECT * FROM app.read_contact_texts(${[own.contact]}::uuid[], ${look}::jsonb)`
        return ok(identity.length + notes.length + texts.length)
      })
      expect(read).toEqual(ok(0))
    }
  })

  it('trap T6, L01: when the log cannot be written, the read fails', async () => {
    await owner`ALTER TABLE audit_event ADD CONSTRAINT out_of_order CHECK (false) NOT VALID`
    await expect(
      withActor(own.caseworker, async (tx) =>
        ok(await tx.$queryRaw`SELECT * FROM app.read_identity(${[own.person]}::uuid[], ${lookOf(tx, 'case')}::jsonb)`),
      ),
    ).rejects.toThrow()
    await owner`ALTER TABLE audit_event DROP CONSTRAINT out_of_order`
  })
})

describe('the log', () => {
  it('L02: takes no UPDATE, DELETE or TRUNCATE from the application, a job or the owner', async () => {
    const app = ownerOf({ ownerUrl: database.appUrl })
    const worker = ownerOf({ ownerUrl: database.workerUrl })
    for (const sql of [app, worker, owner]) {
      await expect(sql`UPDATE audit_event SET type = 'case.viewed'`).rejects.toThrow(/permission denied|inserts only/)
      await expect(sql`DELETE FROM audit_event`).rejects.toThrow(/permission denied|inserts only/)
      await expect(sql`TRUNCATE audit_event`).rejects.toThrow(/permission denied|inserts only/)
    }
    await expect(
      withActor(own.caseworker, async (tx) => ok(await tx.$executeRaw`UPDATE audit_event SET type = 'case.viewed'`)),
    ).rejects.toThrow(/denied/i)
    await Promise.all([app.end(), worker.end()])
  })

  it('trap T7: takes only names of its own list, and the actor from the context', async () => {
    await expect(
      withActor(own.caseworker, async (tx) =>
        ok(await tx.$queryRaw`SELECT app.record_event('{"type":"made.up"}'::jsonb)`),
      ),
    ).rejects.toThrow(/No event type/)
    await withActor(own.caseworker, async (tx) => {
      await tx.$queryRaw`SELECT app.record_event(${JSON.stringify({ type: 'case.viewed', action: 'delete', actor: other.caseworker.member, agency: other.agency.id })}::jsonb)`
      return ok(undefined)
    })
    const [event] = await owner`SELECT action, actor_id, agency_id FROM audit_event ORDER BY id DESC LIMIT 1`
    expect(event).toEqual({ action: 'read', actor_id: own.caseworker.member, agency_id: own.agency.id })
  })

  it('keeps the exact canonical text with its hash and transaction', async () => {
    const bad =
      await owner`SELECT code FROM audit_event WHERE hash <> sha256(convert_to(canonical, 'UTF8')) OR canonical::jsonb ->> 'txid' <> txid::text OR canonical::jsonb ->> 'code' <> code`
    expect([...bad]).toEqual([])
  })

  it('T09: a refusal after writes leaves the refusal only, an error leaves nothing', async () => {
    const before =
      await owner`SELECT (SELECT count(*) FROM need)::int AS needs, (SELECT count(*) FROM audit_event)::int AS events`
    const write = async (tx: Parameters<Parameters<typeof withActor>[1]>[0]) => {
      await tx.need.updateMany({ where: { caseId: own.case }, data: { urgency: 'emergency' } })
      await record(tx, { type: 'need.changed' })
    }
    const refused = await withActor(own.caseworker, async (tx) => {
      await write(tx)
      return refuse('conflict', 'wrong_state')
    })
    expect(refused.ok).toBe(false)
    await expect(
      withActor(own.caseworker, async (tx) => {
        await write(tx)
        throw new Error('Fault')
      }),
    ).rejects.toThrow('Fault')
    const [after] =
      await owner`SELECT (SELECT count(*) FROM need)::int AS needs, (SELECT count(*) FROM audit_event)::int AS events, (SELECT urgency FROM need LIMIT 1) AS urgency`
    expect(after).toEqual({
      needs: Number(before[0]?.['needs']),
      events: Number(before[0]?.['events']) + 1,
      urgency: 'routine',
    })
    const [last] = await owner`SELECT type, outcome, basis FROM audit_event ORDER BY id DESC LIMIT 1`
    expect(last).toEqual({ type: 'access.refused', outcome: 'conflict', basis: 'wrong_state' })
  })

  it('T10: many mixed transactions at once leave no wrong row and no open transaction', async () => {
    const actors = [own.caseworker, own.supervisor, own.colleague, other.caseworker]
    const rounds = Array.from({ length: 400 }, (_, index) => index)
    const outcomes = await Promise.allSettled(
      rounds.map((index) => {
        const actor = actors[index % actors.length] ?? own.caseworker
        return withActor(actor, async (tx) => {
          const rows = await tx.caseFile.findMany({ select: { agencyId: true } })
          if (rows.some((row) => row.agencyId !== actor.agency)) throw new Error('CROSSED')
          if (index % 7 === 0) await tx.$queryRaw`SELECT 1 / 0`
          if (index % 11 === 0) throw new Error('Fault')
          if (index % 13 === 0) return refuse('forbidden')
          return ok(rows.length)
        })
      }),
    )
    expect(outcomes.filter((o) => o.status === 'rejected' && String(o.reason).includes('CROSSED'))).toEqual([])
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled' && outcome.value.ok)
        expect(outcome.value.value).toBe(actors[index % actors.length]?.agency === own.agency.id ? 1 : 0)
    }
    const idle =
      await owner`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`
    expect([...idle]).toEqual([])
    expect(await appClient().person.count()).toBe(0)
  })
})
