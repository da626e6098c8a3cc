import { actorOf, type ActorTx } from '@/lib/access/with-actor'

/** Whether a colleague holds the permission to share without consent; null when there is no such colleague. */
export async function findGiven(tx: ActorTx, code: string): Promise<{ readonly given: boolean } | null> {
  const rows = await tx.$queryRaw<{ given: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM member_permission p WHERE p.member_id = m.id AND p.permission = 'share_without_consent') AS given
    FROM member m WHERE m.code = ${code} AND m.agency_id = ${actorOf(tx).agency}::uuid`
  return rows[0] ?? null
}

export type PermissionAnswer = 'ok' | 'not_found' | 'forbidden' | 'step_up_required'

/** Gives a colleague the permission, or takes it back; the database checks the administrator once more. */
export async function markGiven(tx: ActorTx, code: string, given: boolean): Promise<PermissionAnswer> {
  const rows = await tx.$queryRaw<{ answer: PermissionAnswer }[]>`
    SELECT app.set_member_permission(${code}, 'share_without_consent', ${given}::boolean,
      ${JSON.stringify(actorOf(tx).origin ?? {})}::jsonb) AS answer`
  return rows[0]?.answer ?? 'not_found'
}
