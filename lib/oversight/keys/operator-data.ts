import 'server-only'
import { withConnection } from '@/lib/platform/db/owner'

import type { AgencyKeyView, KeyKind, RotationProgress } from './schema'

type Answer = 'ok' | 'running' | 'not_found' | 'current' | 'stale'

/** Begins a change of a key with the rights of the database's owner, which whoever runs commands has. */
export async function beginRotation(
  ownerUrl: string,
  begin: {
    readonly id: string
    readonly kind: KeyKind
    readonly subject: string
    readonly version: number
    readonly wrapped?: Buffer
    readonly check?: string
  },
): Promise<Answer> {
  return withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<{ answer: Answer }>(
      'SELECT app.operator_key_rotation($1, $2, $3, $4, $5, $6) AS answer',
      [
        begin.id,
        begin.kind,
        begin.subject,
        begin.version,
        begin.wrapped ?? null,
        begin.check === undefined ? null : Buffer.from(begin.check),
      ],
    )
    return rows[0]?.answer ?? 'not_found'
  })
}

/** Every agency's keys. */
export async function listKeys(ownerUrl: string): Promise<AgencyKeyView[]> {
  return withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<Omit<AgencyKeyView, 'createdAt'> & { readonly createdAt: Date }>(
      `SELECT agency_key AS agency, purpose, version, master_version AS "masterVersion", created_at AS "createdAt", persons::int AS persons
       FROM app.key_list()`,
    )
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
  })
}

/** The changes of keys that are under way, and the last that are over. */
export async function listRotations(
  ownerUrl: string,
): Promise<(RotationProgress & { readonly subject: string; readonly startedAt: string })[]> {
  return withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<RotationProgress & { readonly subject: string; readonly startedAt: Date }>(
      `SELECT kind, subject, from_version AS "fromVersion", to_version AS "toVersion", state, total, done, started_at AS "startedAt"
       FROM public.key_rotation ORDER BY state = 'done', started_at DESC LIMIT 20`,
    )
    return rows.map((row) => ({ ...row, startedAt: row.startedAt.toISOString() }))
  })
}

/** The agency with this key and the newest version of its data key. */
export async function findAgencyKey(
  ownerUrl: string,
  agency: string,
): Promise<{ readonly id: string; readonly version: number } | undefined> {
  return withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<{ id: string; version: number }>(
      `SELECT a.id, max(k.version) AS version FROM public.agency a JOIN public.agency_key k ON k.agency_id = a.id AND k.purpose = 'data'
       WHERE a.key = $1 GROUP BY a.id`,
      [agency],
    )
    return rows[0]
  })
}

/** How many members have an authenticator app whose secret is sealed under this version of the master key. */
export async function countAppsUnder(ownerUrl: string, version: number): Promise<number> {
  return withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<{ members: number }>(
      `SELECT count(DISTINCT f.member_id)::int AS members FROM public.second_factor f
       JOIN public.member m ON m.id = f.member_id AND m.status = 'active'
       WHERE f.sealed IS NOT NULL AND app.sealed_version(f.sealed) = $1`,
      [version],
    )
    return rows[0]?.members ?? 0
  })
}

/** How many members have recovery codes, not used yet, whose digests hang on this version of the master key. */
export async function countCodesUnder(ownerUrl: string, version: number): Promise<number> {
  return withConnection(ownerUrl, async (client) => {
    // The digests of earlier releases are two bytes shorter and don't say: they may hang on any.
    const { rows } = await client.query<{ members: number }>(
      `SELECT count(DISTINCT r.member_id)::int AS members FROM public.recovery_code r
       JOIN public.member m ON m.id = r.member_id AND m.status = 'active'
       WHERE r.used_at IS NULL AND (octet_length(r.hash) = 32 OR get_byte(r.hash, 0) * 256 + get_byte(r.hash, 1) = $1)`,
      [version],
    )
    return rows[0]?.members ?? 0
  })
}
