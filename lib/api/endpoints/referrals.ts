import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, pageQuery, type Endpoint } from '@/lib/api/endpoint'
import { IDENTIFICATION_STATUSES } from '@/lib/cases/schema'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { textWarning } from '@/lib/people/free-text/schema'
import { DESK_ACTS, DESK_WORDS } from '@/lib/referrals/desk/acts-schema'
import { rerouteInput } from '@/lib/referrals/desk/schema'
import { rerouteReferral } from '@/lib/referrals/desk/service'
import { createReferralBody } from '@/lib/referrals/create-schema'
import { referForIdentificationInput } from '@/lib/referrals/identification/schema'
import { referForIdentification } from '@/lib/referrals/identification/service'
import { moveReferral, type MoveInput } from '@/lib/referrals/move-service'
import {
  BOXES,
  createReferralInput,
  DECISION_REASONS,
  DECLINE_REASONS,
  ENDED_WHY,
  FEEDBACK,
  MOVE_FIELDS,
  MOVE_KEYS,
  OUTCOMES,
  REFERRAL_KINDS,
  REFERRAL_STATES,
  REFERRAL_URGENCIES,
  type Move,
} from '@/lib/referrals/schema'
import { createReferral } from '@/lib/referrals/send-service'
import { listReferrals, readPackage, viewReferral } from '@/lib/referrals/service'
import { transferLeadInput } from '@/lib/referrals/transfer/schema'
import { transferLead } from '@/lib/referrals/transfer/service'

const params = z.object({ referralCode: codeParam('REF') })

const fact = z.object({ field: z.string(), value: z.unknown() })

const line = {
  code: z.string(),
  kind: z.enum(REFERRAL_KINDS),
  /** To the identifying authority, without a name or a way to reach anybody. */
  anonymous: z.boolean(),
  /** The referral whose decision this one asks to look at again, and the one that asks so of this one. */
  reconsiders: z.string().nullable(),
  reconsideredBy: z.string().nullable(),
  /** From where the member sees it: `sender`, `receiver`, or the coordinator's `desk`. */
  side: z.enum(['sender', 'receiver', 'desk']),
  /** The case's code: for the sender, and for the receiver once accepted. */
  case: z.string().nullable(),
  state: z.enum(REFERRAL_STATES),
  urgency: z.enum(REFERRAL_URGENCIES),
  fromAgency: z.string(),
  fromAgencyName: z.string(),
  toAgency: z.string(),
  toAgencyName: z.string(),
  directoryService: z.string(),
  serviceName: z.string(),
  category: z.enum(CATEGORY_KEYS),
  type: z.string(),
  needs: z.array(
    z.object({
      /** By this `accept` names it. */
      number: z.int(),
      /** For the sender, and for the receiver once accepted. */
      code: z.string().nullable(),
      category: z.enum(CATEGORY_KEYS),
      type: z.string().nullable(),
      accepted: z.boolean().nullable(),
    }),
  ),
  createdAt: z.string(),
  sentAt: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
  answeredAt: z.string().nullable(),
  startsOn: z.string().nullable(),
  serviceSince: z.string().nullable(),
  completedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Of a withdrawal: the sender's word, the basis that ended, or another agency that took it on. */
  endedWhy: z.enum(ENDED_WHY).nullable(),
  declineReason: z.enum(DECLINE_REASONS).nullable(),
  outcome: z.enum(OUTCOMES).nullable(),
  feedback: z.enum(FEEDBACK).nullable(),
  /** On identification; null for whoever neither asked nor decides. */
  decision: z
    .object({
      status: z.enum(IDENTIFICATION_STATUSES),
      body: z.string(),
      on: z.string(),
      reason: z.enum(DECISION_REASONS),
    })
    .nullable(),
  acknowledgeBy: z.string().nullable(),
  decideBy: z.string().nullable(),
  expiresAt: z.string().nullable(),
  pausedAt: z.string().nullable(),
  overdue: z.boolean(),
  version: z.int(),
}
const referralLine = z.object(line)
const referralRecord = z.object({
  ...line,
  /** What is seen before acceptance, without identity; null when it isn't the member's to see. */
  preview: z.array(fact).nullable(),
  texts: z.array(
    z.object({
      kind: z.enum(['reason', 'question', 'answer', 'decline', 'outcome']),
      text: z.string(),
      at: z.string(),
      own: z.boolean(),
    }),
  ),
  /** Which fields the package holds for the receiver now; null while it may not be opened. */
  package: z.object({ fields: z.array(z.string()), until: z.string().nullable() }).nullable(),
  /** What goes along, for the sending team. */
  fields: z.array(z.string()),
  /** The moves that this member may make now. */
  may: z.array(z.enum(MOVE_KEYS)),
  /** Whether the next step takes another member than this one, who took the one before. */
  leftToAnother: z.boolean(),
  /** Until when a question stops the clock at most; null while none does. */
  pauseEndsAt: z.string().nullable(),
  /** Whether a question is open whose pause is over: the clock runs, and `answer-info` is still taken. */
  unanswered: z.boolean(),
  /** What a coordinator made of it. While `awaitsBasis`, nothing of the person is shared: the sender's team posts `send`. */
  routing: z
    .object({
      rerouted: z.boolean(),
      awaitsBasis: z.boolean(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      needs: z.array(z.string()),
    })
    .nullable(),
  /** By which version of the network's working calendar its clock was counted; null before it was sent. */
  calendarVersion: z.int().nullable(),
  /** What coordinators did about it, the latest first. */
  deskActs: z.array(z.object({ kind: z.enum(DESK_ACTS), words: z.enum(DESK_WORDS).nullable(), at: z.string() })),
})
const writtenRecord = referralRecord.extend({ warnings: z.array(textWarning).optional() })

export const listReferralsEndpoint = endpoint({
  method: 'GET',
  path: '/referrals',
  summary: 'Referrals that came in, went out, or wait in my network, the latest first',
  query: z.strictObject({
    ...pageQuery,
    box: z.enum(BOXES).optional(),
    state: z.enum(REFERRAL_STATES).optional(),
    case: z.string().max(64).optional(),
  }),
  result: listOf(referralLine),
  permission: 'referral:read',
  run: (actor, { query: { box, state, ...query } }) =>
    listReferrals(actor, { ...query, box: box ?? 'in', ...(state === undefined ? {} : { states: [state] }) }),
})

export const createReferralEndpoint = endpoint({
  method: 'POST',
  path: '/referrals',
  summary:
    'Refer needs of a case to a listed service, or to the best-fitting one of an agency; with `kind` identification the case to the identifying authority, with `transfer` its lead',
  body: createReferralBody,
  result: writtenRecord,
  status: 201,
  location: (view) => `/referrals/${view.code}`,
  permission: 'referral:send',
  replay: (actor, made) => viewReferral(actor, { referral: made }),
  run: (actor, { body: { kind, ...body } }) =>
    kind === 'identification'
      ? referForIdentification(actor, referForIdentificationInput.parse(body), 'warn')
      : kind === 'transfer'
        ? transferLead(actor, transferLeadInput.parse(body), 'warn')
        : createReferral(actor, createReferralInput.parse(body), 'warn'),
})

export const viewReferralEndpoint = endpoint({
  method: 'GET',
  path: '/referrals/{referralCode}',
  summary: 'One referral: its skeleton for both sides, and before acceptance a preview without identity',
  params,
  result: referralRecord,
  permission: 'referral:read',
  run: (actor, { params: { referralCode } }) => viewReferral(actor, { referral: referralCode }),
})

export const readPackageEndpoint = endpoint({
  method: 'GET',
  path: '/referrals/{referralCode}/package',
  summary: 'What was shared with a referral, while something living covers it; each call is a recorded look',
  params,
  result: z.object({ code: z.string(), case: z.string().nullable(), version: z.int(), fields: z.array(fact) }),
  permission: 'referral:read',
  run: (actor, { params: { referralCode } }) => readPackage(actor, { referral: referralCode }),
})

const SUMMARIES: Readonly<Record<Move, string>> = {
  send: 'Send a draft',
  acknowledge: 'Say that a referral was seen',
  'request-info': 'Ask the sender, without identity; the clock stands still until they answer',
  'answer-info': 'Answer a question, without identity',
  accept: 'Accept a referral, all of its needs or some, from a day on',
  decline: 'Decline a referral, with the reason',
  start: 'Begin to help',
  confirm: 'Confirm a transfer that was accepted, as another member than who sent it: the lead moves',
  complete: 'Complete a referral with its outcome; of a transfer, give the lead back',
  decide: 'Decide on identification, with the body, the day and the reason; no help depends on it',
  withdraw: 'Withdraw a referral',
  close: 'Close a completed referral, with feedback',
}

function moveEndpoint(move: Move): Endpoint {
  return endpoint({
    method: 'POST',
    path: `/referrals/{referralCode}/${move}`,
    summary: SUMMARIES[move],
    params,
    body: MOVE_FIELDS[move] as z.ZodType,
    result: writtenRecord,
    permission: 'referral:read',
    replay: (actor, made) => viewReferral(actor, { referral: made }),
    run: (actor, { params: { referralCode }, body }) =>
      // The schema of this very move read the body.
      moveReferral(actor, { referral: referralCode, move, detail: body } as MoveInput, 'warn'),
  })
}

export const sendReferralEndpoint = moveEndpoint('send')
export const acknowledgeReferralEndpoint = moveEndpoint('acknowledge')
export const requestInfoEndpoint = moveEndpoint('request-info')
export const answerInfoEndpoint = moveEndpoint('answer-info')
export const acceptReferralEndpoint = moveEndpoint('accept')
export const declineReferralEndpoint = moveEndpoint('decline')
export const startReferralEndpoint = moveEndpoint('start')
export const confirmReferralEndpoint = moveEndpoint('confirm')
export const completeReferralEndpoint = moveEndpoint('complete')
export const decideReferralEndpoint = moveEndpoint('decide')
export const withdrawReferralEndpoint = moveEndpoint('withdraw')
export const closeReferralEndpoint = moveEndpoint('close')

export const rerouteReferralEndpoint = endpoint({
  method: 'POST',
  path: '/referrals/{referralCode}/reroute',
  summary: 'Ask another listed service for a referral that waits or needs an agency; nothing of the person goes along',
  params,
  body: rerouteInput.omit({ referral: true }),
  result: referralRecord,
  status: 201,
  location: (view) => `/referrals/${view.code}`,
  permission: 'desk:work',
  replay: (actor, made) => viewReferral(actor, { referral: made }),
  run: async (actor, { params: { referralCode }, body }) => {
    const rerouted = await rerouteReferral(actor, { ...body, referral: referralCode })
    return rerouted.ok ? viewReferral(actor, { referral: rerouted.value.made }) : rerouted
  },
})

export const REFERRAL_ENDPOINTS: readonly Endpoint[] = [
  listReferralsEndpoint,
  createReferralEndpoint,
  viewReferralEndpoint,
  readPackageEndpoint,
  sendReferralEndpoint,
  acknowledgeReferralEndpoint,
  requestInfoEndpoint,
  answerInfoEndpoint,
  acceptReferralEndpoint,
  declineReferralEndpoint,
  startReferralEndpoint,
  confirmReferralEndpoint,
  completeReferralEndpoint,
  decideReferralEndpoint,
  withdrawReferralEndpoint,
  closeReferralEndpoint,
  rerouteReferralEndpoint,
]
