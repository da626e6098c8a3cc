import { createHash } from 'node:crypto'

import { Prisma } from '@/generated/prisma/client'
import { aboutSubject, actorOf, type ActorTx } from '@/lib/access/with-actor'
import { newCode, newId, parseCode } from '@/lib/platform/ids'

import { openedReason } from './identification-service'
import type {
  CaseContentView,
  CaseLead,
  CasePlace,
  CaseStage,
  CaseStatus,
  CategoryCounts,
  RiskLevel,
  TeamMember,
} from './schema'

/** A case as other parts need it to write on it: ids for the database, codes for people. */
export type CaseRef = {
  readonly id: string
  readonly code: string
  readonly person: string
  readonly personCode: string
  readonly holderAgency: string
  readonly agency: string
  readonly unit: string | null
  readonly number: number
  readonly status: CaseStatus
  readonly restricted: boolean
  /** Whether the actor works on it: assigned, their supervisor, on duty cover, or in an emergency, as the database decides it. */
  readonly onTeam: boolean
  /** Whether that is by an emergency access alone: help, but no say in who works on it and whether it goes on. */
  readonly inEmergency: boolean
  readonly openedOn: string
  /** Null while it is open. */
  readonly closedOn: string | null
  readonly version: number
}

export type CaseRow = CaseRef & {
  readonly agencyKey: string
  readonly agencyName: string
  readonly stage: CaseStage
  readonly risk: RiskLevel | null
  readonly riskReviewDue: string | null
  readonly legalHold: boolean
  readonly closureReason: string | null
  readonly needsOpen: number
  readonly unitName: string | null
  /** Which other agency leads it; null while it is the holder. */
  readonly lead: CaseLead | null
  readonly team: readonly TeamMember[]
  readonly services: CategoryCounts
  /** By what right the actor works on it; null off the team. */
  readonly place: CasePlace | null
  /** Null off the team: the database keeps the row back. */
  readonly content: CaseContentView | null
}

/** The columns of a `CaseRef`, over `case_file c` and its `person p`. */
const REF_COLUMNS = Prisma.sql`
  c.id, c.code, c.person_id AS person, p.code AS "personCode", c.holder_agency_id AS "holderAgency",
  c.agency_id AS agency, c.unit_id AS unit, c.number, c.status::text AS status, c.restricted,
  app.on_team(c.id) AS "onTeam", app.by_emergency(c.person_id, c.id) AS "inEmergency", c.opened_on::text AS "openedOn", c.closed_on::text AS "closedOn", c.version`

/** The case that a code names, or null: none such, out of sight, or no code at all. */
export async function findCaseRef(tx: ActorTx, text: string): Promise<CaseRef | null> {
  const code = parseCode(text, 'CAS')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<CaseRef[]>`
    SELECT ${REF_COLUMNS}
    FROM case_file c JOIN person p ON p.id = c.person_id
    WHERE c.code = ${code}`
  return sameCode(code, rows[0])
}

/** The case with everything that its page shows of it, in one statement; content comes with it for the team only. */
export async function findCase(tx: ActorTx, text: string): Promise<CaseRow | null> {
  const code = parseCode(text, 'CAS')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<StoredCase[]>`
    SELECT ${REF_COLUMNS},
      a.key AS "agencyKey", a.name AS "agencyName", c.stage::text AS stage, c.risk::text AS risk,
      c.risk_review_due::text AS "riskReviewDue", c.legal_hold AS "legalHold",
      c.closure_reason AS "closureReason", c.needs_open AS "needsOpen",
      (SELECT u.name FROM agency_unit u WHERE u.id = c.unit_id) AS "unitName",
      (SELECT jsonb_build_object('agency', l.key, 'agencyName', l.name) FROM agency l
        WHERE l.id = c.lead_agency_id AND c.lead_agency_id <> c.agency_id) AS lead,
      (SELECT jsonb_build_object('reason', o.reason, 'until', o.until) FROM app.own_place(c.id) o) AS place,
      coalesce((
        SELECT jsonb_agg(jsonb_build_object('member', m.id, 'name', m.display_name, 'lead', x.lead, 'since', x.started_at)
          ORDER BY x.lead DESC, x.started_at, x.id)
        FROM assignment x JOIN member m ON m.id = x.member_id WHERE x.case_id = c.id AND x.ended_at IS NULL), '[]') AS team,
      coalesce((
        SELECT jsonb_object_agg(t.category, t.n)
        FROM (SELECT s.category, sum(s.n) AS n FROM case_service_count s WHERE s.case_id = c.id GROUP BY 1) t
        WHERE t.n > 0), '{}') AS services,
      (SELECT jsonb_build_object('wantsSupport', k.wants_support, 'dataUse', k.data_use, 'takesPart', k.takes_part,
          'identification', k.identification, 'identifiedBy', k.identified_by, 'identifiedOn', k.identified_on,
          'identificationReason', encode(k.identification_reason, 'base64'),
          'acts', k.acts, 'means', k.means, 'purposes', k.purposes, 'recruitment', k.recruitment, 'sectors', k.sectors,
          'places', k.places, 'recruiterRelation', k.recruiter_relation)
        FROM case_content k WHERE k.case_id = c.id) AS content
    FROM case_file c JOIN person p ON p.id = c.person_id JOIN agency a ON a.id = c.agency_id
    WHERE c.code = ${code}`
  const row = sameCode(code, rows[0])
  if (row === null) return null
  const team = row.team.map((member) => toTeamMember(tx, member))
  if (row.content === null) return { ...row, content: null, team }
  const sealed = row.content.identificationReason
  const reason = await openedReason(tx, row, sealed === null ? null : Buffer.from(sealed, 'base64'))
  return { ...row, content: { ...row.content, identificationReason: reason }, team }
}

/** As it is read: the reason of a decision on identification is sealed still. */
type StoredCase = Omit<CaseRow, 'team'> & { readonly team: readonly TeamRow[] }

type TeamRow = { readonly member: string; readonly name: string; readonly lead: boolean; readonly since: string }

function toTeamMember(tx: ActorTx, row: TeamRow): TeamMember {
  return {
    handle: workerHandle(row.member),
    name: row.name,
    lead: row.lead,
    since: new Date(row.since).toISOString(),
    isMe: row.member === actorOf(tx).member,
  }
}

/**
 * What stands for a member in addresses and forms: ids stay inside. Ids are random, so a digest of one tells nothing.
 */
export function workerHandle(member: string): string {
  return createHash('sha256').update(`worker:${member}`).digest('hex').slice(0, 12)
}

// A driver that mixes up answers under load must never show one person's case as another's.
function sameCode<Row extends { readonly code: string }>(code: string, row: Row | undefined): Row | null {
  if (row !== undefined && row.code !== code) throw new Error('The database answered with another record')
  return row ?? null
}

export type PersonForCase = {
  readonly id: string
  readonly code: string
  readonly holderAgency: string
  readonly onTeam: boolean
}

/** The person for whom a case is opened, or null. */
export async function findPersonForCase(tx: ActorTx, text: string): Promise<PersonForCase | null> {
  const code = parseCode(text, 'AMP')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<PersonForCase[]>`
    SELECT p.id, p.code, p.holder_agency_id AS "holderAgency", app.person_team(p.id) AND NOT app.by_emergency(p.id, NULL) AS "onTeam"
    FROM person p WHERE p.code = ${code} AND p.erased_at IS NULL`
  return sameCode(code, rows[0])
}

type NextCase = { readonly number: number; readonly restricted: boolean }

/**
 * The number of the person's next case, and whether the person is hidden by now. Two who open cases for one person at
 * once take turns, and so do who opens one and who restricts another.
 */
async function takeNumber(tx: ActorTx, person: PersonForCase): Promise<NextCase> {
  const rows = await tx.$queryRaw<NextCase[]>`
    SELECT p.case_count + 1 AS number, p.restricted FROM person p WHERE p.id = ${person.id}::uuid FOR UPDATE`
  const next = rows[0]
  if (next === undefined) throw new Error('The person of a new case is out of sight')
  return next
}

export type NewCase = {
  readonly person: PersonForCase
  readonly stage: CaseStage
  readonly risk: RiskLevel | null
  readonly riskReviewDue: string | null
  readonly openedOn: string
}

/**
 * Stores a case and its empty content; the database puts whoever opens it on its team. Says whether the person is
 * hidden, as of the moment that the case was counted.
 */
export async function insertCase(
  tx: ActorTx,
  given: NewCase,
): Promise<{ readonly code: string; readonly personRestricted: boolean }> {
  const { agency, unit } = actorOf(tx)
  const [id, code] = [newId(), newCode('CAS')]
  const place = { personId: given.person.id, holderAgencyId: given.person.holderAgency, agencyId: agency }
  const { number, restricted } = await takeNumber(tx, given.person)
  await tx.caseFile.createMany({
    data: [
      {
        id,
        code,
        ...place,
        leadAgencyId: agency,
        unitId: unit,
        number,
        stage: given.stage,
        risk: given.risk,
        riskReviewDue: given.riskReviewDue === null ? null : new Date(given.riskReviewDue),
        openedOn: new Date(given.openedOn),
      },
    ],
  })
  await tx.caseContent.createMany({ data: [{ caseId: id, ...place }] })
  return { code, personRestricted: restricted }
}

/** The columns of the skeleton that an edit changes. */
export type SkeletonChange = {
  readonly status?: CaseStatus
  readonly stage?: CaseStage
  readonly risk?: RiskLevel
  readonly riskReviewDue?: Date | null
  readonly legalHold?: boolean
  readonly closedOn?: Date | null
  readonly closureReason?: string | null
  readonly unitId?: string | null
}

/** Writes a new version of a case. Returns false if it changed since `version`. */
export async function markChanged(
  tx: ActorTx,
  ref: CaseRef,
  version: number,
  change: SkeletonChange,
): Promise<boolean> {
  const { count } = await tx.caseFile.updateMany({
    where: { id: ref.id, version },
    data: { ...change, version: { increment: 1 } },
  })
  return count === 1
}

/** Writes what only the team reads. Call after `markChanged`, whose version guards both. */
export async function updateContent(
  tx: ActorTx,
  ref: CaseRef,
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await tx.caseContent.updateMany({ where: { caseId: ref.id }, data: change })
}

/** Restricts a case or lifts it; false when it was so already. */
export async function setRestricted(tx: ActorTx, ref: CaseRef, wanted: boolean): Promise<boolean> {
  const rows = await tx.$queryRaw<{ done: boolean }[]>`
    SELECT app.restrict_case(${ref.id}::uuid, ${wanted}) AS done`
  return rows[0]?.done === true
}

/** Who changed a case last, and when: for the page that shows both sides of two edits at once. */
export async function lastChange(
  tx: ActorTx,
  ref: CaseRef,
): Promise<{ readonly by: string; readonly at: Date } | null> {
  const rows = await tx.$queryRaw<{ by: string; at: Date }[]>`
    SELECT m.display_name AS by, e.at FROM audit_event e JOIN member m ON m.id = e.actor_id
    WHERE e.agency_id = ${ref.agency}::uuid AND e.case_id = ${ref.id}::uuid
      AND e.type IN ('case.changed', 'case.closed', 'case.reopened', 'case.restricted', 'case.unrestricted')
    ORDER BY e.id DESC LIMIT 1`
  return rows[0] ?? null
}
