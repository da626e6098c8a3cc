'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { changeFinding, moveFinding, openFinding } from '@/lib/oversight/findings/move-service'
import {
  changeFindingInput,
  FINDING_MOVE_FIELDS,
  findingInput,
  openFindingInput,
} from '@/lib/oversight/findings/schema'
import { ok } from '@/lib/platform/result'

const PATH = '/oversight/findings'
const REASONS = { wrong_state: 'findings.errors.wrong_state' }

/** Opens a finding as a draft, once for each form. */
export const openFindingAction = formAction(
  openFindingInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'finding',
      input,
      run: async () => {
        const opened = await openFinding(actor, input)
        return opened.ok ? ok({ code: opened.value.code }) : opened
      },
      again: (code) => Promise.resolve(ok({ code })),
    }),
  { onOk: ({ code }) => ({ to: `${PATH}/${code}`, flash: { message: 'findings.flash.opened' } }) },
)

/** Changes what a draft says. */
export const changeFindingAction = formAction(changeFindingInput, changeFinding, {
  onOk: ({ code }) => ({ to: `${PATH}/${code}`, flash: { message: 'findings.flash.changed' } }),
  reasons: REASONS,
})

/** Sends a draft to the agency that it concerns. */
export const sendFindingAction = formAction(
  findingInput,
  (actor, { finding }) => moveFinding(actor, { finding, move: 'send', detail: {} }),
  { onOk: ({ code }) => ({ to: `${PATH}/${code}`, flash: { message: 'findings.flash.sent' } }), reasons: REASONS },
)

/** Withdraws a draft. */
export const withdrawFindingAction = formAction(
  findingInput,
  (actor, { finding }) => moveFinding(actor, { finding, move: 'withdraw', detail: {} }),
  { onOk: ({ code }) => ({ to: `${PATH}/${code}`, flash: { message: 'findings.flash.withdrawn' } }), reasons: REASONS },
)

/** Accepts the agency's answer. */
export const acceptFindingAction = formAction(
  findingInput,
  (actor, { finding }) => moveFinding(actor, { finding, move: 'accept', detail: {} }),
  { onOk: ({ code }) => ({ to: `${PATH}/${code}`, flash: { message: 'findings.flash.accepted' } }), reasons: REASONS },
)

/** Reopens a finding with the reason. */
export const reopenFindingAction = formAction(
  FINDING_MOVE_FIELDS.reopen.extend(findingInput.shape),
  (actor, { finding, ...detail }) => moveFinding(actor, { finding, move: 'reopen', detail }),
  { onOk: ({ code }) => ({ to: `${PATH}/${code}`, flash: { message: 'findings.flash.reopened' } }), reasons: REASONS },
)
