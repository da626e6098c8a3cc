import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, listOf, type Endpoint } from '@/lib/api/endpoint'
import { addNeedBody, NEED_STATES, URGENCIES } from '@/lib/assistance/needs/schema'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { ok } from '@/lib/platform/result'
import {
  addLedNeed,
  findLedNeed,
  listCasesWeLead,
  moveLedNeed,
  viewLedCase,
} from '@/lib/referrals/transfer/lead-service'
import { moveLedNeedBody } from '@/lib/referrals/transfer/schema'

const params = z.object({ referralCode: codeParam('REF') })
const needParams = params.extend({ needCode: codeParam('NED') })

const need = z.object({
  code: z.string(),
  category: z.enum(CATEGORY_KEYS),
  type: z.string().nullable(),
  urgency: z.enum(URGENCIES),
  state: z.enum(NEED_STATES),
  foundOn: z.string(),
  contactDueAt: z.string(),
  /** Which agency found it. */
  finder: z.string(),
  version: z.int(),
})
const line = z.object({
  case: z.string(),
  /** The transfer that handed it over. */
  transfer: z.string(),
  holder: z.string(),
  holderName: z.string(),
  since: z.string(),
  /** The kinds of help that may be worked on now. */
  categories: z.array(z.enum(CATEGORY_KEYS)),
  needsOpen: z.int(),
})

export const listLedCasesEndpoint = endpoint({
  method: 'GET',
  path: '/led-cases',
  summary: 'The cases of other agencies that my agency leads, by the transfers that I answer for',
  result: listOf(line),
  permission: 'referral:answer',
  run: async (actor) => {
    const found = await listCasesWeLead(actor)
    return found.ok ? ok({ items: found.value, nextCursor: null }) : found
  },
})

export const viewLedCaseEndpoint = endpoint({
  method: 'GET',
  path: '/referrals/{referralCode}/lead',
  summary: 'A case that my agency leads by a transfer, with its needs',
  params,
  result: line.extend({ needs: z.array(need) }),
  permission: 'referral:answer',
  run: (actor, { params: { referralCode } }) => viewLedCase(actor, { referral: referralCode }),
})

export const addLedNeedEndpoint = endpoint({
  method: 'POST',
  path: '/referrals/{referralCode}/lead/needs',
  summary: 'Add a need that was found to a case that my agency leads',
  params,
  body: addNeedBody,
  result: need,
  permission: 'referral:answer',
  replay: (actor, made, { referralCode }) => findLedNeed(actor, { referral: referralCode, need: made }),
  run: (actor, { params: { referralCode }, body }) => addLedNeed(actor, { ...body, referral: referralCode }),
})

export const moveLedNeedEndpoint = endpoint({
  method: 'PATCH',
  path: '/referrals/{referralCode}/lead/needs/{needCode}',
  summary: 'Move a need of a case that my agency leads',
  params: needParams,
  body: moveLedNeedBody,
  result: need,
  permission: 'referral:answer',
  run: (actor, { params: { referralCode, needCode }, body }, { version }) =>
    moveLedNeed(actor, { ...body, referral: referralCode, need: needCode, version }),
})

export const LED_CASE_ENDPOINTS: readonly Endpoint[] = [
  listLedCasesEndpoint,
  viewLedCaseEndpoint,
  addLedNeedEndpoint,
  moveLedNeedEndpoint,
]
