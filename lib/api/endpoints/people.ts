import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, type Endpoint } from '@/lib/api/endpoint'
import { changePerson } from '@/lib/people/change-service'
import { textWarning } from '@/lib/people/free-text/schema'
import { DOCUMENT_TYPES, readIdentityInput } from '@/lib/people/identity-schema'
import { readIdentity } from '@/lib/people/identity-service'
import { ANSWER_STATES } from '@/lib/people/profile-schema'
import { CHANNELS } from '@/lib/people/safe-contact-schema'
import { registerPersonInput, searchPersonInput } from '@/lib/people/schema'
import { searchPersons } from '@/lib/people/search-service'
import { registerPerson, viewPerson } from '@/lib/people/service'
import { ok } from '@/lib/platform/result'

const personParams = z.object({ personCode: codeParam('AMP') })

const state = z.enum(ANSWER_STATES)
const answer = <T extends z.ZodType>(value: T) => z.object({ state, value: value.optional() })
const listAnswer = z.object({ state, values: z.array(z.string()).optional() })

const profile = z.object({
  birth: answer(z.int()),
  gender: answer(z.string()),
  citizenships: listAnswer,
  languages: listAnswer,
  interpreter: answer(z.boolean()),
  disability: listAnswer,
  pregnancy: answer(z.boolean()),
  dependants: answer(z.int()),
  migration: answer(z.string()),
  displacement: answer(z.string()),
})

const channelRule = z.object({ safe: z.boolean(), from: z.string().optional(), until: z.string().optional() })

const safeContact = z.object({
  state: z.enum(['rules', 'none', 'not_asked', 'old']),
  askedAt: z.string().nullable(),
  version: z.int(),
  noSafeWay: z.boolean(),
  channels: z.partialRecord(z.enum(CHANNELS), channelRule),
  mayAnswer: z.string().nullable(),
  codeWord: z.string().nullable(),
  language: z.string().nullable(),
  neverContact: z.array(z.string()),
  notes: z.string().nullable(),
})

const personResult = z.object({
  code: z.string(),
  version: z.int(),
  agency: z.string(),
  agencyName: z.string(),
  team: z.boolean(),
  registeredAt: z.string(),
  registeredBy: z.string(),
  birthBand: z.int().nullable(),
  erasedAt: z.string().nullable(),
  cases: z.array(
    z.object({
      code: z.string(),
      number: z.int(),
      status: z.string(),
      stage: z.string(),
      risk: z.string().nullable(),
      restricted: z.boolean(),
      openedOn: z.string(),
    }),
  ),
  profile: profile.nullable(),
  safeContact: safeContact.nullable(),
})

const name = z.object({ value: z.string(), script: z.string().optional() })

const identityResult = z.object({
  code: z.string(),
  version: z.int(),
  identityVersion: z.int(),
  names: z.array(name),
  aliases: z.array(name),
  birthDate: z.string().nullable(),
  birthYear: z.int().nullable(),
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  addresses: z.array(z.string()),
  documents: z.array(
    z.object({ type: z.enum(DOCUMENT_TYPES).optional(), number: z.string(), country: z.string().optional() }),
  ),
})

export const registerPersonEndpoint = endpoint({
  method: 'POST',
  path: '/persons',
  summary: 'Register a person with whatever is known, or nothing',
  body: registerPersonInput,
  result: personResult,
  status: 201,
  location: (view) => `/persons/${view.code}`,
  permission: 'person:register',
  replay: (actor, made) => viewPerson(actor, { person: made }),
  run: (actor, { body }) => registerPerson(actor, body),
})

export const searchPersonsEndpoint = endpoint({
  method: 'POST',
  path: '/persons/search',
  summary: 'Find persons of the own agency by name in any script, phone, document, e-mail or code; at most 20',
  body: searchPersonInput,
  result: listOf(
    z.object({
      code: z.string(),
      strength: z.enum(['strong', 'likely', 'possible']),
      birthBand: z.int().nullable(),
      responsible: z.string(),
      team: z.boolean(),
    }),
  ).extend({
    /** Whom other agencies named with a referral that the member answers for. */
    shared: z.array(
      z.object({
        referral: z.string(),
        strength: z.enum(['strong', 'likely', 'possible']),
        fromAgency: z.string(),
      }),
    ),
    more: z.boolean(),
  }),
  permission: 'person:search',
  replay: 'again',
  run: async (actor, { body }) => {
    const found = await searchPersons(actor, body)
    if (!found.ok) return found
    const { hits, shared, more } = found.value
    return ok({ items: hits, nextCursor: null, shared, more })
  },
})

export const viewPersonEndpoint = endpoint({
  method: 'GET',
  path: '/persons/{personCode}',
  summary: 'A person: the skeleton, and for the team profile and safe contact',
  params: personParams,
  result: personResult,
  permission: 'person:read',
  run: (actor, { params }) => viewPerson(actor, { person: params.personCode }),
})

export const changePersonEndpoint = endpoint({
  method: 'PATCH',
  path: '/persons/{personCode}',
  summary: 'Change what is known of a person: each part of the identity and each answer that is given',
  params: personParams,
  body: registerPersonInput,
  result: personResult,
  permission: 'person:change',
  run: (actor, { params, body }, { version }) => changePerson(actor, { person: params.personCode, version, ...body }),
})

export const readIdentityEndpoint = endpoint({
  method: 'GET',
  path: '/persons/{personCode}/identity',
  summary: 'Who the person is, for the team; each look is recorded',
  params: personParams,
  result: identityResult,
  permission: 'identity:read',
  run: (actor, { params }) => readIdentity(actor, { person: params.personCode }),
})

export const revealIdentityEndpoint = endpoint({
  method: 'POST',
  path: '/persons/{personCode}/identity/reveal',
  summary: 'Who the person is, with the reason of the look on record',
  params: personParams,
  body: readIdentityInput.omit({ person: true }),
  result: identityResult.extend({ warnings: z.array(textWarning).optional() }),
  permission: 'identity:read',
  replay: 'again',
  run: (actor, { params, body }) => readIdentity(actor, { person: params.personCode, ...body }),
})

export const PEOPLE_ENDPOINTS: readonly Endpoint[] = [
  registerPersonEndpoint,
  searchPersonsEndpoint,
  viewPersonEndpoint,
  changePersonEndpoint,
  readIdentityEndpoint,
  revealIdentityEndpoint,
]
