import { createHash, randomBytes } from 'node:crypto'

import postgres from 'postgres'

import type { Actor, Role } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { newKey, parseMasterKeys, wrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { newId } from '@/lib/platform/ids'

/** An agency with its keys, one unit, and a signed-in member of each kind it may have. */
export type Office = {
  readonly agency: { readonly id: string; readonly key: string; readonly name: string }
  readonly unit: string
  /** The first caseworker: on the team of what they register and open. */
  readonly caseworker: Actor
  /** A caseworker of the same unit who is on nobody's team. */
  readonly colleague: Actor
  readonly supervisor: Actor
  readonly admin: Actor
}

export type OfficeOptions = {
  readonly kind?: string
  readonly timeZone?: string
  readonly demonstration?: boolean
  /** The id of a network that is there; else the agency gets one of its own. */
  readonly network?: string
}

/** The owner's connection of a test database, for what no member may do: making agencies, looking at raw rows. */
export function ownerOf(database: { readonly ownerUrl: string }): postgres.Sql {
  return postgres(database.ownerUrl, { max: 2, onnotice: () => undefined })
}

/** Makes an agency with a caseworker, a colleague, a supervisor and an administrator. */
export async function office(owner: postgres.Sql, options: OfficeOptions = {}): Promise<Office> {
  const agency = await agencyRow(owner, options)
  const unit = newId()
  await owner`INSERT INTO agency_unit (id, agency_id, name) VALUES (${unit}, ${agency.id}, 'Day team')`
  const member = (roles: readonly Role[]) => memberOf(owner, agency.id, roles, unit)
  return {
    agency,
    unit,
    caseworker: await member(['caseworker']),
    colleague: await member(['caseworker']),
    supervisor: await member(['supervisor']),
    admin: await member(['agency_admin']),
  }
}

/** A signed-in member of a body without cases: a coordinator, an auditor, a system administrator. */
export async function outsider(owner: postgres.Sql, role: Role, options: OfficeOptions = {}): Promise<Actor> {
  const agency = await agencyRow(owner, { ...options, kind: role === 'system_admin' ? 'operator' : 'oversight' })
  return memberOf(owner, agency.id, [role], null)
}

/** Adds a signed-in member to an agency. */
export async function memberOf(
  owner: postgres.Sql,
  agency: string,
  roles: readonly Role[],
  unit: string | null,
): Promise<Actor> {
  const id = newId()
  await owner`
    INSERT INTO member (id, agency_id, unit_id, email, display_name, roles, status)
    VALUES (${id}, ${agency}, ${unit}, ${`m${randomBytes(6).toString('hex')}@test.example`}, ${`Member ${id.slice(-4)}`},
      ${owner.array([...roles])}::role[], 'active')`
  return signedIn(owner, agency, id)
}

/** Starts a session for a member, as sign-in does, and opens it. */
export async function signedIn(owner: postgres.Sql, agency: string, member: string): Promise<Actor> {
  const hash = Uint8Array.from(createHash('sha256').update(randomBytes(32)).digest())
  await owner`
    INSERT INTO session (hash, member_id, agency_id, expires_at)
    VALUES (${hash}, ${member}, ${agency}, clock_timestamp() + interval '12 hours')`
  const actor = await identify({ kind: 'session', hash })
  if (actor === null) throw new Error('The session of a test member did not open')
  return actor
}

async function agencyRow(owner: postgres.Sql, options: OfficeOptions): Promise<Office['agency']> {
  const id = newId()
  const key = `t${randomBytes(5).toString('hex')}`
  const name = `Test agency ${key.slice(-3)}`
  const network = options.network ?? newId()
  const master = parseMasterKeys(process.env['AMPARO_MASTER_KEY'] ?? '')
  const zone = options.timeZone ?? 'UTC'
  await owner.begin(async (sql) => {
    if (options.network === undefined)
      await sql`INSERT INTO network (id, key, name, country, time_zone) VALUES (${network}, ${`n${key}`}, 'Test network', 'XX', ${zone})`
    await sql`
      INSERT INTO agency (id, key, name, kind, network_id, country, time_zone)
      VALUES (${id}, ${key}, ${name}, ${options.kind ?? 'ngo'}, ${network}, 'XX', ${zone})`
    for (const purpose of ['data', 'index'] as const) {
      await sql`
        INSERT INTO agency_key (agency_id, purpose, version, wrapped)
        VALUES (${id}, ${purpose}, 1, ${wrapAgencyKey(master, purpose, newKey(id))})`
    }
    // Sessions of these members are started without a sign-in, and so without a second factor.
    await sql`INSERT INTO second_factor_waiver (agency_id) VALUES (${id}) ON CONFLICT DO NOTHING`
    if (options.demonstration === true) await sql`UPDATE installation SET demonstration = true`
  })
  return { id, key, name }
}
