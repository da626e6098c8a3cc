import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, mandateLinks, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { amendService, voidService } from '@/lib/assistance/services/amend-service'
import {
  amendServiceFields,
  listServicesInput,
  logServiceBody,
  SERVICE_STATUSES,
  voidServiceInput,
} from '@/lib/assistance/services/schema'
import { listServices, logService, viewService } from '@/lib/assistance/services/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { textWarning } from '@/lib/people/free-text/schema'

const caseParams = z.object({ caseCode: codeParam('CAS') })
const serviceParams = z.object({ serviceCode: codeParam('SVC') })

const line = {
  code: z.string(),
  case: z.string(),
  /** The person's code. */
  person: z.string().nullable(),
  agency: z.string(),
  agencyName: z.string(),
  category: z.enum(CATEGORY_KEYS),
  type: z.string(),
  deliveredOn: z.string(),
  endedOn: z.string().nullable(),
  status: z.enum(SERVICE_STATUSES),
  /** The paragraphs of the resolution that the record is tied to, read from its own rows. */
  mandate: mandateLinks,
  need: z.string().nullable(),
  worker: z.string().nullable(),
  enteredAt: z.string(),
  version: z.int(),
}

/** Beside a record that was just written: texts in it that seem to tell who it is about, kept as they were sent. */
const warnings = z.array(textWarning).optional()

const detail = z.object({
  mode: z.string().nullable(),
  placeKind: z.string().nullable(),
  minutes: z.int().nullable(),
  interpreterUsed: z.boolean().nullable(),
  interpreterLanguage: z.string().nullable(),
  amount: z.string().nullable(),
  currency: z.string().nullable(),
  adaptations: z.array(z.string()),
  origin: z.string().nullable(),
  outcome: z.string().nullable(),
  proceedings: z.boolean(),
})

const serviceLine = z.object(line)
const loggedLine = serviceLine.extend({ warnings })
const serviceRecord = z.object({
  ...line,
  /** How it was given; null off the team that gave it. */
  detail: detail.nullable(),
  hasNote: z.boolean(),
  changes: z.array(
    z.object({
      version: z.int(),
      reason: z.string(),
      changedBy: z.string(),
      changedAt: z.string(),
      before: z.unknown(),
    }),
  ),
})
const changedRecord = serviceRecord.extend({ warnings })

const { category, type, status, from, to, agency } = listServicesInput.shape
const filters = { category, type, status, from, to, agency }

export const listServicesEndpoint = endpoint({
  method: 'GET',
  path: '/services',
  summary: 'Services of my agency, or of one case, the newest day first',
  query: z.strictObject({ ...pageQuery, case: z.string().max(64).optional(), ...filters }),
  result: listOf(serviceLine),
  permission: 'service:read',
  run: (actor, { query }) => listServices(actor, query),
})

export const listCaseServicesEndpoint = endpoint({
  method: 'GET',
  path: '/cases/{caseCode}/services',
  summary: 'The services of a case',
  params: caseParams,
  query: z.strictObject({ ...pageQuery, ...filters }),
  result: listOf(serviceLine),
  permission: 'service:read',
  run: (actor, { params, query }) => listServices(actor, { case: params.caseCode, ...query }),
})

export const logServiceEndpoint = endpoint({
  method: 'POST',
  path: '/cases/{caseCode}/services',
  summary: 'Log a service on a case',
  params: caseParams,
  body: logServiceBody,
  result: loggedLine,
  status: 201,
  location: (view) => `/services/${view.code}`,
  permission: 'service:log',
  replay: (actor, made) => viewService(actor, { service: made }),
  run: (actor, { params, body }) => logService(actor, { case: params.caseCode, ...body }, 'warn'),
})

export const viewServiceEndpoint = endpoint({
  method: 'GET',
  path: '/services/{serviceCode}',
  summary: 'One service',
  params: serviceParams,
  result: serviceRecord,
  permission: 'service:read',
  run: (actor, { params }) => viewService(actor, { service: params.serviceCode }),
})

export const amendServiceEndpoint = endpoint({
  method: 'POST',
  path: '/services/{serviceCode}/amend',
  summary: 'Correct a service, with a reason; what it said before stays',
  params: serviceParams,
  body: z.strictObject(amendServiceFields),
  result: changedRecord,
  ifMatch: true,
  permission: 'service:amend',
  replay: (actor, made) => viewService(actor, { service: made }),
  run: (actor, { params, body }, { version }) =>
    amendService(actor, { service: params.serviceCode, version, ...body }, 'warn'),
})

const { reason, reasonKept, version } = voidServiceInput.shape

export const voidServiceEndpoint = endpoint({
  method: 'POST',
  path: '/services/{serviceCode}/void',
  summary: 'Void a service that was entered by mistake; it stays readable as voided',
  params: serviceParams,
  body: z.strictObject({ reason, reasonKept, version }),
  result: changedRecord,
  permission: 'service:void',
  replay: (actor, made) => viewService(actor, { service: made }),
  run: (actor, { params, body }) => voidService(actor, { service: params.serviceCode, ...body }, 'warn'),
})

export const ASSISTANCE_ENDPOINTS: readonly Endpoint[] = [
  listServicesEndpoint,
  listCaseServicesEndpoint,
  logServiceEndpoint,
  viewServiceEndpoint,
  amendServiceEndpoint,
  voidServiceEndpoint,
]
