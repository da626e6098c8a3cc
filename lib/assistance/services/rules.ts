import { paragraphsFor, paragraphOrder, type MandateBasis } from '@/lib/mandate/rules'
import type { CategoryKey } from '@/lib/mandate/categories'
import { CATEGORY_PARAGRAPH, COORDINATION_PARAGRAPH } from '@/lib/mandate/categories'

import type { Adaptation, ServiceDetailView, ServiceLine, ServiceStatus } from './schema'

const NEXT = {
  planned: ['in_progress', 'delivered', 'interrupted', 'declined', 'unavailable', 'voided'],
  in_progress: ['delivered', 'interrupted', 'declined', 'voided'],
  delivered: ['voided'],
  interrupted: ['in_progress', 'delivered', 'voided'],
  declined: ['voided'],
  unavailable: ['voided'],
  voided: [],
} as const satisfies Record<ServiceStatus, readonly ServiceStatus[]>

/** Whether a service's life may go on from one status to another. A wrong status is put right by an amendment. */
export function canMove(from: ServiceStatus, to: ServiceStatus): boolean {
  const next: readonly ServiceStatus[] = NEXT[from]
  return next.includes(to)
}

/** Whether the person got something: what moves a need on and counts in figures. */
export function hasBegun(status: ServiceStatus): boolean {
  return status === 'delivered' || status === 'in_progress' || status === 'interrupted'
}

/** What decides a service's paragraphs. */
export type MandateFactsOfService = {
  readonly category: CategoryKey
  readonly type: string
  readonly adaptations: readonly Adaptation[]
  readonly proceedings: boolean
}

/** The paragraphs that a service must be tied to: its category's and paragraph 9 always, others by its type and facts. */
export function mandateOf(service: MandateFactsOfService): readonly MandateBasis[] {
  return paragraphsFor({
    category: service.category,
    type: service.type,
    adaptations: service.adaptations,
    protectsAroundProceedings: service.proceedings,
  })
}

/** Paragraphs as screens and the API list them: the category's own, paragraph 9, then the others in the resolution's order. */
export function inReadingOrder(category: CategoryKey, paragraphs: readonly string[]): readonly string[] {
  const rank = (paragraph: string): number => {
    if (paragraph === CATEGORY_PARAGRAPH[category]) return -2
    return paragraph === COORDINATION_PARAGRAPH ? -1 : paragraphOrder(paragraph)
  }
  return [...paragraphs].sort((a, b) => rank(a) - rank(b))
}

/** Which days a service may name. A plan may lie ahead; anything that happened lies behind or is today. */
export function dateFault(
  service: { readonly status: ServiceStatus; readonly deliveredOn: string; readonly endedOn: string | null },
  today: string,
): { readonly field: 'deliveredOn' | 'endedOn'; readonly key: string } | null {
  if (service.status !== 'planned' && service.deliveredOn > today)
    return { field: 'deliveredOn', key: 'assistance.date.future' }
  if (service.endedOn === null) return null
  if (service.endedOn < service.deliveredOn)
    return { field: 'endedOn', key: 'assistance.service.ended_on.before_start' }
  // Help that goes on may have an end ahead: a place that was given until Friday.
  const mayLieAhead = service.status === 'planned' || service.status === 'in_progress'
  return !mayLieAhead && service.endedOn > today ? { field: 'endedOn', key: 'assistance.date.future' } : null
}

/** What of a service a closed case may be too late for: its days, and help that lies ahead or goes on. */
export function lateParts(line: Pick<ServiceLine, 'deliveredOn' | 'endedOn' | 'status'>) {
  return {
    days: { deliveredOn: line.deliveredOn, endedOn: line.endedOn },
    goesOn: line.status === 'planned' || line.status === 'in_progress',
  }
}

/** A service of which nothing is known but that it was given. */
export const NO_DETAIL: ServiceDetailView = {
  mode: null,
  placeKind: null,
  minutes: null,
  interpreterUsed: null,
  interpreterLanguage: null,
  amount: null,
  currency: null,
  adaptations: [],
  origin: null,
  outcome: null,
  proceedings: false,
}

/** Names of the fields in which two lines differ: what an amendment changed. */
export function changedFields(before: ServiceLine, after: ServiceLine): readonly string[] {
  const flat = ({ detail, mandate: _mandate, ...line }: ServiceLine): Record<string, unknown> => ({
    ...line,
    ...detail,
  })
  const [old, now] = [flat(before), flat(after)]
  return Object.keys(now).filter((field) => JSON.stringify(old[field] ?? null) !== JSON.stringify(now[field] ?? null))
}

/** A detail whose parts fit together: a language needs an interpreter, an amount its currency, a list holds each thing once. */
export function settled(detail: ServiceDetailView): ServiceDetailView {
  return {
    ...detail,
    interpreterUsed:
      detail.interpreterLanguage !== null && detail.interpreterUsed === null ? true : detail.interpreterUsed,
    interpreterLanguage: detail.interpreterUsed === false ? null : detail.interpreterLanguage,
    currency: detail.amount === null ? null : detail.currency,
    adaptations: [...new Set(detail.adaptations)],
  }
}
