import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { findHelpInput } from '@/lib/assistance/needs/schema'
import { findHelpForNeed } from '@/lib/assistance/needs/help-service'
import {
  addListedServiceInput,
  changeListedServiceBody,
  LISTED_STATUSES,
  ROOM_UNITS,
  searchFields,
  setReceiversBody,
  updateRoomBody,
} from '@/lib/directory/schema'
import {
  addListedService,
  changeListedService,
  endListedService,
  searchDirectory,
  setReceivers,
  updateRoom,
  viewListedService,
} from '@/lib/directory/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'

const listedParams = z.object({ listedCode: codeParam('DIR') })
const needParams = z.object({ needCode: codeParam('NED') })

const fitWord = z.enum(['any', 'fits', 'ask', 'no'])

const listedResult = z.object({
  code: z.string(),
  agency: z.string(),
  agencyName: z.string(),
  category: z.enum(CATEGORY_KEYS),
  type: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  status: z.enum(LISTED_STATUSES),
  minAge: z.int().nullable(),
  maxAge: z.int().nullable(),
  genders: z.array(z.string()),
  languages: z.array(z.string()),
  interpreters: z.boolean(),
  areas: z.array(z.string()),
  stepFree: z.boolean(),
  withChildren: z.boolean(),
  opening: z.array(z.object({ day: z.int(), opens: z.string(), closes: z.string() })),
  isOpenNow: z.boolean().nullable(),
  timeZone: z.string(),
  room: z
    .object({
      unit: z.enum(ROOM_UNITS),
      available: z.int().nullable(),
      maximum: z.int().nullable(),
      updatedAt: z.string(),
    })
    .nullable(),
  receivers: z.int(),
  standIns: z.int(),
  fit: z.object({
    verdict: z.enum(['fits', 'ask', 'no']),
    ...{ age: fitWord, gender: fitWord, area: fitWord, access: fitWord },
    language: z.enum(['any', 'fits', 'interpreter', 'ask', 'no']),
    room: z.enum(['free', 'full', 'old', 'unknown']),
    agreement: z.enum(['any', 'own', 'fits', 'no']),
  }),
  version: z.int(),
})

const detailResult = listedResult.extend({
  /** Who answers; null for other agencies. */
  answering: z
    .array(z.object({ code: z.string(), name: z.string(), standsIn: z.boolean(), mayAnswer: z.boolean() }))
    .nullable(),
})

const { need: _need, limit: _limit, cursor: _cursor, ...helpFilters } = findHelpInput.shape

export const searchDirectoryEndpoint = endpoint({
  method: 'GET',
  path: '/directory',
  summary: 'What agencies of my network offer, the best fit first, with the reasons',
  query: z.strictObject({ ...pageQuery, ...searchFields }),
  result: listOf(listedResult),
  permission: 'directory:read',
  run: (actor, { query }) => searchDirectory(actor, query),
})

export const findHelpEndpoint = endpoint({
  method: 'GET',
  path: '/needs/{needCode}/help',
  summary: 'Who can help with a need, the best fit first, with the reasons',
  params: needParams,
  query: z.strictObject({ ...pageQuery, ...helpFilters }),
  result: listOf(listedResult),
  permission: 'need:read',
  run: (actor, { params, query }) => findHelpForNeed(actor, { need: params.needCode, ...query }),
})

export const addListedServiceEndpoint = endpoint({
  method: 'POST',
  path: '/directory',
  summary: 'List a service of my agency',
  body: addListedServiceInput,
  result: detailResult,
  status: 201,
  location: (view) => `/directory/${view.code}`,
  permission: 'directory:keep',
  replay: (actor, made) => viewListedService(actor, { service: made }),
  run: (actor, { body }) => addListedService(actor, body),
})

export const viewListedServiceEndpoint = endpoint({
  method: 'GET',
  path: '/directory/{listedCode}',
  summary: 'One listed service',
  params: listedParams,
  result: detailResult,
  permission: 'directory:read',
  run: (actor, { params }) => viewListedService(actor, { service: params.listedCode }),
})

export const changeListedServiceEndpoint = endpoint({
  method: 'PATCH',
  path: '/directory/{listedCode}',
  summary: 'Change an entry of my agency; left out means left as it is, null takes away',
  params: listedParams,
  body: changeListedServiceBody,
  result: detailResult,
  permission: 'directory:keep',
  run: (actor, { params, body }, { version }) =>
    changeListedService(actor, { service: params.listedCode, version, ...body }),
})

export const setReceiversEndpoint = endpoint({
  method: 'POST',
  path: '/directory/{listedCode}/receivers',
  summary: 'Set who answers for a service, and who stands in',
  params: listedParams,
  body: setReceiversBody,
  result: detailResult,
  permission: 'directory:keep',
  replay: (actor, _made, params) => viewListedService(actor, { service: params.listedCode }),
  run: (actor, { params, body }) => setReceivers(actor, { service: params.listedCode, ...body }),
})

export const updateRoomEndpoint = endpoint({
  method: 'POST',
  path: '/directory/{listedCode}/room',
  summary: 'Say how much room a service has now; null when nobody knows',
  params: listedParams,
  body: updateRoomBody,
  result: detailResult,
  permission: 'room:update',
  replay: (actor, _made, params) => viewListedService(actor, { service: params.listedCode }),
  run: (actor, { params, body }) => updateRoom(actor, { service: params.listedCode, ...body }),
})

export const endListedServiceEndpoint = endpoint({
  method: 'POST',
  path: '/directory/{listedCode}/end',
  summary: 'End an entry for good',
  params: listedParams,
  result: detailResult,
  permission: 'directory:keep',
  replay: (actor, _made, params) => viewListedService(actor, { service: params.listedCode }),
  run: (actor, { params }) => endListedService(actor, { service: params.listedCode }),
})

export const DIRECTORY_ENDPOINTS: readonly Endpoint[] = [
  searchDirectoryEndpoint,
  findHelpEndpoint,
  addListedServiceEndpoint,
  viewListedServiceEndpoint,
  changeListedServiceEndpoint,
  setReceiversEndpoint,
  updateRoomEndpoint,
  endListedServiceEndpoint,
]
