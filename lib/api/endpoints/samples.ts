import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, type Endpoint } from '@/lib/api/endpoint'
import {
  drawSampleInput,
  SAMPLE_ANSWERS,
  SAMPLE_POOLS,
  SAMPLE_SPREADS,
  sampleAnswers,
} from '@/lib/oversight/samples/schema'
import { answerSampleFile, drawSample, listSamples, viewSample, viewSampleFile } from '@/lib/oversight/samples/service'

const line = z.object({
  code: z.string(),
  drawnAt: z.string(),
  pool: z.enum(SAMPLE_POOLS),
  spread: z.enum(SAMPLE_SPREADS),
  size: z.int(),
  seed: z.int(),
  /** Null of restricted files. */
  frameSize: z.int().nullable(),
  frameDigest: z.string(),
  files: z.int(),
  read: z.int(),
  concerns: z.int(),
})

const answer = z.enum(SAMPLE_ANSWERS)

const sampledFile = z.object({
  code: z.string(),
  position: z.int(),
  agency: z.string(),
  agencyName: z.string(),
  stratum: z.string(),
  readAt: z.string().nullable(),
  answers: z.object({ consent: answer, mandate: answer, response: answer, looks: answer, adapted: answer }).nullable(),
  version: z.int(),
})

const sampleResult = line.extend({ items: z.array(sampledFile), repeats: z.boolean() })

const maskedFile = z.object({
  status: z.string(),
  openedOn: z.string(),
  closedOn: z.string().nullable(),
  needs: z.array(
    z.object({
      category: z.string(),
      urgency: z.string(),
      state: z.string(),
      foundOn: z.string(),
      dueOn: z.string(),
      servedOn: z.string().nullable(),
      notMetReason: z.string().nullable(),
    }),
  ),
  services: z.array(
    z.object({
      category: z.string(),
      on: z.string(),
      status: z.string(),
      agency: z.string(),
      paragraphs: z.array(z.string()),
      isAdapted: z.boolean(),
      changes: z.int(),
    }),
  ),
  consents: z.array(
    z.object({
      purpose: z.string(),
      answer: z.string(),
      categories: z.array(z.string()),
      identity: z.string(),
      agency: z.string().nullable(),
      kind: z.string().nullable(),
      on: z.string(),
      endsOn: z.string().nullable(),
      withdrawnOn: z.string().nullable(),
      isReplaced: z.boolean(),
    }),
  ),
  exceptions: z.array(
    z.object({ agency: z.string(), basis: z.string(), on: z.string(), endsOn: z.string(), findings: z.int() }),
  ),
  referrals: z.array(
    z.object({
      agency: z.string(),
      urgency: z.string(),
      state: z.string(),
      sentAt: z.string(),
      acknowledgedAt: z.string().nullable(),
      decideBy: z.string().nullable(),
      answeredAt: z.string().nullable(),
      endedAt: z.string().nullable(),
      declineReason: z.string().nullable(),
    }),
  ),
  disclosures: z.array(
    z.object({
      way: z.string(),
      agency: z.string().nullable(),
      on: z.string(),
      bases: z.array(z.string()),
      fields: z.int(),
    }),
  ),
  looks: z.array(
    z.object({ role: z.string(), agency: z.string(), looks: z.int(), members: z.int(), identity: z.int() }),
  ),
  reviews: z.object({
    riskDueOn: z.string().nullable(),
    tasksLate: z.int(),
    emergencies: z.int(),
    emergenciesLate: z.int(),
  }),
  rules: z.array(z.object({ rule: z.string(), on: z.string(), title: z.string() })),
})

const fileResult = sampledFile.extend({
  sample: z.string(),
  files: z.int(),
  read: z.int(),
  next: z.string().nullable(),
  file: maskedFile,
})

const sampleParams = z.object({ sampleCode: codeParam('SMP') })
const fileParams = sampleParams.extend({ fileCode: codeParam('AUD') })

export const listSamplesEndpoint = endpoint({
  method: 'GET',
  path: '/oversight/samples',
  summary: 'The samples of case files that my body drew, the latest first',
  result: z.object({ items: z.array(line) }),
  permission: 'sample:read',
  run: (actor) => listSamples(actor),
})

export const drawSampleEndpoint = endpoint({
  method: 'POST',
  path: '/oversight/samples',
  summary: 'Draw a sample of case files from the list of those that are there now; the seed gives the same again',
  body: drawSampleInput,
  result: sampleResult,
  status: 201,
  location: ({ code }) => `/oversight/samples/${code}`,
  permission: 'sample:read',
  replay: (actor, made) => viewSample(actor, { sample: made }),
  run: (actor, { body }) => drawSample(actor, body),
})

export const viewSampleEndpoint = endpoint({
  method: 'GET',
  path: '/oversight/samples/{sampleCode}',
  summary: 'A sample with its files, under pseudonyms',
  params: sampleParams,
  result: sampleResult,
  permission: 'sample:read',
  run: (actor, { params }) => viewSample(actor, { sample: params.sampleCode }),
})

export const viewSampleFileEndpoint = endpoint({
  method: 'GET',
  path: '/oversight/samples/{sampleCode}/files/{fileCode}',
  summary: 'How one file of a sample was handled: codes, days and counts, nothing of who it is about',
  params: fileParams,
  result: fileResult,
  permission: 'sample:read',
  run: (actor, { params }) => viewSampleFile(actor, { sample: params.sampleCode, file: params.fileCode }),
})

export const answerSampleFileEndpoint = endpoint({
  method: 'PATCH',
  path: '/oversight/samples/{sampleCode}/files/{fileCode}',
  summary: 'Record what was found of one file of a sample',
  params: fileParams,
  body: z.strictObject(sampleAnswers),
  result: fileResult,
  permission: 'sample:read',
  run: (actor, { params, body }, { version }) =>
    answerSampleFile(actor, { sample: params.sampleCode, file: params.fileCode, version, ...body }),
})

export const SAMPLE_ENDPOINTS: readonly Endpoint[] = [
  listSamplesEndpoint,
  drawSampleEndpoint,
  viewSampleEndpoint,
  viewSampleFileEndpoint,
  answerSampleFileEndpoint,
]
