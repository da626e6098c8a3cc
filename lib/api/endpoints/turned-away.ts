import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import {
  listTurnedAwayInput,
  recordTurnedAwayInput,
  SEEN_AGES,
  SEEN_FACTS,
  SENT_TO,
  TOLD_STATUSES,
  TURNED_AWAY_REASONS,
  TURNED_AWAY_VOID_REASONS,
  voidTurnedAwayInput,
} from '@/lib/assistance/turned-away/schema'
import { listTurnedAway, recordTurnedAway, viewTurnedAway, voidTurnedAway } from '@/lib/assistance/turned-away/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { GENDERS } from '@/lib/people/codes'

const params = z.object({ turnedAwayCode: codeParam('TAW') })

const turnedAway = z.object({
  code: z.string(),
  askedOn: z.string(),
  enteredAt: z.string(),
  reason: z.enum(TURNED_AWAY_REASONS),
  category: z.enum(CATEGORY_KEYS),
  /** What could be seen or was told; null where it could not and was not. */
  gender: z.enum(GENDERS).nullable(),
  age: z.enum(SEEN_AGES).nullable(),
  /** ISO 639-3. */
  language: z.string().nullable(),
  migration: z.enum(TOLD_STATUSES).nullable(),
  seen: z.array(z.enum(SEEN_FACTS)),
  sentTo: z.enum(SENT_TO),
  /** The key of an agency of the network. */
  sentAgency: z.string().nullable(),
  voidReason: z.enum(TURNED_AWAY_VOID_REASONS).nullable(),
  version: z.int(),
})

export const recordTurnedAwayEndpoint = endpoint({
  method: 'POST',
  path: '/turned-away',
  summary: 'Record, without identity, somebody who asked and was not served',
  body: recordTurnedAwayInput,
  result: turnedAway,
  status: 201,
  location: (view) => `/turned-away/${view.code}`,
  permission: 'turned-away:record',
  replay: (actor, made) => viewTurnedAway(actor, { record: made }),
  run: (actor, { body }) => recordTurnedAway(actor, body),
})

export const listTurnedAwayEndpoint = endpoint({
  method: 'GET',
  path: '/turned-away',
  summary: 'Who was turned away, the latest first: for supervisors by the agency, for caseworkers what they recorded',
  query: z.strictObject({
    ...pageQuery,
    reason: listTurnedAwayInput.shape.reason,
    category: listTurnedAwayInput.shape.category,
  }),
  result: listOf(turnedAway),
  permission: 'turned-away:record',
  run: (actor, { query }) => listTurnedAway(actor, query),
})

export const viewTurnedAwayEndpoint = endpoint({
  method: 'GET',
  path: '/turned-away/{turnedAwayCode}',
  summary: 'One record of somebody who was turned away',
  params,
  result: turnedAway,
  permission: 'turned-away:record',
  run: (actor, input) => viewTurnedAway(actor, { record: input.params.turnedAwayCode }),
})

const { reason, version } = voidTurnedAwayInput.shape

export const voidTurnedAwayEndpoint = endpoint({
  method: 'POST',
  path: '/turned-away/{turnedAwayCode}/void',
  summary: 'Void a record that doesn’t count; it stays readable as voided',
  params,
  body: z.strictObject({ reason, version }),
  result: turnedAway,
  permission: 'turned-away:record',
  replay: (actor, made) => viewTurnedAway(actor, { record: made }),
  run: (actor, input) => voidTurnedAway(actor, { record: input.params.turnedAwayCode, ...input.body }),
})

export const TURNED_AWAY_ENDPOINTS: readonly Endpoint[] = [
  recordTurnedAwayEndpoint,
  listTurnedAwayEndpoint,
  viewTurnedAwayEndpoint,
  voidTurnedAwayEndpoint,
]
