'use server'
import { formAction } from '@/lib/forms/form-action'
import { moveComplaintInput } from '@/lib/oversight/complaints/schema'
import { changeComplaint } from '@/lib/oversight/complaints/service'

/** Says that a complaint is looked at, answers it, or closes it. */
export const changeComplaintAction = formAction(moveComplaintInput, changeComplaint, {
  onOk: ({ code }, { state }) => ({
    to: `/oversight/complaints/${code}`,
    flash: { message: `complaints.became.${state}` },
  }),
  reasons: { wrong_state: 'complaints.errors.wrong_state' },
})
