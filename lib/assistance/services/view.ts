import { mandateLink } from '@/lib/mandate/rules'

import type { ServiceRow } from './list-data'
import { inReadingOrder } from './rules'
import type { ServiceDetailView, ServiceLine, ServiceView } from './schema'

/** The coded line of a service as its readers see it, with the paragraphs that its rows in the database name. */
export function toServiceView(row: ServiceRow): ServiceView {
  const paragraphs = inReadingOrder(
    row.category,
    row.mandate.map(({ paragraph }) => paragraph),
  )
  return {
    code: row.code,
    case: row.caseCode,
    person: row.personCode,
    agency: row.agencyKey,
    agencyName: row.agencyName,
    category: row.category,
    type: row.type,
    deliveredOn: row.deliveredOn,
    endedOn: row.endedOn,
    status: row.status,
    mandate: paragraphs.map(mandateLink),
    mandateReasons: Object.fromEntries(row.mandate.map(({ paragraph, reason }) => [paragraph, reason])),
    need: row.needCode,
    worker: row.worker,
    enteredAt: row.enteredAt.toISOString(),
    version: row.version,
  }
}

/** Everything coded that a service says now. */
export function lineOf(row: ServiceRow, detail: ServiceDetailView): ServiceLine {
  return {
    category: row.category,
    type: row.type,
    deliveredOn: row.deliveredOn,
    endedOn: row.endedOn,
    status: row.status,
    need: row.needCode,
    mandate: inReadingOrder(
      row.category,
      row.mandate.map(({ paragraph }) => paragraph),
    ),
    detail,
  }
}
