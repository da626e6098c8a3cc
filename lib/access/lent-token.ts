import 'server-only'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { withConnection } from '@/lib/platform/db/owner'
import { newId } from '@/lib/platform/ids'

import type { Actor } from './actor'
import { identify } from './identify'

const HOURS = 12

/**
 * Lets an operator's command, which holds the owner's rights already, act as a member and no more: lends it a token of
 * that member for as long as `work` runs. The token's secret never leaves this process; the log says that an operator
 * made it, and it dies like any other when the member, the roles or the agency change.
 *
 * Returns null, without having run anything, when no active member has this address.
 */
export async function withLentToken<T>(
  ownerUrl: string,
  email: string,
  name: string,
  work: (actor: Actor) => Promise<T>,
): Promise<{ readonly value: T } | null> {
  const hash = digestOf(newSecret())
  const token = await lend(ownerUrl, email, name, hash)
  if (token === null) return null
  try {
    const actor = await identify({ kind: 'token', hash })
    if (actor === null) return null
    return { value: await work(actor) }
  } finally {
    await end(ownerUrl, token)
  }
}

async function lend(ownerUrl: string, email: string, name: string, hash: Uint8Array): Promise<string | null> {
  return withConnection(ownerUrl, async (client) => {
    await client.query('BEGIN')
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO api_token (id, hash, member_id, agency_id, name, expires_at)
       SELECT $1, $2, m.id, m.agency_id, $3, clock_timestamp() + make_interval(hours => $5)
       FROM member m WHERE m.email = lower($4) AND m.status = 'active' RETURNING id`,
      [newId(), Buffer.from(hash), name, email.trim(), HOURS],
    )
    await recordToken(client, 'token.created', rows[0]?.id)
    await client.query('COMMIT')
    return rows[0]?.id ?? null
  })
}

async function end(ownerUrl: string, token: string): Promise<void> {
  await withConnection(ownerUrl, async (client) => {
    await client.query('BEGIN')
    const { rowCount } = await client.query(
      'UPDATE api_token SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL',
      [token],
    )
    await recordToken(client, 'token.ended', rowCount === 1 ? token : undefined)
    await client.query('COMMIT')
  })
}

type Client = Parameters<Parameters<typeof withConnection>[1]>[0]

async function recordToken(client: Client, type: 'token.created' | 'token.ended', token?: string): Promise<void> {
  if (token === undefined) return
  await client.query(
    `SELECT app.operator_event($2, t.id::text, '{}', t.member_id, t.agency_id) FROM api_token t WHERE t.id = $1`,
    [token, type],
  )
}
