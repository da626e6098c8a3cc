import type postgres from 'postgres'

import { newKey, wrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import type { HoldingKeys } from '@/lib/people/prepare-service'
import { newId } from '@/lib/platform/ids'

import type { DemoAgency } from './agencies'
import { bankHolidays } from './holidays'

/** An agency that has been written, with what loading its cases takes. */
export type LoadedAgency = {
  readonly id: string
  readonly key: string
  readonly timeZone: string
  readonly persons: number
  readonly work: DemoAgency['work']
  readonly keys: HoldingKeys
  readonly units: readonly string[]
  readonly caseworkers: readonly string[]
}

/** Writes one network for all agencies, with the holidays of the years around now, and returns its id. */
export async function writeNetwork(sql: postgres.TransactionSql): Promise<string> {
  const id = newId()
  await sql`INSERT INTO network (id, key, name, country, time_zone) VALUES (${id}, 'demonstration', 'Demonstration network', 'GB', 'Europe/London')`
  const thisYear = new Date().getUTCFullYear()
  for (const { day, name } of [-2, -1, 0, 1, 2].flatMap((years) => bankHolidays(thisYear + years)))
    await sql`INSERT INTO network_holiday (network_id, on_day, name) VALUES (${id}, ${day}::date, ${name})`
  return id
}

/** Writes an agency with its wrapped keys, units and members; accounts get the password. */
export async function writeAgency(
  sql: postgres.TransactionSql,
  network: string,
  agency: DemoAgency,
  passwordHash: string,
): Promise<LoadedAgency> {
  const id = newId()
  const country = agency.timeZone === 'Europe/Paris' ? 'FR' : agency.timeZone === 'Asia/Shanghai' ? 'CN' : 'GB'
  await sql`
    INSERT INTO agency (id, key, name, kind, network_id, country, time_zone, on_amparo, contact)
    VALUES (${id}, ${agency.key}, ${agency.name}, ${agency.kind}, ${network}, ${country}, ${agency.timeZone}, ${agency.contact === undefined},
      ${agency.contact ?? null})`
  const keys = { data: newKey(id), index: newKey(id) }
  for (const purpose of ['data', 'index'] as const) {
    await sql`
      INSERT INTO agency_key (agency_id, purpose, version, wrapped)
      VALUES (${id}, ${purpose}, 1, ${wrapAgencyKey(masterKeys(), purpose, keys[purpose])})`
  }
  const units = agency.persons > 0 ? [newId(), newId()] : []
  for (const [index, unit] of units.entries()) {
    await sql`INSERT INTO agency_unit (id, agency_id, name) VALUES (${unit}, ${id}, ${index === 0 ? 'Day team' : 'Night team'})`
  }
  const caseworkers: string[] = []
  for (const member of agency.members) {
    const memberId = newId()
    await sql`
      INSERT INTO member (id, agency_id, unit_id, email, display_name, roles, status)
      VALUES (${memberId}, ${id}, ${units[0] ?? null}, ${member.email}, ${member.name}, ${sql.array([...member.roles])}::role[], 'active')`
    if (member.account)
      await sql`INSERT INTO credential (member_id, agency_id, password_hash) VALUES (${memberId}, ${id}, ${passwordHash})`
    if (member.roles.includes('caseworker')) caseworkers.push(memberId)
  }
  return {
    id,
    key: agency.key,
    timeZone: agency.timeZone,
    persons: agency.persons,
    work: agency.work,
    keys,
    units,
    caseworkers,
  }
}
