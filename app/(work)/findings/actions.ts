'use server'
import { formAction } from '@/lib/forms/form-action'
import { moveFinding } from '@/lib/oversight/findings/move-service'
import { FINDING_MOVE_FIELDS, findingInput } from '@/lib/oversight/findings/schema'

const REASONS = {
  wrong_state: 'findings.errors.wrong_state',
  already_answered: 'findings.errors.already_answered',
  already_done: 'findings.errors.already_done',
}

/** Answers a finding, with what the agency will do and by when. */
export const answerFindingAction = formAction(
  FINDING_MOVE_FIELDS.answer.extend(findingInput.shape),
  (actor, { finding, ...detail }) => moveFinding(actor, { finding, move: 'answer', detail }),
  {
    onOk: ({ code }) => ({ to: `/findings/${code}`, flash: { message: 'findings.flash.answered' } }),
    reasons: REASONS,
  },
)

/** Says on which day the promised action was done. */
export const finishFindingAction = formAction(
  FINDING_MOVE_FIELDS.done.extend(findingInput.shape),
  (actor, { finding, ...detail }) => moveFinding(actor, { finding, move: 'done', detail }),
  { onOk: ({ code }) => ({ to: `/findings/${code}`, flash: { message: 'findings.flash.done' } }), reasons: REASONS },
)
