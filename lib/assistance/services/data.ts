import type { ServiceDetail } from '@/generated/prisma/client'
import { aboutSubject, actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import { lookOf } from '@/lib/audit/record'
import type { MandateBasis } from '@/lib/mandate/rules'
import { parseCode } from '@/lib/platform/ids'

import { BESIDE_SERVICE, SERVICE_COLUMNS, type ServiceRow } from './list-data'
import { detailColumns, serviceRows, type NewService } from './prepare-service'
import type { ServiceDetailView, ServiceLine, ServiceStatus } from './schema'

/**
 * A service, and whether the actor is on the team of its case; of one on another agency's case whether they are of those
 * who gave it, and may write there still.
 */
export type OpenedService = ServiceRow & {
  readonly onTeam: boolean
  readonly served: boolean
  readonly serves: boolean
}

/** The service that a code names, or null. */
export async function findService(tx: ActorTx, text: string): Promise<OpenedService | null> {
  const code = parseCode(text, 'SVC')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<OpenedService[]>`
    SELECT ${SERVICE_COLUMNS}, app.on_team(s.case_id) AS "onTeam", s.agency_id <> s.holder_agency_id AND app.served(s.case_id) AS served,
      s.agency_id <> s.holder_agency_id AND app.may_serve(s.case_id, s.category) AS serves FROM service s ${BESIDE_SERVICE} WHERE s.code = ${code}`
  return rows[0] ?? null
}

/** The services of one entry for several people, by the id that they share. */
export async function listGroup(tx: ActorTx, group: string): Promise<readonly ServiceRow[]> {
  return tx.$queryRaw<ServiceRow[]>`
    SELECT ${SERVICE_COLUMNS} FROM service s ${BESIDE_SERVICE}
    WHERE s.agency_id = ${actorOf(tx).agency}::uuid AND s.group_id = ${group}::uuid ORDER BY s.id LIMIT 100`
}

/** Writes services with their paragraphs and details: three statements, however many there are. */
export async function insertServices(tx: ActorTx, services: readonly NewService[]): Promise<void> {
  const { agency, member } = actorOf(tx)
  const rows = serviceRows(services, { agency, member, at: nowIn(tx) })
  await tx.service.createMany({ data: rows.service })
  await tx.serviceMandate.createMany({ data: rows.mandate })
  await tx.serviceDetail.createMany({ data: rows.detail })
}

/** Writes a sealed note. It can't be read back but through `openNotes`. */
export async function insertNote(
  tx: ActorTx,
  service: NoteOn,
  note: { readonly id: string; readonly sealed: Uint8Array<ArrayBuffer> },
): Promise<void> {
  const { agency, member } = actorOf(tx)
  await tx.serviceNote.createMany({
    data: [
      {
        id: note.id,
        serviceId: service.id,
        caseId: service.caseId,
        holderAgencyId: service.holder,
        agencyId: agency,
        sealed: note.sealed,
        writtenById: member,
        writtenAt: nowIn(tx),
      },
    ],
  })
}

export type NoteOn = { readonly id: string; readonly caseId: string; readonly holder: string }

export type SealedNote = {
  readonly id: string
  readonly sealed: Uint8Array
  readonly writtenBy: string | null
  readonly writtenAt: Date
}

/** The sealed notes of a service. The database checks the team and writes the look before it answers. */
export async function openNotes(tx: ActorTx, service: string): Promise<readonly SealedNote[]> {
  return tx.$queryRaw<SealedNote[]>`
    SELECT o.id, o.sealed, w.display_name AS "writtenBy", o.written_at AS "writtenAt"
    FROM app.read_service_notes(${service}::uuid, ${lookOf(tx, 'case')}::jsonb) o
    LEFT JOIN member w ON w.id = o.written_by_id ORDER BY o.written_at, o.id`
}

/** How a service was given; null for everyone off the delivering team. */
export async function findDetail(tx: ActorTx, service: string): Promise<ServiceDetailView | null> {
  const found = await tx.serviceDetail.findUnique({ where: { serviceId: service } })
  return found === null ? null : toDetail(found)
}

export type StoredVersion = {
  readonly version: number
  readonly line: ServiceLine
  readonly reason: Uint8Array
  readonly changedBy: string | null
  readonly changedAt: Date
}

/** What a service said before each change, the newest first; the delivering team's only. */
export async function listVersions(tx: ActorTx, service: string): Promise<readonly StoredVersion[]> {
  return tx.$queryRaw<StoredVersion[]>`
    SELECT v.version, v.line, v.reason, w.display_name AS "changedBy", v.changed_at AS "changedAt"
    FROM service_version v LEFT JOIN member w ON w.id = v.changed_by_id
    WHERE v.service_id = ${service}::uuid ORDER BY v.version DESC`
}

/** Keeps what a service said before a change, with the sealed reason of the change. */
export async function insertVersion(
  tx: ActorTx,
  service: OpenedService,
  before: ServiceLine,
  reason: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { agency, member } = actorOf(tx)
  await tx.serviceVersion.createMany({
    data: [
      {
        serviceId: service.id,
        version: service.version,
        caseId: service.caseId,
        holderAgencyId: service.holder,
        agencyId: agency,
        line: before,
        reason,
        changedById: member,
        changedAt: nowIn(tx),
      },
    ],
  })
}

/** Writes the line of a service anew. Returns false if it changed, or was voided, since `version`. */
export async function markAmended(
  tx: ActorTx,
  service: OpenedService,
  line: ServiceLine,
  need: string | null,
  hasNote: boolean,
): Promise<boolean> {
  const { count } = await tx.service.updateMany({
    where: { id: service.id, version: service.version, status: { not: 'voided' } },
    data: {
      needId: need,
      category: line.category,
      type: line.type,
      deliveredOn: new Date(line.deliveredOn),
      endedOn: line.endedOn === null ? null : new Date(line.endedOn),
      status: line.status,
      hasNote,
      version: { increment: 1 },
    },
  })
  return count === 1
}

/** Marks a service as voided. Returns false if it changed since `version`. */
export async function markVoided(tx: ActorTx, id: string, version: number): Promise<boolean> {
  const { count } = await tx.service.updateMany({
    where: { id, version, status: { not: 'voided' } },
    data: { status: 'voided', version: { increment: 1 } },
  })
  return count === 1
}

/** Writes how a service was given anew. */
export async function updateDetail(tx: ActorTx, service: string, detail: ServiceDetailView): Promise<void> {
  await tx.serviceDetail.updateMany({ where: { serviceId: service }, data: detailColumns(detail) })
}

/** Ties a service to exactly these paragraphs: rows that no longer fit go, rows that are missing come, the rest stays. */
export async function replaceMandate(
  tx: ActorTx,
  service: OpenedService,
  mandate: readonly MandateBasis[],
): Promise<void> {
  const name = ({ paragraph, reason }: MandateBasis) => `${paragraph} ${reason}`
  const [had, wanted] = [new Set(service.mandate.map(name)), new Set(mandate.map(name))]
  const gone = service.mandate.filter((row) => !wanted.has(name(row))).map(({ paragraph }) => paragraph)
  const come = mandate.filter((basis) => !had.has(name(basis)))
  if (gone.length > 0) await tx.serviceMandate.deleteMany({ where: { serviceId: service.id, paragraph: { in: gone } } })
  if (come.length > 0) {
    await tx.serviceMandate.createMany({
      data: come.map(({ paragraph, reason }) => ({
        serviceId: service.id,
        paragraph,
        reason,
        holderAgencyId: service.holder,
        agencyId: service.agency,
      })),
    })
  }
}

/** How this member gave their last service on this case: what a new form starts from. Never category, outcome, money. */
export async function findLastDetail(tx: ActorTx, caseId: string): Promise<ServiceDetailView | null> {
  const found = await tx.service.findFirst({
    where: {
      caseId,
      workerId: actorOf(tx).member,
      status: { notIn: ['voided', 'planned'] satisfies ServiceStatus[] },
      detail: { isNot: null },
    },
    orderBy: [{ deliveredOn: 'desc' }, { id: 'desc' }],
    select: { detail: true },
  })
  return found?.detail === null || found?.detail === undefined ? null : toDetail(found.detail)
}

/** The agency with this key, or null. */
export async function findAgencyId(tx: ActorTx, key: string): Promise<string | null> {
  const found = await tx.agency.findUnique({ where: { key }, select: { id: true } })
  return found?.id ?? null
}

/** Coded columns were checked when they were written; a column can hold nothing else. */
function toDetail(row: ServiceDetail): ServiceDetailView {
  return {
    mode: row.mode as ServiceDetailView['mode'],
    placeKind: row.placeKind as ServiceDetailView['placeKind'],
    minutes: row.minutes,
    interpreterUsed: row.interpreterUsed,
    interpreterLanguage: row.interpreterLanguage,
    amount: row.amount === null ? null : row.amount.toFixed(2),
    currency: row.currency,
    adaptations: row.adaptations as ServiceDetailView['adaptations'],
    origin: row.origin as ServiceDetailView['origin'],
    outcome: row.outcome as ServiceDetailView['outcome'],
    proceedings: row.proceedings,
  }
}
