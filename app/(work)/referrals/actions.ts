'use server'
import { z } from 'zod'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { logServiceInput } from '@/lib/assistance/services/schema'
import { logService, viewService } from '@/lib/assistance/services/service'
import { isCategoryKey } from '@/lib/mandate/categories'
import { moveReferral } from '@/lib/referrals/move-service'
import {
  createReferralForm,
  decideForm,
  declineForm,
  MOVE_FIELDS,
  OUTCOMES,
  type ReferralView,
} from '@/lib/referrals/schema'
import { createReferral } from '@/lib/referrals/send-service'
import { viewReferral } from '@/lib/referrals/service'
import { flaggedNote } from '../services/flagged-note'

const REASONS = {
  wrong_state: 'referrals.refused.wrong_state',
  already_answered: 'referrals.refused.already_answered',
  no_basis: 'referrals.refused.no_basis',
  no_agreement: 'referrals.refused.no_agreement',
  no_service: 'referrals.refused.no_service',
  case_closed: 'referrals.refused.case_closed',
  same_member: 'referrals.refused.same_member',
}
const referral = z.string().max(64)
const withReferral = z.strictObject({ referral })

/** Where a move leads: to the referral, with what happened. */
function said(move: keyof typeof MOVE_FIELDS) {
  return {
    onOk: ({ code }: ReferralView) => ({ to: `/referrals/${code}`, flash: { message: `referrals.done.${move}` } }),
    reasons: REASONS,
  }
}

/** Makes a referral: with the button "Send" it goes at once, with "Save draft" it waits. */
export const createReferralAction = formAction(
  createReferralForm,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'referral',
      input,
      run: () => createReferral(actor, { ...input, send: submission.intent !== 'draft' }),
      again: (made) => viewReferral(actor, { referral: made }),
    }),
  {
    onOk: ({ code, state }) => ({
      to: `/referrals/${code}`,
      ...(state === 'draft' ? {} : { flash: { message: 'referrals.done.send' } }),
    }),
    reasons: REASONS,
  },
)

export const sendReferralAction = formAction(
  withReferral,
  (actor, input) => moveReferral(actor, { ...input, move: 'send', detail: {} }),
  said('send'),
)

export const acknowledgeAction = formAction(
  withReferral,
  (actor, input) => moveReferral(actor, { ...input, move: 'acknowledge', detail: {} }),
  said('acknowledge'),
)

export const startAction = formAction(
  withReferral,
  (actor, input) => moveReferral(actor, { ...input, move: 'start', detail: {} }),
  said('start'),
)

export const confirmAction = formAction(
  withReferral,
  (actor, input) => moveReferral(actor, { ...input, move: 'confirm', detail: {} }),
  said('confirm'),
)

export const withdrawAction = formAction(
  withReferral,
  (actor, input) => moveReferral(actor, { ...input, move: 'withdraw', detail: {} }),
  said('withdraw'),
)

export const askAction = formAction(
  z.strictObject({ referral, question: MOVE_FIELDS['request-info'].shape.question }),
  (actor, { question, ...input }) => moveReferral(actor, { ...input, move: 'request-info', detail: { question } }),
  said('request-info'),
)

export const answerAction = formAction(
  z.strictObject({ referral, answer: MOVE_FIELDS['answer-info'].shape.answer }),
  (actor, { answer, ...input }) => moveReferral(actor, { ...input, move: 'answer-info', detail: { answer } }),
  said('answer-info'),
)

export const acceptAction = formAction(
  z.strictObject({ referral, ...MOVE_FIELDS.accept.shape }),
  (actor, { referral: code, ...detail }) => moveReferral(actor, { referral: code, move: 'accept', detail }),
  said('accept'),
)

export const declineAction = formAction(
  declineForm,
  (actor, { referral: code, ...detail }) => moveReferral(actor, { referral: code, move: 'decline', detail }),
  said('decline'),
)

export const completeAction = formAction(
  z.strictObject({
    referral,
    outcome: z.enum(OUTCOMES, { error: 'referrals.errors.outcome' }),
    text: MOVE_FIELDS.complete.shape.text,
  }),
  (actor, { referral: code, ...detail }) => moveReferral(actor, { referral: code, move: 'complete', detail }),
  said('complete'),
)

export const decideAction = formAction(
  decideForm,
  (actor, { referral: code, ...detail }) => moveReferral(actor, { referral: code, move: 'decide', detail }),
  said('decide'),
)

export const closeAction = formAction(
  z.strictObject({ referral, ...MOVE_FIELDS.close.shape }),
  (actor, { referral: code, ...detail }) => moveReferral(actor, { referral: code, move: 'close', detail }),
  said('close'),
)

/** A service on another agency's case: which one, when, how long, and a note of one's own. */
export const logGrantedAction = formAction(
  z.strictObject({
    referral,
    case: logServiceInput.shape.case,
    service: z.string({ error: 'mandate.errors.type' }).max(120),
    need: logServiceInput.shape.need,
    deliveredOn: logServiceInput.shape.deliveredOn,
    minutes: logServiceInput.shape.minutes,
    note: logServiceInput.shape.note,
    noteKept: logServiceInput.shape.noteKept,
  }),
  (actor, { referral: code, service, ...entry }, submission) => {
    const [category = '', type = ''] = service.split('.')
    const parsed = logServiceInput.parse({ ...entry, category: isCategoryKey(category) ? category : 'legal', type })
    return submitOnce(actor, submission, {
      form: `service-${code}`,
      input: parsed,
      run: async () => flaggedNote(await logService(actor, parsed)),
      again: (made) => viewService(actor, { service: made }),
    })
  },
  {
    onOk: (_, { referral: code }) => ({ to: `/referrals/${code}`, flash: { message: 'referrals.log.saved' } }),
    reasons: REASONS,
  },
)
