import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import {
  addNeedBody,
  changeNeedBody,
  listNeedsInput,
  NEED_STATES,
  NOT_MET_REASONS,
  URGENCIES,
} from '@/lib/assistance/needs/schema'
import { addNeed, changeNeed, listNeeds, viewNeed } from '@/lib/assistance/needs/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'

const caseParams = z.object({ caseCode: codeParam('CAS') })
const needParams = z.object({ needCode: codeParam('NED') })

const needResult = z.object({
  code: z.string(),
  case: z.string(),
  /** The person's code. */
  person: z.string().nullable(),
  agency: z.string(),
  agencyName: z.string(),
  category: z.enum(CATEGORY_KEYS),
  type: z.string().nullable(),
  urgency: z.enum(URGENCIES),
  state: z.enum(NEED_STATES),
  notMetReason: z.enum(NOT_MET_REASONS).nullable(),
  foundOn: z.string(),
  contactDueAt: z.string(),
  isLate: z.boolean(),
  metOn: z.string().nullable(),
  version: z.int(),
})

const { category, urgency, state } = listNeedsInput.shape

export const listNeedsEndpoint = endpoint({
  method: 'GET',
  path: '/needs',
  summary: 'Needs of my agency, the earliest limit of the first contact first',
  query: z.strictObject({ ...pageQuery, case: z.string().max(64).optional(), category, urgency, state }),
  result: listOf(needResult),
  permission: 'need:read',
  run: (actor, { query }) => listNeeds(actor, query),
})

export const addNeedEndpoint = endpoint({
  method: 'POST',
  path: '/cases/{caseCode}/needs',
  summary: 'Add a need that was found',
  params: caseParams,
  body: addNeedBody,
  result: needResult,
  status: 201,
  location: (view) => `/needs/${view.code}`,
  permission: 'need:write',
  replay: (actor, made) => viewNeed(actor, { need: made }),
  run: (actor, { params, body }) => addNeed(actor, { case: params.caseCode, ...body }),
})

export const listCaseNeedsEndpoint = endpoint({
  method: 'GET',
  path: '/cases/{caseCode}/needs',
  summary: 'The needs of a case',
  params: caseParams,
  query: z.strictObject({ ...pageQuery, category, urgency, state }),
  result: listOf(needResult),
  permission: 'need:read',
  run: (actor, { params, query }) => listNeeds(actor, { case: params.caseCode, ...query }),
})

export const viewNeedEndpoint = endpoint({
  method: 'GET',
  path: '/needs/{needCode}',
  summary: 'One need',
  params: needParams,
  result: needResult,
  permission: 'need:read',
  run: (actor, { params }) => viewNeed(actor, { need: params.needCode }),
})

export const changeNeedEndpoint = endpoint({
  method: 'PATCH',
  path: '/needs/{needCode}',
  summary: 'Change the state, urgency or type of a need',
  params: needParams,
  body: changeNeedBody,
  result: needResult,
  permission: 'need:write',
  run: (actor, { params, body }, { version }) => changeNeed(actor, { need: params.needCode, version, ...body }),
})

export const NEED_ENDPOINTS: readonly Endpoint[] = [
  listNeedsEndpoint,
  addNeedEndpoint,
  listCaseNeedsEndpoint,
  viewNeedEndpoint,
  changeNeedEndpoint,
]
