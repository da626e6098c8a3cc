import { actorOf, type ActorTx, originOf } from '@/lib/access/with-actor'

import type { ChangeOwnAgencyInput, OwnAgencyChange, OwnAgencyView } from './own-agency-schema'

export type OwnAgencyAnswer = 'ok' | 'not_found' | 'stale' | 'step_up'

export async function findOwnAgency(tx: ActorTx): Promise<OwnAgencyView> {
  const { network, ...row } = await tx.agency.findUniqueOrThrow({
    where: { id: actorOf(tx).agency },
    select: {
      ...{ key: true, name: true, kind: true, country: true, timeZone: true, version: true },
      ...{ productName: true, leaveUrl: true, idleMinutes: true },
      network: { select: { name: true } },
    },
  })
  return { ...row, network: network.name }
}

/** Who changed the settings last; null when nobody did. */
export async function findLastChange(tx: ActorTx): Promise<OwnAgencyChange | null> {
  const rows = await tx.$queryRaw<OwnAgencyChange[]>`
    SELECT coalesce(m.display_name, '') AS by, e.at FROM audit_event e LEFT JOIN member m ON m.id = e.actor_id
    WHERE e.agency_id = ${actorOf(tx).agency}::uuid AND e.type = 'agency.changed' AND e.person_id IS NULL AND e.case_id IS NULL
      AND e.action NOT IN ('list', 'read', 'search', 'refusal')
    ORDER BY e.at DESC, e.id DESC LIMIT 1`
  return rows[0] ?? null
}

export async function markAgencyChanged(tx: ActorTx, input: ChangeOwnAgencyInput): Promise<OwnAgencyAnswer> {
  const { productName, leaveUrl, idleMinutes, version } = input
  const product = productName === undefined || productName === '' ? null : productName
  const rows = await tx.$queryRaw<{ answer: OwnAgencyAnswer }[]>`
    SELECT app.change_own_agency(${product}, ${leaveUrl ?? null}, ${idleMinutes}::int, ${version}::int, ${originOf(tx)}::jsonb) AS answer`
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('A change gives one answer')
  return answer
}
