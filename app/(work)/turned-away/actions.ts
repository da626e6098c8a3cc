'use server'
import { recordTurnedAwayInput, voidTurnedAwayInput } from '@/lib/assistance/turned-away/schema'
import { recordTurnedAway, viewTurnedAway, voidTurnedAway } from '@/lib/assistance/turned-away/service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'

/** Records somebody who asked and was not served. */
export const recordTurnedAwayAction = formAction(
  recordTurnedAwayInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: 'turned-away',
      input,
      run: () => recordTurnedAway(actor, input),
      again: (made) => viewTurnedAway(actor, { record: made }),
    }),
  {
    onOk: ({ code }, _input, submission) => ({
      to: submission.intent === 'another' ? '/turned-away/new' : '/turned-away',
      flash: {
        message: 'turned_away.recorded',
        links: [{ label: 'turned_away.look', href: `/turned-away/${code}` }],
      },
    }),
  },
)

/** Voids a record that doesn't count. */
export const voidTurnedAwayAction = formAction(voidTurnedAwayInput, voidTurnedAway, {
  onOk: ({ code }) => ({ to: `/turned-away/${code}`, flash: { message: 'turned_away.voided' } }),
  reasons: { wrong_state: 'turned_away.errors.void_already' },
})
