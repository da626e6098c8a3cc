import { Prisma } from '@/generated/prisma/client'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import type { Cursor } from '@/lib/platform/cursor'

import type { LogScope } from './schema'

export type LogRow = {
  readonly id: bigint
  readonly code: string
  readonly at: Date
  /** The time to the microsecond, which a page's cursor needs. */
  readonly sort: string
  readonly type: string
  readonly action: string
  readonly outcome: string
  readonly by: string | null
  readonly roles: readonly string[]
  readonly subject: string | null
  readonly fields: readonly string[]
  readonly purpose: string | null
  readonly basis: string | null
  /** The key of the agency that it happened at. */
  readonly agency: string | null
  /** The code of who acted. */
  readonly actor: string | null
  readonly network: string | null
}

export type LogQuery = {
  readonly scope: LogScope
  readonly allAgencies: boolean
  readonly type: string | undefined
  readonly subject: string | undefined
  readonly from: Date | undefined
  readonly below: Date | undefined
  readonly cursor: Cursor | null
  readonly limit: number
}

/** One page of the log in the cursor's direction, the latest first. The database's policies leave out what isn't the actor's. */
export function listEvents(tx: ActorTx, query: LogQuery): Promise<readonly LogRow[]> {
  if (query.scope === 'referrals') return ofReferrals(tx, query)
  const order = query.cursor?.direction === 'before' ? Prisma.sql`e.at ASC, e.id ASC` : Prisma.sql`e.at DESC, e.id DESC`
  const rows = query.scope === 'cases' ? ofOwnCases(tx, query, order) : ofAgency(tx, query, order)
  return tx.$queryRaw<LogRow[]>`
    SELECT e.id, e.code, e.at, e.at::text AS sort, e.type, e.action, e.outcome, m.display_name AS by, e.roles, e.subject, e.fields,
      e.purpose, e.basis, a.key AS agency, m.code AS actor, e.network_prefix AS network
    FROM (${rows}) e LEFT JOIN member m ON m.id = e.actor_id LEFT JOIN agency a ON a.id = e.agency_id ORDER BY ${order} LIMIT ${query.limit}`
}

/** What happened to the network's referrals, by their codes and the agencies at which it happened. */
function ofReferrals(tx: ActorTx, { type, subject, from, below, cursor, limit }: LogQuery): Promise<readonly LogRow[]> {
  const filters = JSON.stringify({ type, subject, from, below })
  const [at, id] = cursor?.position ?? []
  return tx.$queryRaw<LogRow[]>`
    SELECT * FROM app.desk_events(${filters}::jsonb, ${cursor?.direction === 'before'}, ${at ?? null}::timestamptz,
      ${id ?? null}::bigint, ${limit}::int)`
}

function ofAgency(tx: ActorTx, query: LogQuery, order: Prisma.Sql): Prisma.Sql {
  const { agency } = actorOf(tx)
  if (query.scope === 'accounts') return ofAccounts(query, order, query.allAgencies ? null : agency)
  return Prisma.sql`SELECT e.* FROM audit_event e WHERE e.agency_id = ${agency}::uuid ${conditionsOf(query)}
    ORDER BY ${order} LIMIT ${query.limit}`
}

/** By agency and type, so that each is one look into an index, among however many other events. */
function ofAccounts(query: LogQuery, order: Prisma.Sql, agency: string | null): Prisma.Sql {
  const latest = (place: Prisma.Sql) => Prisma.sql`(SELECT e.* FROM audit_event e WHERE ${place} AND e.type = t.type
    AND e.person_id IS NULL AND e.case_id IS NULL AND e.action NOT IN ('list', 'read', 'search', 'refusal') ${conditionsOf(query)}
    ORDER BY ${order} LIMIT ${query.limit}) l`
  const types = Prisma.sql`(SELECT a.type FROM audit_event_type a WHERE a.of_accounts) t`
  const own = Prisma.sql`SELECT l.* FROM ${types}, LATERAL ${latest(Prisma.sql`e.agency_id = ${agency}::uuid`)}`
  if (agency !== null) return own
  return Prisma.sql`SELECT l.* FROM agency g, ${types}, LATERAL ${latest(Prisma.sql`e.agency_id = g.id`)}
    UNION ALL SELECT l.* FROM ${types}, LATERAL ${latest(Prisma.sql`e.agency_id IS NULL`)}`
}

const WHAT_OF: Readonly<Record<LogScope, Prisma.AuditEventTypeWhereInput>> = {
  agency: {},
  cases: { ofAccounts: false },
  accounts: { ofAccounts: true },
  referrals: {
    type: {
      startsWith: 'referral',
      notIn: ['referral.drafted', 'referral.viewed', 'referral.listed', 'referral.offered'],
    },
  },
}

/** What may have happened, for a choice: of accounts what is about accounts, of cases what isn't. */
export async function listEventTypes(tx: ActorTx, scope: LogScope): Promise<readonly string[]> {
  const where = WHAT_OF[scope]
  const rows = await tx.auditEventType.findMany({ where, select: { type: true }, orderBy: { type: 'asc' } })
  return rows.map(({ type }) => type)
}

/** By case and person, so that each is one look into an index: events of others are never gone through. */
function ofOwnCases(tx: ActorTx, query: LogQuery, order: Prisma.Sql): Prisma.Sql {
  const { member, agency } = actorOf(tx)
  const conditions = conditionsOf(query)
  const own = Prisma.sql`SELECT DISTINCT a.case_id, a.person_id FROM assignment a
    WHERE a.member_id = ${member}::uuid AND a.agency_id = ${agency}::uuid AND a.ended_at IS NULL`
  return Prisma.sql`
    SELECT l.* FROM (${own}) own, LATERAL (SELECT e.* FROM audit_event e
      WHERE e.agency_id = ${agency}::uuid AND e.case_id = own.case_id ${conditions} ORDER BY ${order} LIMIT ${query.limit}) l
    UNION ALL
    SELECT l.* FROM (SELECT DISTINCT person_id FROM (${own}) o) own, LATERAL (SELECT e.* FROM audit_event e
      WHERE e.agency_id = ${agency}::uuid AND e.person_id = own.person_id AND e.case_id IS NULL ${conditions}
      ORDER BY ${order} LIMIT ${query.limit}) l`
}

function conditionsOf({ type, subject, from, below, cursor }: LogQuery): Prisma.Sql {
  const conditions: Prisma.Sql[] = []
  if (type !== undefined) conditions.push(Prisma.sql`e.type = ${type}`)
  if (subject !== undefined) conditions.push(aboutSubject(subject))
  if (from !== undefined) conditions.push(Prisma.sql`e.at >= ${from}`)
  if (below !== undefined) conditions.push(Prisma.sql`e.at < ${below}`)
  if (cursor !== null) {
    const place = Prisma.sql`(${String(cursor.position[0])}::timestamptz, ${String(cursor.position[1])}::bigint)`
    const beyond = cursor.direction === 'before' ? Prisma.sql`>` : Prisma.sql`<`
    conditions.push(Prisma.sql`(e.at, e.id) ${beyond} ${place}`)
  }
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(conditions, ' AND ')}`
}

/** A case or a person stands for everything about it; other codes for themselves, found by the case that they belong to. */
function aboutSubject(code: string): Prisma.Sql {
  if (code.startsWith('CAS-')) return Prisma.sql`e.case_id = (SELECT c.id FROM case_file c WHERE c.code = ${code})`
  if (code.startsWith('AMP-')) return Prisma.sql`e.person_id = (SELECT p.id FROM person p WHERE p.code = ${code})`
  const table = OF_CASES[code.slice(0, 3)]
  if (table === undefined) return Prisma.sql`e.subject = ${code}`
  return Prisma.sql`e.subject = ${code} AND e.case_id = (SELECT r.case_id FROM ${table} r WHERE r.code = ${code})`
}

const OF_CASES: Readonly<Record<string, Prisma.Sql>> = {
  SVC: Prisma.sql`service`,
  NED: Prisma.sql`need`,
  CTC: Prisma.sql`contact_entry`,
  TSK: Prisma.sql`task`,
}
