import 'server-only'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'

import type { AgencyKeyView, RotationSeen } from './schema'

type Begun = 'ok' | 'forbidden' | 'step_up_required' | 'running' | 'not_found' | 'current' | 'stale'

/** Each agency's keys, for a system administrator; nothing for anybody else. */
export async function readKeyReport(tx: ActorTx): Promise<AgencyKeyView[]> {
  const rows = await tx.$queryRaw<(Omit<AgencyKeyView, 'createdAt'> & { readonly createdAt: Date })[]>`
    SELECT agency_key AS agency, purpose, version, master_version AS "masterVersion", created_at AS "createdAt", persons::int AS persons
    FROM app.key_report()`
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}

/** Changes that are under way and the last that are over; a person's never show. */
export async function listRotationsSeen(tx: ActorTx): Promise<RotationSeen[]> {
  const rows = await tx.keyRotation.findMany({
    orderBy: { startedAt: 'desc' },
    take: 20,
    select: {
      kind: true,
      subject: true,
      fromVersion: true,
      toVersion: true,
      state: true,
      total: true,
      done: true,
      startedAt: true,
    },
  })
  return rows.map((row) => ({
    ...row,
    kind: row.kind as RotationSeen['kind'],
    state: row.state as RotationSeen['state'],
  }))
}

export async function beginAsActor(
  tx: ActorTx,
  begin: {
    readonly id: string
    readonly kind: 'master' | 'agency'
    readonly subject: string
    readonly version: number
    readonly wrapped?: Buffer
    readonly check?: Buffer
  },
): Promise<Begun> {
  const bytes = (value: Buffer | undefined) => (value === undefined ? null : Uint8Array.from(value))
  const rows = await tx.$queryRaw<{ answer: Begun }[]>`
    SELECT app.start_key_rotation(${begin.id}::uuid, ${begin.kind}, ${begin.subject}, ${begin.version}::int,
      ${bytes(begin.wrapped)}::bytea, ${bytes(begin.check)}::bytea, ${JSON.stringify(actorOf(tx).origin ?? {})}::jsonb) AS answer`
  return rows[0]?.answer ?? 'forbidden'
}
