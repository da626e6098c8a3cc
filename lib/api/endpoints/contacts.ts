import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { CONTACT_KINDS, CONTACT_OUTCOMES, logContactBody, voidContactInput } from '@/lib/assistance/contacts/schema'
import { listContacts, logContact, viewContact, voidContact } from '@/lib/assistance/contacts/service'
import { textWarning } from '@/lib/people/free-text/schema'

const caseParams = z.object({ caseCode: codeParam('CAS') })
const contactParams = z.object({ contactCode: codeParam('CTC') })

const contactResult = z.object({
  code: z.string(),
  case: z.string(),
  /** The person's code. */
  person: z.string().nullable(),
  agency: z.string(),
  agencyName: z.string(),
  kind: z.enum(CONTACT_KINDS),
  outcome: z.enum(CONTACT_OUTCOMES),
  occurredAt: z.string(),
  worker: z.string().nullable(),
  hasText: z.boolean(),
  isVoided: z.boolean(),
  enteredAt: z.string(),
  version: z.int(),
})
/** Beside one that was just written: texts in it that seem to tell who it is about, kept as they were sent. */
const writtenContact = contactResult.extend({ warnings: z.array(textWarning).optional() })

export const logContactEndpoint = endpoint({
  method: 'POST',
  path: '/cases/{caseCode}/contacts',
  summary: 'Log a call, visit, message, observation or failed attempt',
  params: caseParams,
  body: logContactBody,
  result: writtenContact,
  status: 201,
  location: (view) => `/contacts/${view.code}`,
  permission: 'contact:log',
  replay: (actor, made) => viewContact(actor, { contact: made }),
  run: (actor, { params, body }) => logContact(actor, { case: params.caseCode, ...body }, 'warn'),
})

export const listContactsEndpoint = endpoint({
  method: 'GET',
  path: '/cases/{caseCode}/contacts',
  summary: 'The contact log of a case, for its team',
  params: caseParams,
  query: z.strictObject(pageQuery),
  result: listOf(contactResult),
  permission: 'contact:read',
  run: (actor, { params, query }) => listContacts(actor, { case: params.caseCode, ...query }),
})

export const viewContactEndpoint = endpoint({
  method: 'GET',
  path: '/contacts/{contactCode}',
  summary: 'One entry of the contact log; its text stays sealed',
  params: contactParams,
  result: contactResult,
  permission: 'contact:read',
  run: (actor, { params }) => viewContact(actor, { contact: params.contactCode }),
})

const { reason, reasonKept, version } = voidContactInput.shape

export const voidContactEndpoint = endpoint({
  method: 'POST',
  path: '/contacts/{contactCode}/void',
  summary: 'Void a contact that was entered by mistake; it stays readable as voided',
  params: contactParams,
  body: z.strictObject({ reason, reasonKept, version }),
  result: writtenContact,
  permission: 'contact:log',
  replay: (actor, made) => viewContact(actor, { contact: made }),
  run: (actor, { params, body }) => voidContact(actor, { contact: params.contactCode, ...body }, 'warn'),
})

export const CONTACT_ENDPOINTS: readonly Endpoint[] = [
  logContactEndpoint,
  listContactsEndpoint,
  viewContactEndpoint,
  voidContactEndpoint,
]
