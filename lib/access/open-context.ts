import 'server-only'
import type { Transaction } from '@/lib/platform/db/client'

import { LOCALES, type Actor, type Credential, type Density, type Locale, type Role, type Theme } from './actor'

type OpenedRow = {
  context: string
  agency_id: string
  member_id: string
  unit_id: string | null
  network_id: string
  agency_key: string
  agency_name: string
  agency_kind: string
  time_zone: string
  product_name: string | null
  leave_url: string | null
  idle_minutes: number
  display_name: string
  email: string
  roles: Role[]
  locale: string
  theme: string
  density: string
  shortcuts: boolean
  strength: number
  demonstration: boolean
  at: Date
  expires_at: Date
  idle_at: Date
}

/** What the database says of a credential: who it is, and its time. */
export type Opened = Omit<Actor, 'credential' | 'origin'> & { readonly at: Date }

/**
 * Lets the database check a credential and set the signed context and the narrower role for this transaction. Outside
 * a transaction the settings end with the statement, which leaves just the look-up. Null when it opens nothing.
 *
 * Local to the transaction, so a pooled connection never carries one member's rights into the next request.
 */
export async function openContext(tx: Pick<Transaction, '$queryRaw'>, credential: Credential): Promise<Opened | null> {
  const rows = await openRows(tx, credential)
  const row = rows[0]
  return row === undefined ? null : toOpened(row)
}

function openRows(tx: Pick<Transaction, '$queryRaw'>, credential: Credential): Promise<OpenedRow[]> {
  switch (credential.kind) {
    case 'session':
      return tx.$queryRaw<OpenedRow[]>`
        SELECT o.*, set_config('app.context', o.context, true), set_config('role', o.db_role, true)
        FROM app.open_session(${credential.hash}) o`
    case 'token':
      return tx.$queryRaw<OpenedRow[]>`
        SELECT o.*, set_config('app.context', o.context, true), set_config('role', o.db_role, true)
        FROM app.open_token(${credential.hash}) o`
    case 'operator':
      return tx.$queryRaw<OpenedRow[]>`
        SELECT o.*, set_config('app.context', o.context, true), set_config('role', o.db_role, true)
        FROM app.open_operator(${credential.email}) o`
  }
}

function toOpened(row: OpenedRow): Opened {
  return {
    member: row.member_id,
    agency: row.agency_id,
    agencyKey: row.agency_key,
    agencyName: row.agency_name,
    agencyKind: row.agency_kind,
    network: row.network_id,
    unit: row.unit_id,
    roles: row.roles,
    displayName: row.display_name,
    email: row.email,
    locale: LOCALES.find((locale): locale is Locale => locale === row.locale) ?? 'en',
    theme: row.theme as Theme,
    density: row.density as Density,
    shortcuts: row.shortcuts,
    timeZone: row.time_zone,
    productName: row.product_name,
    leaveUrl: row.leave_url,
    demonstration: row.demonstration,
    strength: row.strength,
    idleMinutes: row.idle_minutes,
    idleAt: row.idle_at,
    expiresAt: row.expires_at,
    at: row.at,
  }
}
