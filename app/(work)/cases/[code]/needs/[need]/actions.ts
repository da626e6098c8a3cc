'use server'

import { changeNeedInput } from '@/lib/assistance/needs/schema'
import { changeNeed } from '@/lib/assistance/needs/service'
import { formAction } from '@/lib/forms/form-action'
import { needConflict } from './conflict'

export const changeNeedAction = formAction(
  changeNeedInput,
  // The form shows the type, so one that comes back empty was emptied; a reason left over from another choice is none.
  (actor, { type = null, notMetReason, ...input }) =>
    changeNeed(actor, { ...input, type, ...(input.state === 'not_met' ? { notMetReason } : {}) }),
  {
    onOk: (need) => ({
      to: `/cases/${need.case}/needs/${need.code}`,
      flash: { message: 'assistance.need.change.done', code: need.code },
    }),
    reasons: { wrong_state: 'assistance.need.change.wrong_state' },
    onStale: needConflict,
  },
)
