import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { IDENTITY_LEVELS } from '@/lib/consent/fields'
import {
  CHILD_VIEWS,
  CONSENT_ANSWERS,
  CONSENT_METHODS,
  CONSENT_PURPOSES,
  CONSENT_STATES,
  EXPLAINED_POINTS,
  GIVEN_BY,
  RECEIVER_KINDS,
  recordConsentBody,
  withdrawConsentBody,
  WITHHELD_REASONS,
} from '@/lib/consent/schema'
import { listConsents, recordConsent, viewConsent, withdrawConsent } from '@/lib/consent/service'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { textWarning } from '@/lib/people/free-text/schema'

const caseParams = z.object({ caseCode: codeParam('CAS') })
const consentParams = z.object({ consentCode: codeParam('CON') })

const consentResult = z.object({
  code: z.string(),
  case: z.string(),
  /** The person's code. */
  person: z.string().nullable(),
  state: z.enum(CONSENT_STATES),
  purpose: z.enum(CONSENT_PURPOSES),
  answer: z.enum(CONSENT_ANSWERS),
  /** The key of the agency that may receive; null for a kind of agency, and where nobody else does. */
  agency: z.string().nullable(),
  agencyName: z.string().nullable(),
  agencyKind: z.enum(RECEIVER_KINDS).nullable(),
  categories: z.array(z.enum(CATEGORY_KEYS)),
  identity: z.enum(IDENTITY_LEVELS),
  startsOn: z.string(),
  /** The last day, which counts in, in the agency's zone. */
  endsOn: z.string().nullable(),
  givenBy: z.enum(GIVEN_BY),
  method: z.enum(CONSENT_METHODS),
  language: z.string().nullable(),
  interpreter: z.boolean(),
  explained: z.array(z.enum(EXPLAINED_POINTS)),
  withheld: z.array(z.string()),
  withheldWhy: z.enum(WITHHELD_REASONS).nullable(),
  child: z.boolean(),
  childView: z.enum(CHILD_VIEWS).nullable(),
  hasTexts: z.boolean(),
  recordedAt: z.string(),
  withdrawnAt: z.string().nullable(),
  withdrawnBy: z.enum(GIVEN_BY).nullable(),
  /** Which edition of what was agreed it is, with the codes of its neighbours. */
  edition: z.int(),
  replaces: z.string().nullable(),
  replacedBy: z.string().nullable(),
  version: z.int(),
})
/** Beside one that was just written: texts in it that seem to tell who it is about, kept as they were sent. */
const writtenConsent = consentResult.extend({ warnings: z.array(textWarning).optional() })

export const recordConsentEndpoint = endpoint({
  method: 'POST',
  path: '/cases/{caseCode}/consents',
  summary: 'Record what a person answered about their data: a yes or a no, for one purpose',
  params: caseParams,
  body: recordConsentBody,
  result: writtenConsent,
  status: 201,
  location: (view) => `/consents/${view.code}`,
  permission: 'consent:record',
  replay: (actor, made) => viewConsent(actor, { consent: made }),
  run: (actor, { params, body }) => recordConsent(actor, { case: params.caseCode, ...body }, 'warn'),
})

export const listConsentsEndpoint = endpoint({
  method: 'GET',
  path: '/cases/{caseCode}/consents',
  summary: 'What a person answered on a case, for its team; replaced answers are left out',
  params: caseParams,
  query: z.strictObject(pageQuery),
  result: listOf(consentResult),
  permission: 'consent:read',
  run: (actor, { params, query }) => listConsents(actor, { case: params.caseCode, ...query }),
})

export const viewConsentEndpoint = endpoint({
  method: 'GET',
  path: '/consents/{consentCode}',
  summary: 'One answer of a person; what was said in words stays sealed',
  params: consentParams,
  result: consentResult,
  permission: 'consent:read',
  run: (actor, { params }) => viewConsent(actor, { consent: params.consentCode }),
})

export const withdrawConsentEndpoint = endpoint({
  method: 'POST',
  path: '/consents/{consentCode}/withdraw',
  summary: 'Withdraw a consent; nothing goes out under it from then on',
  params: consentParams,
  body: withdrawConsentBody,
  result: writtenConsent,
  permission: 'consent:record',
  replay: (actor, made) => viewConsent(actor, { consent: made }),
  run: (actor, { params, body }) => withdrawConsent(actor, { consent: params.consentCode, ...body }, 'warn'),
})

export const CONSENT_ENDPOINTS: readonly Endpoint[] = [
  recordConsentEndpoint,
  listConsentsEndpoint,
  viewConsentEndpoint,
  withdrawConsentEndpoint,
]
