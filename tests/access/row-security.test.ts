import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import type postgres from 'postgres'

/** Tables that hold no row of any agency: reference data and what belongs to the installation. */
const SHARED = [
  'assistance_category',
  'audit_event_type',
  'backup_run',
  'cube',
  'cube_door',
  'cube_table',
  'cube_unit',
  'disclosure_field',
  'installation',
  'job_run',
  'mandate_paragraph',
  'network',
  'network_area',
  'network_holiday',
  'network_version',
  'notice_kind',
  'oversight_rule',
  'oversight_rule_month',
  'reset_request',
  'service_type',
  'throttle',
]

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

async function ourTables(): Promise<string[]> {
  const rows = await owner<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations' ORDER BY 1`
  return rows.map((row) => row.name)
}

describe('row-level security', () => {
  it('T01: is enabled and forced on every table of ours', async () => {
    const open = await owner`
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'app') AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations'
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`
    expect([...open]).toEqual([])
    expect((await ourTables()).length).toBeGreaterThan(35)
  })

  it('T01: has a policy for each command that a role was granted', async () => {
    const bare = await owner`
      WITH granted AS (
        SELECT g.table_name, g.grantee, g.privilege_type FROM information_schema.role_table_grants g
        WHERE g.table_schema = 'public' AND g.table_name <> '_prisma_migrations' AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        UNION
        SELECT g.table_name, g.grantee, g.privilege_type FROM information_schema.column_privileges g
        WHERE g.table_schema = 'public' AND g.table_name <> '_prisma_migrations' AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE')
      )
      SELECT g.* FROM granted g JOIN pg_class c ON c.relname = g.table_name AND c.relkind = 'r'
      WHERE NOT EXISTS (
        SELECT 1 FROM pg_policies p
        WHERE p.tablename = g.table_name AND p.cmd IN (g.privilege_type, 'ALL') AND g.grantee = ANY (p.roles))`
    expect([...bare]).toEqual([])
  })

  it('T01: gives nothing to PUBLIC, and no privilege that goes round the policies', async () => {
    const loose = await owner`
      SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants
      WHERE table_schema IN ('public', 'app')
        AND (grantee = 'PUBLIC' OR privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES'))
        AND grantee <> (SELECT tableowner FROM pg_tables WHERE tablename = 'person')`
    expect([...loose]).toEqual([])
  })

  it('T01: writes state a check, so that no row can be moved to another agency', async () => {
    const unchecked = await owner`
      SELECT tablename, policyname FROM pg_policies
      WHERE schemaname = 'public' AND cmd IN ('INSERT', 'UPDATE') AND with_check IS NULL`
    expect([...unchecked]).toEqual([])
  })

  it('leads every table of agencies with an index on the agency or the member', async () => {
    const slow = await owner`
      SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'agency_id' AND NOT a.attisdropped
      WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT EXISTS (
        SELECT 1 FROM pg_index i JOIN pg_attribute f ON f.attrelid = c.oid AND f.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid AND f.attname IN ('agency_id', 'holder_agency_id', 'member_id'))`
    expect([...slow]).toEqual([])
  })

  it('shows views with the rights of whoever asks', async () => {
    const privileged = await owner`
      SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'app') AND (c.relkind = 'm'
        OR (c.relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)))`
    expect([...privileged]).toEqual([])
  })

  it('runs definer functions with a fixed search path, owned by a role that cannot log in', async () => {
    const loose = await owner`
      SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
      WHERE n.nspname IN ('app', 'public') AND p.prosecdef AND NOT (
        EXISTS (SELECT 1 FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=pg_catalog%')
        AND NOT r.rolcanlogin AND NOT r.rolsuper AND r.rolname LIKE '%\\_definer')`
    expect([...loose]).toEqual([])
  })

  it('lets nobody but those named call a function of ours', async () => {
    const open = await owner`
      SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'app' AND EXISTS (SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)`
    expect([...open]).toEqual([])
  })

  it('T07: ties tables of agencies with keys that include the agency', async () => {
    const plain = await owner`
      SELECT con.conname FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid JOIN pg_class f ON f.oid = con.confrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE con.contype = 'f' AND n.nspname = 'public' AND f.relname <> ALL (${SHARED}) AND f.relname <> 'agency'
        AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = con.conrelid AND a.attnum = ANY (con.conkey)
          AND a.attname IN ('agency_id', 'holder_agency_id', 'to_agency_id', 'identifying_agency_id', 'about_agency_id', 'member_agency_id'))`
    expect([...plain]).toEqual([])
  })
})

// pg-boss's tables: no row of any agency, only which job waits, with ids of ours in it. The policies of a row would say
// the same of every row; what counts is that no role of the application gets at them.
describe('the queue', () => {
  it('T01: forces row-level security on each of its tables', async () => {
    const tables = await owner<{ name: string; forced: boolean }[]>`
      SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pgboss' AND c.relkind IN ('r', 'p')`
    expect(tables.length).toBe(7)
    expect(tables.filter(({ forced }) => !forced)).toEqual([])
  })

  it('T02: is open to the worker, the definer and the backup, and to no other role of ours', async () => {
    const reach = await owner<{ name: string; schema: boolean; tables: number }[]>`
      SELECT r.rolname AS name, has_schema_privilege(r.oid, 'pgboss', 'USAGE') AS schema, (
        SELECT count(*)::int FROM pg_class c WHERE c.relnamespace = 'pgboss'::regnamespace AND c.relkind IN ('r', 'p')
          AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')) AS tables
      FROM pg_roles r WHERE r.rolname LIKE ${`${database.rolePrefix}%`} AND r.rolname !~ '_owner$' ORDER BY 1`
    const rights = Object.fromEntries(
      reach.map(({ name, schema, tables }) => [name.replace(database.rolePrefix, ''), schema && tables > 0]),
    )
    expect(rights).toEqual({
      app: false,
      auditor: false,
      backup: true,
      definer: true,
      desk: false,
      member: false,
      worker: true,
    })
  })

  it('T02: has no function that makes tables', async () => {
    const functions = await owner`
      SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'pgboss'`
    expect([...functions]).toEqual([])
  })
})

describe("the application's database roles", () => {
  it('T02: are no superusers, go round no policy, own nothing and inherit nothing', async () => {
    const roles = await owner`
      SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit, rolcanlogin FROM pg_roles
      WHERE rolname LIKE ${`${database.rolePrefix}%`} AND rolname !~ '_owner$' ORDER BY 1`
    expect(roles.length).toBe(7)
    for (const role of roles) {
      expect(role).toMatchObject({
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolinherit: false,
      })
      expect(role['rolcanlogin']).toBe(/_(app|worker|backup)$/.test(String(role['rolname'])))
    }
    const owned = await owner`
      SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname LIKE ${`${database.rolePrefix}%`} AND r.rolname !~ '_owner$'`
    expect([...owned]).toEqual([])
  })

  it('T02: the login role may switch to the three narrower ones and nothing else', async () => {
    const reach = await owner<{ name: string; inherit: boolean; set: boolean; admin: boolean }[]>`
      SELECT g.rolname AS name, m.inherit_option AS inherit, m.set_option AS set, m.admin_option AS admin
      FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
      WHERE u.rolname = ${`${database.rolePrefix}app`} ORDER BY 1`
    expect(reach.map((row) => row.name.replace(database.rolePrefix, ''))).toEqual(['auditor', 'desk', 'member'])
    for (const row of reach) expect(row).toMatchObject({ inherit: false, set: true, admin: false })
  })

  it('T02: auditors and coordinators have no grant on identity, notes, texts or keys', async () => {
    const rights = await owner`
      SELECT table_name, grantee FROM information_schema.column_privileges
      WHERE grantee IN (${`${database.rolePrefix}auditor`}, ${`${database.rolePrefix}desk`})
        AND table_name IN ('person_identity', 'person_key', 'agency_key', 'safe_contact', 'search_token', 'service_note', 'contact_text', 'service_version')`
    expect([...rights]).toEqual([])
  })
})

describe('the application role without an actor', () => {
  it('T03: reads no row and writes no row of any table', async () => {
    const { seedOneCase } = await import('@/tests/support/seed-one-case')
    await seedOneCase(owner)
    const app = ownerOf({ ownerUrl: database.appUrl })
    try {
      for (const table of await ourTables()) {
        const rows = await app`SELECT count(*)::int AS n FROM ${app(table)}`.catch((error: unknown) => String(error))
        if (typeof rows === 'string') expect(rows, table).toMatch(/permission denied/)
        else expect(rows[0]?.['n'], table).toBe(0)
        const deleted = await app`DELETE FROM ${app(table)}`.catch((error: unknown) => String(error))
        expect(typeof deleted === 'string' ? deleted : `${table} ${String(deleted.count)}`).toMatch(/permission denied/)
        await expect(app`INSERT INTO ${app(table)} DEFAULT VALUES`, table).rejects.toThrow(/permission denied/)
      }
      for (const table of ['person', 'case_file', 'service', 'person_identity', 'service_note', 'audit_event']) {
        const [seen] = await app`SELECT count(*)::int AS n FROM ${app(table)}`
        const [real] = await owner`SELECT count(*)::int AS n FROM ${owner(table)}`
        expect(seen?.['n'], table).toBe(0)
        expect(real?.['n'], table).toBeGreaterThan(0)
      }
    } finally {
      await app.end()
    }
  })
})
