import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { listCases } from '@/lib/cases/list-service'
import {
  CASE_STAGES,
  CASE_STATUSES,
  caseFilters,
  changeCaseFields,
  IDENTIFICATION_STATUSES,
  LIST_TABS,
  openCaseInput,
  RISK_LEVELS,
  THREE_WAY,
} from '@/lib/cases/schema'
import { changeCase, openCase, viewCase } from '@/lib/cases/service'
import { textWarning } from '@/lib/people/free-text/schema'

const caseParams = z.object({ caseCode: codeParam('CAS') })

const counts = z.record(z.string(), z.number())

const line = {
  code: z.string(),
  /** The person's code. */
  person: z.string(),
  number: z.int(),
  status: z.enum(CASE_STATUSES),
  stage: z.enum(CASE_STAGES),
  risk: z.enum(RISK_LEVELS).nullable(),
  restricted: z.boolean(),
  openedOn: z.string(),
  needsOpen: z.int(),
  /** How many services the case has, by category. */
  services: counts,
}

const caseResult = z.object({
  ...line,
  agency: z.string(),
  agencyName: z.string(),
  /** Which other agency leads it, while this one keeps the person’s record; null while it leads itself. */
  lead: z.object({ agency: z.string(), agencyName: z.string() }).nullable(),
  riskReviewDue: z.string().nullable(),
  legalHold: z.boolean(),
  closedOn: z.string().nullable(),
  closureReason: z.string().nullable(),
  team: z.array(z.object({ name: z.string(), lead: z.boolean(), since: z.string() })),
  /** What only the team reads; null for colleagues off it. */
  content: z
    .object({
      wantsSupport: z.enum(THREE_WAY),
      dataUse: z.enum(THREE_WAY),
      takesPart: z.enum(THREE_WAY),
      identification: z.enum(IDENTIFICATION_STATUSES),
      identifiedBy: z.string().nullable(),
      identifiedOn: z.string().nullable(),
      /** The deciding body’s reason, in words. */
      identificationReason: z.string().nullable(),
      acts: z.array(z.string()),
      means: z.array(z.string()),
      purposes: z.array(z.string()),
      recruitment: z.array(z.string()),
      sectors: z.array(z.string()),
      places: z.array(z.string()),
      recruiterRelation: z.string().nullable(),
    })
    .nullable(),
  version: z.int(),
})

const caseLine = z.object({
  ...line,
  /** The name of another agency that leads it; null while the holder does. */
  ledBy: z.string().nullable(),
  next: z.object({ kind: z.string(), dueAt: z.string() }).nullable(),
})

export const openCaseEndpoint = endpoint({
  method: 'POST',
  path: '/cases',
  summary: 'Open a case for a person',
  body: openCaseInput,
  result: caseResult,
  status: 201,
  location: (view) => `/cases/${view.code}`,
  permission: 'case:open',
  replay: (actor, made) => viewCase(actor, { case: made }),
  run: (actor, { body }) => openCase(actor, body),
})

export const listCasesEndpoint = endpoint({
  method: 'GET',
  path: '/cases',
  summary: 'My cases, or the skeletons of my agency’s (tab=agency)',
  query: z.strictObject({
    ...pageQuery,
    tab: z.enum(LIST_TABS).optional(),
    status: caseFilters.shape.status,
    risk: caseFilters.shape.risk,
    need: caseFilters.shape.need,
  }),
  result: listOf(caseLine),
  permission: 'case:read',
  run: (actor, { query }) => listCases(actor, query),
})

export const viewCaseEndpoint = endpoint({
  method: 'GET',
  path: '/cases/{caseCode}',
  summary: 'A case',
  params: caseParams,
  result: caseResult,
  permission: 'case:read',
  run: (actor, { params }) => viewCase(actor, { case: params.caseCode }),
})

export const changeCaseEndpoint = endpoint({
  method: 'PATCH',
  path: '/cases/{caseCode}',
  summary: 'Change a case, close it (with closureReason) or reopen it',
  params: caseParams,
  body: changeCaseFields,
  result: caseResult.extend({ warnings: z.array(textWarning).optional() }),
  permission: 'case:change',
  run: (actor, { params, body }, { version }) => changeCase(actor, { case: params.caseCode, version, ...body }, 'warn'),
})

export const CASE_ENDPOINTS: readonly Endpoint[] = [
  openCaseEndpoint,
  listCasesEndpoint,
  viewCaseEndpoint,
  changeCaseEndpoint,
]
