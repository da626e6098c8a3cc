import 'server-only'
import { z } from 'zod'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { LOG_SCOPES, logFilters, type LogEventView } from '@/lib/audit/log/schema'
import { listAuditEvents } from '@/lib/audit/log/service'
import { eventProof } from '@/lib/audit/proof/schema'
import { proveEvent } from '@/lib/audit/proof/service'
import { SEAL_STATES } from '@/lib/audit/state/schema'
import { askSealCheck, viewSeal } from '@/lib/audit/state/service'
import { oversightFilters, type OversightEvent } from '@/lib/oversight/log/schema'
import { listOversightEvents } from '@/lib/oversight/log/service'
import { ok, refuse, type Result } from '@/lib/platform/result'

const event = z.object({
  code: z.string(),
  at: z.string(),
  type: z.string(),
  action: z.string(),
  outcome: z.string(),
  /** The key of the agency that it happened at. */
  agency: z.string().nullable(),
  /** The code of who acted; null for the installation itself. */
  actor: z.string().nullable(),
  /** Their name; empty for the installation itself, for members of other agencies, and for auditors always. */
  by: z.string(),
  /** The first of the roles that they acted in. */
  role: z.string().nullable(),
  roles: z.array(z.string()),
  /** The code of the record; for auditors the person's pseudonym. */
  subject: z.string().nullable(),
  /** For auditors the case's pseudonym. */
  case: z.string().nullable(),
  /** For auditors which kind of record, by the prefix of its code. */
  record: z.string().nullable(),
  /** What authorised it. */
  basis: z.string().nullable(),
  /** Names of fields, never values. */
  fields: z.array(z.string()),
  purpose: z.string().nullable(),
  /** The part of the network address that is kept. */
  network: z.string().nullable(),
})

const seal = z.object({
  state: z.enum(SEAL_STATES),
  /** How many events the last checkpoint seals. */
  size: z.int(),
  /** The root of the RFC 6962 tree over them, in hex. */
  root: z.string().nullable(),
  epoch: z.int(),
  sealedAt: z.string().nullable(),
  /** The last checkpoint as a C2SP signed note; keep it, and the log can never be shorter or another one unseen. */
  lastCheckpoint: z.string().nullable(),
  /** The first event that does not fit, counted from 1, as the last check found it; null while all fits. */
  firstBad: z.object({ kind: z.string(), position: z.int().nullable(), code: z.string().nullable() }).nullable(),
  /** The key that verifies it. */
  publicKey: z.string().nullable(),
  waiting: z.int(),
  waitingSince: z.string().nullable(),
  verification: z
    .object({
      at: z.string(),
      size: z.int(),
      fault: z
        .object({
          kind: z.string(),
          position: z.int().nullable(),
          code: z.string().nullable(),
          checkpointSize: z.int().nullable(),
          acknowledgedAt: z.string().nullable(),
        })
        .nullable(),
    })
    .nullable(),
  checking: z.boolean(),
})

export const listAuditEventsEndpoint = endpoint({
  method: 'GET',
  path: '/audit/events',
  summary:
    'The log, as far as my role goes: my cases, my agency (supervisors), accounts (administrators), the network under pseudonyms (auditors)',
  query: z.strictObject({
    ...pageQuery,
    scope: z.enum(LOG_SCOPES).optional(),
    view: oversightFilters.shape.view,
    type: logFilters.shape.type,
    subject: logFilters.shape.subject,
    actor: oversightFilters.shape.actor,
    agency: oversightFilters.shape.agency,
    from: logFilters.shape.from,
    to: logFilters.shape.to,
  }),
  result: listOf(event),
  permission: 'log:read',
  run: async (actor, { query }) => {
    const { scope, view, actor: by, agency, ...shared } = query
    if (holds(actor, 'log:read-network')) {
      if (scope !== undefined) return refuse('invalid', undefined, { scope: ['errors.field.not_valid'] })
      const found = await listOversightEvents(actor, { view, actor: by, agency, ...shared })
      return found.ok ? ok({ ...found.value, items: found.value.items.map(asPseudonymous) }) : found
    }
    const foreign = Object.entries({ view, actor: by, agency }).find(([, value]) => value !== undefined)
    if (foreign !== undefined) return refuse('invalid', undefined, { [foreign[0]]: ['errors.field.not_valid'] })
    const found = await listAuditEvents(actor, { scope, ...shared })
    return found.ok ? ok({ ...found.value, items: found.value.items.map(asOwn) }) : found
  },
})

export const proveEventEndpoint = endpoint({
  method: 'GET',
  path: '/audit/events/{eventCode}/proof',
  summary: 'The proof that an event is in the sealed log: its leaf, the path to the root, and the signed checkpoint',
  params: z.object({ eventCode: codeParam('EVT') }),
  result: z.object({ code: z.string(), proof: eventProof.nullable() }),
  permission: 'log:prove',
  run: (actor, { params }) => proveEvent(actor, { event: params.eventCode }),
})

export const viewSealEndpoint = endpoint({
  method: 'GET',
  path: '/audit/verification',
  summary: 'How the seal of the log stands, its last checkpoint, and the key that verifies it',
  result: seal,
  permission: 'seal:read',
  run: (actor) => sealOf(actor),
})

export const askSealCheckEndpoint = endpoint({
  method: 'POST',
  path: '/audit/verification',
  summary: 'Ask for a check of the whole log soon; GET tells what it found',
  result: seal,
  permission: 'seal:read',
  replay: (actor) => sealOf(actor),
  run: async (actor) => {
    const asked = await askSealCheck(actor)
    return asked.ok ? sealOf(actor) : asked
  },
})

export const AUDIT_ENDPOINTS: readonly Endpoint[] = [
  listAuditEventsEndpoint,
  proveEventEndpoint,
  viewSealEndpoint,
  askSealCheckEndpoint,
]

function asOwn(item: LogEventView) {
  return { ...item, role: item.roles[0] ?? null, case: null, record: null }
}

/** Nothing of who, where from, or for which record of an agency leaves with it. */
function asPseudonymous(item: OversightEvent) {
  return { ...item, by: '', role: item.roles[0] ?? null, network: null }
}

async function sealOf(actor: Actor): Promise<Result<z.input<typeof seal>>> {
  const found = await viewSeal(actor)
  if (!found.ok) return found
  const { checkpoint, verification, ...view } = found.value
  const fault = verification?.fault ?? null
  const firstBad = fault === null ? null : { kind: fault.kind, position: fault.position, code: fault.code }
  return ok({ ...view, verification, lastCheckpoint: checkpoint, firstBad })
}
