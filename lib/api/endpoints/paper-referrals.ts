import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, type Endpoint } from '@/lib/api/endpoint'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import {
  CONSENT_SAYS,
  DIRECTIONS,
  HANDED_OVER,
  PAPER_STATES,
  PAPER_STEPS,
  preparePaperInput,
  stepPaperBody,
  takeInPaperInput,
} from '@/lib/referrals/paper/schema'
import { preparePaper, stepPaper, takeInPaper, viewPaper } from '@/lib/referrals/paper/service'
import { DECLINE_REASONS, OUTCOMES, REFERRAL_URGENCIES } from '@/lib/referrals/schema'

const params = z.object({ paperCode: codeParam('PRF') })

const paperRecord = z.object({
  code: z.string(),
  direction: z.enum(DIRECTIONS),
  case: z.string(),
  person: z.string(),
  otherAgency: z.string().nullable(),
  otherName: z.string(),
  contact: z.string().nullable(),
  urgency: z.enum(REFERRAL_URGENCIES),
  categories: z.array(z.enum(CATEGORY_KEYS)),
  needs: z.array(z.string()),
  fields: z.array(z.string()),
  consentSays: z.enum(CONSENT_SAYS).nullable(),
  state: z.enum(PAPER_STATES),
  /** What happened, on which day it did, and when it was typed in. */
  steps: z.array(
    z.object({
      step: z.enum([...PAPER_STEPS, 'received']),
      happenedOn: z.string(),
      enteredAt: z.string(),
      way: z.enum(HANDED_OVER).nullable(),
      declineReason: z.enum(DECLINE_REASONS).nullable(),
      outcome: z.enum(OUTCOMES).nullable(),
    }),
  ),
  may: z.array(z.enum(PAPER_STEPS)),
  createdAt: z.string(),
  version: z.int(),
})

export const preparePaperEndpoint = endpoint({
  method: 'POST',
  path: '/paper-referrals',
  summary: 'Prepare a printed form for an agency without Amparo; nothing leaves until a member prints it',
  body: preparePaperInput,
  result: paperRecord,
  status: 201,
  location: (view) => `/paper-referrals/${view.code}`,
  permission: 'referral:send',
  replay: (actor, made) => viewPaper(actor, { paper: made }),
  run: (actor, { body }) => preparePaper(actor, body),
})

export const takeInPaperEndpoint = endpoint({
  method: 'POST',
  path: '/paper-referrals/received',
  summary: 'Type in a form that came on paper: on a case that is there, or with a new person and case',
  body: takeInPaperInput,
  result: paperRecord,
  status: 201,
  location: (view) => `/paper-referrals/${view.code}`,
  permission: 'referral:send',
  replay: (actor, made) => viewPaper(actor, { paper: made }),
  run: (actor, { body }) => takeInPaper(actor, body),
})

export const viewPaperEndpoint = endpoint({
  method: 'GET',
  path: '/paper-referrals/{paperCode}',
  summary: 'One form on paper with its steps, for the team of its case',
  params,
  result: paperRecord,
  permission: 'referral:send',
  run: (actor, { params: { paperCode } }) => viewPaper(actor, { paper: paperCode }),
})

export const stepPaperEndpoint = endpoint({
  method: 'POST',
  path: '/paper-referrals/{paperCode}/steps',
  summary: 'Write down what happened to a form, with the day on which it did',
  params,
  body: stepPaperBody,
  result: paperRecord,
  permission: 'referral:send',
  replay: (actor, made) => viewPaper(actor, { paper: made }),
  run: (actor, { params: { paperCode }, body }) => stepPaper(actor, { ...body, paper: paperCode }),
})

export const PAPER_REFERRAL_ENDPOINTS: readonly Endpoint[] = [
  preparePaperEndpoint,
  takeInPaperEndpoint,
  viewPaperEndpoint,
  stepPaperEndpoint,
]
