import { Prisma } from '@/generated/prisma/client'
import { actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import type { Cursor } from '@/lib/platform/cursor'

import type { NoticeKind } from './schema'

export type NoticeRow = {
  readonly id: string
  readonly kind: NoticeKind
  readonly subject: string | null
  readonly urgent: boolean
  readonly at: Date
  readonly readAt: Date | null
}

/** The member's own notices, the last first. */
export function listNotices(tx: ActorTx, cursor: Cursor | null, limit: number): Promise<readonly NoticeRow[]> {
  const { agency, member } = actorOf(tx)
  const [at, id] = cursor?.position ?? []
  const beyond =
    cursor === null
      ? Prisma.empty
      : cursor.direction === 'after'
        ? Prisma.sql`AND (n.at, n.id) < (${String(at)}::timestamptz, ${String(id)}::uuid)`
        : Prisma.sql`AND (n.at, n.id) > (${String(at)}::timestamptz, ${String(id)}::uuid)`
  const order = cursor?.direction === 'before' ? Prisma.sql`n.at ASC, n.id ASC` : Prisma.sql`n.at DESC, n.id DESC`
  return tx.$queryRaw<NoticeRow[]>`
    SELECT n.id, n.kind, n.subject, n.urgent, n.at, n.read_at AS "readAt" FROM notice n
    WHERE n.agency_id = ${agency}::uuid AND n.member_id = ${member}::uuid ${beyond} ORDER BY ${order} LIMIT ${limit}`
}

export function countUnreadOf(tx: ActorTx): Promise<number> {
  const { agency, member } = actorOf(tx)
  return tx.notice.count({ where: { agencyId: agency, memberId: member, readAt: null } })
}

/** What one of the member's own notices is about; null when it is none of theirs. */
export async function findNotice(tx: ActorTx, id: string): Promise<{ readonly subject: string | null } | null> {
  const { agency, member } = actorOf(tx)
  return tx.notice.findFirst({ where: { id, agencyId: agency, memberId: member }, select: { subject: true } })
}

/** Marks one of the member's own notices as read, or all up to a moment; answers how many were not. */
export async function markRead(
  tx: ActorTx,
  which: { readonly id: string } | { readonly until: Date },
): Promise<number> {
  const { agency, member } = actorOf(tx)
  const { count } = await tx.notice.updateMany({
    where: {
      agencyId: agency,
      memberId: member,
      readAt: null,
      ...('id' in which ? { id: which.id } : { at: { lte: which.until } }),
    },
    data: { readAt: nowIn(tx) },
  })
  return count
}

export type PreferenceRow = {
  readonly kind: NoticeKind
  readonly mail: boolean
  readonly atOnce: boolean
  readonly mailRequired: boolean
}

/** What the member wants of each kind: their own word, else the kind's. */
export function listPreferences(tx: ActorTx): Promise<readonly PreferenceRow[]> {
  return tx.$queryRaw<PreferenceRow[]>`
    SELECT k.kind, k.mail_required OR coalesce(p.mail, k.mail) AS mail, coalesce(p.at_once, k.at_once) AS "atOnce",
      k.mail_required AS "mailRequired"
    FROM notice_kind k LEFT JOIN notice_preference p ON p.kind = k.kind AND p.member_id = ${actorOf(tx).member}::uuid
    ORDER BY k.sort, k.kind`
}

/** Keeps what the member wants of a kind. */
export async function savePreference(
  tx: ActorTx,
  kind: NoticeKind,
  { mail, atOnce }: { readonly mail: boolean; readonly atOnce: boolean },
): Promise<void> {
  const { agency, member } = actorOf(tx)
  await tx.$executeRaw`
    INSERT INTO notice_preference (member_id, agency_id, kind, mail, at_once)
    VALUES (${member}::uuid, ${agency}::uuid, ${kind}, ${mail}, ${atOnce})
    ON CONFLICT (member_id, kind) DO UPDATE SET mail = excluded.mail, at_once = excluded.at_once`
}
