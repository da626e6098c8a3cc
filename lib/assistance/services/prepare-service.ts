import type { MandateBasis } from '@/lib/mandate/rules'
import { newCode, newId } from '@/lib/platform/ids'

import { mandateOf, NO_DETAIL, settled } from './rules'
import type { Adaptation, LogForSeveralEntry, LogServiceEntry, ServiceDetailView, ServiceLine } from './schema'

/** The case that a service stands on, by the ids that its rows carry. */
export type ServiceOn = { readonly id: string; readonly person: string; readonly holder: string }

/** A service ready to be written. */
export type NewService = {
  readonly id: string
  readonly code: string
  readonly on: ServiceOn
  readonly need: string | null
  readonly line: Omit<ServiceLine, 'need' | 'mandate' | 'detail'>
  readonly detail: ServiceDetailView
  readonly mandate: readonly MandateBasis[]
  readonly group: string | null
  readonly hasNote: boolean
}

/** The rows of services, table by table, in the order in which they may be inserted. Without reading anything. */
export function serviceRows(
  services: readonly NewService[],
  by: { readonly agency: string; readonly member: string; readonly at: Date },
) {
  const both = (service: NewService) => ({ holderAgencyId: service.on.holder, agencyId: by.agency })
  return {
    service: services.map((service) => ({
      id: service.id,
      code: service.code,
      caseId: service.on.id,
      personId: service.on.person,
      ...both(service),
      needId: service.need,
      category: service.line.category,
      type: service.line.type,
      deliveredOn: new Date(service.line.deliveredOn),
      endedOn: service.line.endedOn === null ? null : new Date(service.line.endedOn),
      status: service.line.status,
      workerId: by.member,
      groupId: service.group,
      hasNote: service.hasNote,
      enteredAt: by.at,
    })),
    mandate: services.flatMap((service) =>
      service.mandate.map(({ paragraph, reason }) => ({ serviceId: service.id, paragraph, reason, ...both(service) })),
    ),
    detail: services.map((service) => ({
      serviceId: service.id,
      caseId: service.on.id,
      ...both(service),
      ...detailColumns(service.detail),
    })),
  }
}

/** A detail as its columns. */
export function detailColumns(
  detail: ServiceDetailView,
): Omit<ServiceDetailView, 'adaptations'> & { adaptations: Adaptation[] } {
  return { ...detail, adaptations: [...detail.adaptations] }
}

export type PrepareOptions = {
  readonly need?: string | null
  /** Shared by the records of one entry for several people. */
  readonly group?: string | null
  /** For imports and demonstration data, whose codes and ids must be repeatable. */
  readonly name?: { readonly id: string; readonly code: string }
}

/**
 * A checked entry as a service ready to be written, with the paragraphs that it stands under. Reads nothing, so bulk
 * loads use it as the forms do; `insertServices` or `serviceRows` write it. `deliveredOn` is the day where the entry
 * names none.
 */
export function prepareService(
  entry: LogServiceEntry | LogForSeveralEntry,
  on: ServiceOn,
  deliveredOn: string,
  options: PrepareOptions = {},
): NewService {
  const detail = detailOf(entry)
  const { id, code } = options.name ?? { id: newId(), code: newCode('SVC') }
  const line = {
    category: entry.category,
    type: entry.type,
    deliveredOn: entry.deliveredOn ?? deliveredOn,
    endedOn: entry.endedOn ?? null,
    status: entry.status,
  }
  return {
    id,
    code,
    on,
    need: options.need ?? null,
    line,
    detail,
    mandate: mandateOf({ ...line, adaptations: detail.adaptations, proceedings: detail.proceedings }),
    group: options.group ?? null,
    hasNote: 'note' in entry && entry.note !== undefined && entry.note !== '',
  }
}

function detailOf(entry: LogServiceEntry | LogForSeveralEntry): ServiceDetailView {
  return settled({
    mode: entry.mode ?? NO_DETAIL.mode,
    placeKind: entry.placeKind ?? NO_DETAIL.placeKind,
    minutes: entry.minutes ?? NO_DETAIL.minutes,
    interpreterUsed: entry.interpreterUsed ?? NO_DETAIL.interpreterUsed,
    interpreterLanguage: entry.interpreterLanguage ?? NO_DETAIL.interpreterLanguage,
    amount: entry.amount ?? NO_DETAIL.amount,
    currency: entry.currency ?? NO_DETAIL.currency,
    adaptations: entry.adaptations ?? NO_DETAIL.adaptations,
    origin: entry.origin ?? NO_DETAIL.origin,
    outcome: entry.outcome ?? NO_DETAIL.outcome,
    proceedings: entry.proceedings ?? NO_DETAIL.proceedings,
  })
}
