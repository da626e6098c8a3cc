import { Prisma } from '@/generated/prisma/client'
import { aboutSubject, actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import type { CategoryKey } from '@/lib/mandate/categories'
import type { Cursor, CursorPosition } from '@/lib/platform/cursor'
import { newCode, newId, parseCode } from '@/lib/platform/ids'

import type { CaseRef } from '@/lib/cases/reference-service'
import type { NeedState, NotMetReason, Urgency } from './schema'

/** A need with what its reader needs beside it. */
export type NeedRow = {
  readonly id: string
  readonly code: string
  readonly caseId: string
  readonly caseCode: string
  readonly person: string
  readonly personCode: string | null
  readonly holder: string
  readonly agency: string
  readonly agencyKey: string
  readonly agencyName: string
  readonly category: CategoryKey
  readonly type: string | null
  readonly urgency: Urgency
  readonly state: NeedState
  readonly notMetReason: NotMetReason | null
  readonly foundOn: string
  readonly createdAt: Date
  readonly contactDueAt: Date
  /** Whether the first contact was made. */
  readonly isReached: boolean
  readonly metOn: string | null
  readonly version: number
  readonly onTeam: boolean
}

const COLUMNS = Prisma.sql`
  n.id, n.code, n.case_id AS "caseId", c.code AS "caseCode", n.person_id AS person, p.code AS "personCode",
  n.holder_agency_id AS holder, n.agency_id AS agency, a.key AS "agencyKey", a.name AS "agencyName",
  n.category, n.type, n.urgency::text AS urgency, n.state::text AS state, n.not_met_reason AS "notMetReason",
  to_char(n.found_on, 'YYYY-MM-DD') AS "foundOn", n.created_at AS "createdAt", n.contact_due_at AS "contactDueAt",
  to_char(n.met_on, 'YYYY-MM-DD') AS "metOn", n.version, app.on_team(n.case_id) AS "onTeam",
  n.reached_at IS NOT NULL AS "isReached"`
const BESIDE = Prisma.sql`
  JOIN case_file c ON c.id = n.case_id JOIN agency a ON a.id = n.agency_id LEFT JOIN person p ON p.id = n.person_id`
const LOCK = Prisma.sql`FOR UPDATE OF n`

/** The need that a code names, or null. With `lock`, nobody else changes it before this transaction ends. */
export async function findNeed(tx: ActorTx, text: string, lock = false): Promise<NeedRow | null> {
  const code = parseCode(text, 'NED')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<
    NeedRow[]
  >`SELECT ${COLUMNS} FROM need n ${BESIDE} WHERE n.code = ${code} ${lock ? LOCK : Prisma.empty}`
  return rows[0] ?? null
}

/** The needs of a case that somebody still has to do something about, the most pressing first. */
export async function listLivingNeeds(tx: ActorTx, caseId: string): Promise<readonly NeedRow[]> {
  return tx.$queryRaw<NeedRow[]>`
    SELECT ${COLUMNS} FROM need n ${BESIDE}
    WHERE n.case_id = ${caseId}::uuid AND n.state IN ('open', 'planned', 'being_met')
    ORDER BY n.contact_due_at, n.id LIMIT 50`
}

export type NeedFilter = {
  readonly caseId?: string | undefined
  readonly category?: CategoryKey | undefined
  readonly urgency?: Urgency | undefined
  readonly state?: NeedState | 'living' | undefined
}

/** Needs by the limit of their first contact, one more than the page shows, in the cursor's direction. */
export async function listNeedRows(
  tx: ActorTx,
  filter: NeedFilter,
  limit: number,
  cursor: Cursor | null,
): Promise<readonly NeedRow[]> {
  const order = cursor?.direction === 'before' ? Prisma.sql`DESC` : Prisma.sql`ASC`
  return tx.$queryRaw<NeedRow[]>`
    WITH page AS (
      SELECT * FROM need n WHERE ${conditions(actorOf(tx).agency, filter, cursor)}
      ORDER BY n.contact_due_at ${order}, n.id ${order} LIMIT ${limit + 1}
    )
    SELECT ${COLUMNS} FROM page n ${BESIDE} ORDER BY n.contact_due_at ${order}, n.id ${order}`
}

/** Where a need stands in its list. */
export function needPosition(need: NeedRow): CursorPosition {
  return [need.contactDueAt.toISOString(), need.id]
}

function conditions(agency: string, filter: NeedFilter, cursor: Cursor | null): Prisma.Sql {
  // The agency stands in the condition itself, so that an index drives the page; the policy alone is no such driver.
  const all = [
    filter.caseId === undefined
      ? Prisma.sql`n.agency_id = ${agency}::uuid`
      : Prisma.sql`n.case_id = ${filter.caseId}::uuid`,
  ]
  if (filter.category !== undefined) all.push(Prisma.sql`n.category = ${filter.category}`)
  if (filter.urgency !== undefined) all.push(Prisma.sql`n.urgency = ${filter.urgency}::urgency`)
  if (filter.state === 'living') all.push(Prisma.sql`n.state IN ('open', 'planned', 'being_met')`)
  else if (filter.state !== undefined) all.push(Prisma.sql`n.state = ${filter.state}::need_state`)
  if (cursor !== null) {
    const [at, id] = cursor.position
    const than = cursor.direction === 'before' ? Prisma.sql`<` : Prisma.sql`>`
    all.push(Prisma.sql`(n.contact_due_at, n.id) ${than} (${at}::timestamptz, ${id}::uuid)`)
  }
  return Prisma.join(all, ' AND ')
}

export type NewNeed = {
  readonly category: CategoryKey
  readonly type: string | undefined
  readonly urgency: Urgency
  readonly foundOn: string
  readonly contactDueAt: Date
}

/** Adds a need to a case, found by the actor; returns its id and code. */
export async function insertNeed(
  tx: ActorTx,
  on: CaseRef,
  need: NewNeed,
): Promise<{ readonly id: string; readonly code: string }> {
  const { agency, member } = actorOf(tx)
  const made = { id: newId(), code: newCode('NED') }
  await tx.need.createMany({
    data: [
      {
        ...made,
        caseId: on.id,
        personId: on.person,
        holderAgencyId: on.holderAgency,
        agencyId: agency,
        category: need.category,
        type: need.type ?? null,
        urgency: need.urgency,
        foundOn: new Date(need.foundOn),
        foundById: member,
        contactDueAt: need.contactDueAt,
        createdAt: nowIn(tx),
      },
    ],
  })
  return made
}

export type NeedChange = {
  readonly state?: NeedState
  readonly notMetReason?: NotMetReason | null
  readonly urgency?: Urgency
  readonly type?: string | null
  readonly metOn?: Date | null
  readonly contactDueAt?: Date
}

/** Changes a need. Returns false if it changed since `version`. */
export async function markNeedChanged(tx: ActorTx, id: string, version: number, change: NeedChange): Promise<boolean> {
  const { count } = await tx.need.updateMany({ where: { id, version }, data: { ...change, version: { increment: 1 } } })
  return count === 1
}

/** The settings of the actor's network: its own limits, where it set some. */
export async function findNetworkSettings(tx: ActorTx): Promise<unknown> {
  const found = await tx.network.findUnique({ where: { id: actorOf(tx).network }, select: { settings: true } })
  return found?.settings
}
