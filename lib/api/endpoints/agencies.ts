import 'server-only'
import { z } from 'zod'

import { listAgencies, viewAgency } from '@/lib/agencies/directory-service'
import { endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'

const agencyResult = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.string(),
  country: z.string(),
  timeZone: z.string(),
})

export const listAgenciesEndpoint = endpoint({
  method: 'GET',
  path: '/agencies',
  summary: 'The agencies of this installation',
  query: z.strictObject(pageQuery),
  result: listOf(agencyResult),
  permission: 'agency:read',
  run: (actor, { query }) => listAgencies(actor, query),
})

export const viewAgencyEndpoint = endpoint({
  method: 'GET',
  path: '/agencies/{agencyKey}',
  summary: 'One agency',
  params: z.object({ agencyKey: z.string().max(60) }),
  result: agencyResult,
  permission: 'agency:read',
  run: (actor, { params }) => viewAgency(actor, params.agencyKey),
})

export const AGENCY_ENDPOINTS: readonly Endpoint[] = [listAgenciesEndpoint, viewAgencyEndpoint]
