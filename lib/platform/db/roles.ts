import { withConnection, refuseUnreachable } from '@/lib/platform/db/owner'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type pg from 'pg'

export type LoginRole = 'app' | 'worker' | 'backup'

/**
 * Lets the roles that log in do so with these passwords, and returns their URLs. Changes a password only when the role
 * can't log in with it, so that starting does not disturb other instances.
 */
export async function openLoginRoles(
  ownerUrl: string,
  passwords: Readonly<Record<LoginRole, string>>,
): Promise<Record<LoginRole, string>> {
  const names = await withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<Record<LoginRole, string>>(
      `SELECT app.db_role('app') AS app, app.db_role('worker') AS worker, app.db_role('backup') AS backup`,
    )
    return rows[0]
  })
  if (names === undefined) throw new Error('The migrations made no roles')
  const open = async (role: LoginRole): Promise<string> => {
    const url = withUser(ownerUrl, names[role], passwords[role])
    if (!(await logsIn(url))) await setPassword(ownerUrl, names[role], passwords[role])
    return url
  }
  return { app: await open('app'), worker: await open('worker'), backup: await open('backup') }
}

/** The same server and database, another user. */
export function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = encodeURIComponent(user)
  changed.password = encodeURIComponent(password)
  return changed.href
}

type Powers = {
  readonly super: boolean
  readonly bypass: boolean
  readonly makes: boolean
  readonly owns: boolean
  readonly acts: boolean
}

/**
 * Refuses an application role that could get round the policies: a superuser, one that bypasses row security or makes
 * roles, one that owns anything here, one that may act as the owner or as the role of the definer functions.
 */
export async function checkAppRole(url: string): Promise<void> {
  const powers = await refuseUnreachable('DATABASE_APP_URL', url, readPowers)
  const why = reasonAgainst(powers)
  if (why !== undefined)
    throw new PlainSentence(`The application's database role ${why}; take that away, or leave DATABASE_APP_URL out.`)
}

/** Settings that make records unsafe, as a session of a role finds them. */
const UNSAFE_SETTINGS: readonly (readonly [name: string, safe: (value: string) => boolean, danger: string])[] = [
  ['synchronous_commit', (value) => value !== 'off', 'could lose records that were acknowledged'],
  ['session_replication_role', (value) => value === 'origin', 'would skip the triggers that guard records'],
]

/**
 * Refuses a role that carries a setting of its own (`ALTER ROLE … SET`, or options in its URL) with which records would
 * not be safe, though the server's own settings are.
 */
export async function checkLoginSettings(variable: string, url: string): Promise<void> {
  await refuseUnreachable(variable, url, async (client) => {
    for (const [name, isSafe, danger] of UNSAFE_SETTINGS) {
      const { rows } = await client.query<{ role: string; value: string }>(
        'SELECT session_user AS role, current_setting($1) AS value',
        [name],
      )
      const [found] = rows
      if (found === undefined || isSafe(found.value)) continue
      throw new PlainSentence(
        `Sessions of the database role ${found.role} begin with ${name} = ${found.value} and ${danger}; take it away with: ALTER ROLE ${found.role} RESET ${name}`,
      )
    }
  })
}

/** Refuses a server that could lose what it has acknowledged, or whose clock is not ours. */
export async function checkServer(ownerUrl: string): Promise<void> {
  const before = Date.now()
  const { rows } = await withConnection(ownerUrl, (client) =>
    client.query<{ name: string; now: Date }>(`
      SELECT name, clock_timestamp() AS now FROM pg_settings
      WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'server_version') AND setting <> 'off'`),
  )
  const on = new Set(rows.map((row) => row.name))
  const off = ['fsync', 'full_page_writes', 'synchronous_commit'].find((name) => !on.has(name))
  if (off !== undefined)
    throw new PlainSentence(`PostgreSQL runs with ${off} off and could lose records; set ${off} = on and restart it.`)
  const skew = Math.abs((rows[0]?.now.getTime() ?? before) - (before + Date.now()) / 2)
  if (skew > 5000)
    throw new PlainSentence(
      `The clocks of this computer and of the database differ by ${String(Math.round(skew / 1000))} seconds; set both by NTP.`,
    )
}

async function readPowers(client: pg.Client): Promise<Powers | undefined> {
  const { rows } = await client.query<Powers>(`
    SELECT r.rolsuper AS super, r.rolbypassrls AS bypass, r.rolcreaterole OR r.rolcreatedb AS makes,
      EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid) OR EXISTS (SELECT 1 FROM pg_proc p WHERE p.proowner = r.oid) AS owns,
      pg_has_role(r.oid, d.datdba, 'MEMBER') OR EXISTS (
        SELECT 1 FROM pg_proc p WHERE p.prosecdef AND pg_has_role(r.oid, p.proowner, 'MEMBER')) AS acts
    FROM pg_roles r, pg_database d WHERE r.rolname = session_user AND d.datname = current_database()`)
  return rows[0]
}

function reasonAgainst(powers: Powers | undefined): string | undefined {
  if (powers === undefined) return 'can not be looked up'
  if (powers.super) return 'is a superuser'
  if (powers.bypass) return 'bypasses row security'
  if (powers.makes) return 'may make roles or databases'
  if (powers.owns) return 'owns tables or functions'
  return powers.acts ? 'may act as the owner or as the definer' : undefined
}

async function logsIn(url: string): Promise<boolean> {
  return withConnection(url, async () => Promise.resolve(true)).catch(() => false)
}

async function setPassword(ownerUrl: string, role: string, password: string): Promise<void> {
  await withConnection(ownerUrl, async (client) => {
    await client.query(`ALTER ROLE ${client.escapeIdentifier(role)} PASSWORD ${client.escapeLiteral(password)}`)
  })
}
