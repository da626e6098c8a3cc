import 'server-only'
import { withConnection } from '@/lib/platform/db/owner'

/** The connection of an operator's command, inside its transaction. */
export type OperatorTx = Parameters<Parameters<typeof withConnection>[1]>[0]

/**
 * Runs an operator's command in one transaction, with the rights of the database's owner. Whoever runs commands has
 * those anyway; what they do here goes into the log like everybody else's doings.
 */
export async function asOperator<T>(ownerUrl: string, work: (tx: OperatorTx) => Promise<T>): Promise<T> {
  return withConnection(ownerUrl, async (client) => {
    await client.query('BEGIN')
    try {
      const value = await work(client)
      await client.query('COMMIT')
      return value
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    }
  })
}

export type OperatorEvent = {
  readonly type: string
  readonly subject?: string
  readonly fields?: readonly string[]
  readonly member?: string
  readonly agency?: string
}

/** Writes an event of the operator, about a member or an agency. */
export async function recordOperator(tx: OperatorTx, event: OperatorEvent): Promise<void> {
  await tx.query('SELECT app.operator_event($1, $2, $3, $4, $5)', [
    event.type,
    event.subject ?? null,
    event.fields ?? [],
    event.member ?? null,
    event.agency ?? null,
  ])
}

export type FoundMember = {
  readonly id: string
  readonly agencyId: string
  readonly code: string
  readonly status: string
}

export async function findMemberByEmail(tx: OperatorTx, email: string): Promise<FoundMember | null> {
  const { rows } = await tx.query<FoundMember>(
    'SELECT id, agency_id AS "agencyId", code, status::text AS status FROM public.member WHERE email = $1',
    [email.trim().toLowerCase()],
  )
  return rows[0] ?? null
}

export async function findAgencyId(tx: OperatorTx, key: string): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>('SELECT id FROM public.agency WHERE key = $1', [key])
  return rows[0]?.id ?? null
}

export type NetworkRow = {
  readonly key: string
  readonly name: string
  readonly country: string
  readonly timeZone: string
}

/** The network with this key, made when it isn't there. */
export async function ensureNetwork(tx: OperatorTx, id: string, network: NetworkRow): Promise<string> {
  const { rows, rowCount } = await tx.query<{ id: string }>(
    `WITH made AS (
       INSERT INTO public.network (id, key, name, country, time_zone) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (key) DO NOTHING RETURNING id
     ) SELECT id FROM made UNION ALL SELECT id FROM public.network WHERE key = $2 LIMIT 1`,
    [id, network.key, network.name, network.country, network.timeZone],
  )
  const found = rows[0]?.id
  if (rowCount === 0 || found === undefined) throw new Error('The network could not be made')
  if (found === id) await recordOperator(tx, { type: 'network.created', subject: network.key })
  return found
}

export async function findFirstNetwork(tx: OperatorTx): Promise<NetworkRow | null> {
  const { rows } = await tx.query<NetworkRow>(
    'SELECT key, name, country, time_zone AS "timeZone" FROM public.network ORDER BY created_at LIMIT 1',
  )
  return rows[0] ?? null
}

export type AgencyRow = {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly network: string
  readonly country: string
  readonly timeZone: string
}

/** Writes an agency with its wrapped keys. */
export async function insertAgencyRow(
  tx: OperatorTx,
  agency: AgencyRow,
  wrapped: { readonly data: Buffer; readonly index: Buffer },
): Promise<void> {
  await tx.query(
    `INSERT INTO public.agency (id, key, name, kind, network_id, country, time_zone) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [agency.id, agency.key, agency.name, agency.kind, agency.network, agency.country, agency.timeZone],
  )
  for (const purpose of ['data', 'index'] as const) {
    await tx.query('INSERT INTO public.agency_key (agency_id, purpose, version, wrapped) VALUES ($1, $2, 1, $3)', [
      agency.id,
      purpose,
      wrapped[purpose],
    ])
  }
  const about = { subject: agency.key, agency: agency.id }
  await recordOperator(tx, { type: 'agency.created', ...about })
  await recordOperator(tx, { type: 'key.created', fields: ['data', 'index'], ...about })
}

export type InvitedRow = {
  readonly id: string
  readonly agency: string
  readonly email: string
  readonly name: string
  readonly role: 'system_admin' | 'agency_admin'
}

/** Writes a member who is invited, and the invitation, which opens for three days. */
export async function insertInvitedRow(tx: OperatorTx, member: InvitedRow, invitation: Uint8Array): Promise<void> {
  const { rows } = await tx.query<{ code: string }>(
    `INSERT INTO public.member (id, agency_id, email, display_name, roles, status)
     VALUES ($1, $2, $3, $4, ARRAY[$5]::public.role[], 'invited') RETURNING code`,
    [member.id, member.agency, member.email, member.name, member.role],
  )
  await tx.query(
    `INSERT INTO public.invitation (hash, member_id, agency_id, expires_at)
     VALUES ($1, $2, $3, clock_timestamp() + interval '72 hours')`,
    [Buffer.from(invitation), member.id, member.agency],
  )
  const subject = rows[0]?.code ?? ''
  await recordOperator(tx, { type: 'member.invited', subject, agency: member.agency, fields: ['email', 'roles'] })
}

export async function insertTokenRow(
  tx: OperatorTx,
  token: { readonly id: string; readonly hash: Uint8Array; readonly name: string; readonly days: number },
  member: FoundMember,
): Promise<void> {
  await tx.query(
    `INSERT INTO public.api_token (id, hash, member_id, agency_id, name, expires_at)
     VALUES ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(days => $6))`,
    [token.id, Buffer.from(token.hash), member.id, member.agencyId, token.name, token.days],
  )
  await recordOperator(tx, { type: 'token.created', subject: token.id, member: member.id })
}

/** Whether a member's agency asks for a second factor that the member has not set up: until then tokens open nothing. */
export async function lacksFactor(tx: OperatorTx, member: string): Promise<boolean> {
  const { rows } = await tx.query<{ lacks: boolean }>(
    'SELECT app.required_strength($1) > 1 AND NOT app.has_factor($1) AS lacks',
    [member],
  )
  return rows[0]?.lacks === true
}

/** Takes every second factor and recovery code of a member; false when there was none. */
export async function takeFactors(tx: OperatorTx, member: string): Promise<boolean> {
  const { rows } = await tx.query<{ done: boolean }>('SELECT app.operator_reset_factors($1) AS done', [member])
  return rows[0]?.done === true
}

export type Clock = { readonly demonstration: boolean; readonly offsetSeconds: number }

export async function readClock(tx: OperatorTx): Promise<Clock> {
  const { rows } = await tx.query<{ demonstration: boolean; offset: string }>(
    'SELECT demonstration, clock_offset_seconds::text AS "offset" FROM public.installation WHERE id = 1 FOR UPDATE',
  )
  const [row] = rows
  if (row === undefined) throw new Error('The installation has no row')
  return { demonstration: row.demonstration, offsetSeconds: Number(row.offset) }
}

export async function writeClock(tx: OperatorTx, offsetSeconds: number): Promise<void> {
  await tx.query('UPDATE public.installation SET clock_offset_seconds = $1 WHERE id = 1', [offsetSeconds])
  await recordOperator(tx, { type: 'installation.clock-moved', fields: ['clockOffset'] })
}
