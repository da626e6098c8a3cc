import 'server-only'
import { z } from 'zod'

import { endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { LOG_SCOPES, logFilters } from '@/lib/audit/log/schema'
import { listAuditEvents } from '@/lib/audit/log/service'
import { SEAL_STATES } from '@/lib/audit/state/schema'
import { viewSeal } from '@/lib/audit/state/service'

const event = z.object({
  code: z.string(),
  at: z.string(),
  type: z.string(),
  action: z.string(),
  outcome: z.string(),
  /** Who acted; empty for the installation itself and for members of other agencies. */
  by: z.string(),
  roles: z.array(z.string()),
  /** The code of the record. */
  subject: z.string().nullable(),
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
  checkpoint: z.string().nullable(),
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
  summary: 'The log, as far as my role goes: my cases, my agency (supervisors), accounts (administrators)',
  query: z.strictObject({
    ...pageQuery,
    scope: z.enum(LOG_SCOPES).optional(),
    type: logFilters.shape.type,
    subject: logFilters.shape.subject,
    from: logFilters.shape.from,
    to: logFilters.shape.to,
  }),
  result: listOf(event),
  permission: 'log:read',
  run: (actor, { query }) => listAuditEvents(actor, query),
})

export const viewSealEndpoint = endpoint({
  method: 'GET',
  path: '/audit/verification',
  summary: 'How the seal of the log stands, its last checkpoint, and the key that verifies it',
  result: seal,
  permission: 'seal:read',
  run: (actor) => viewSeal(actor),
})

export const AUDIT_ENDPOINTS: readonly Endpoint[] = [listAuditEventsEndpoint, viewSealEndpoint]
