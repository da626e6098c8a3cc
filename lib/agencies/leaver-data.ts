import 'server-only'
import { actorOf, type ActorTx, originOf } from '@/lib/access/with-actor'

export type LeaverCases = { readonly waiting: number; readonly shared: number; readonly supervised: boolean }

/** What an administrator may know of a leaver's cases: numbers. */
export async function countLeaverCases(tx: ActorTx, member: string): Promise<LeaverCases> {
  const rows = await tx.$queryRaw<LeaverCases[]>`
    SELECT waiting, shared, supervised FROM app.leaver_cases(${member}::uuid)`
  return rows[0] ?? { waiting: 0, shared: 0, supervised: true }
}

/** Who could take over from this member, the supervisors of the same unit first; never whoever asks. */
export async function listReceivers(
  tx: ActorTx,
  leaver: string,
  unit: string | null,
): Promise<{ id: string; code: string; name: string }[]> {
  const { agency, member } = actorOf(tx)
  return tx.$queryRaw`
    SELECT m.id, m.code, m.display_name AS name FROM member m
    WHERE m.agency_id = ${agency}::uuid AND m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::role[]
      AND m.id NOT IN (${leaver}::uuid, ${member}::uuid)
    ORDER BY 'supervisor' = ANY (m.roles) AND m.unit_id IS NOT DISTINCT FROM ${unit}::uuid DESC,
      'supervisor' = ANY (m.roles) DESC, m.display_name, m.id LIMIT 500`
}

export type ReceiverAnswer = 'ok' | 'not_found' | 'own_record' | 'wrong_state' | 'receiver'

export async function markReceiver(tx: ActorTx, leaver: string, receiver: string): Promise<ReceiverAnswer> {
  const rows = await tx.$queryRaw<{ answer: ReceiverAnswer }[]>`
    SELECT app.name_receiver(${leaver}::uuid, ${receiver}::uuid, ${originOf(tx)}::jsonb) AS answer`
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('Naming a receiver gives one answer')
  return answer
}
