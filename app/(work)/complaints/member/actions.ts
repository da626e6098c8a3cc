'use server'
import { memberComplaintCounters } from '@/lib/auth/counters'
import { formAction } from '@/lib/forms/form-action'
import { memberComplaintInput } from '@/lib/oversight/complaints/schema'
import { fileMemberComplaint } from '@/lib/oversight/complaints/service'

/** Takes a member's complaint. What was sent is not kept under its sender's key, which would say whose it is. */
export const fileMemberComplaintAction = formAction(
  memberComplaintInput,
  (actor, input, { key }) =>
    fileMemberComplaint(actor, input, { key, counters: memberComplaintCounters(actor.member) }),
  {
    onOk: ({ code }) => ({ to: `/complaints/${code}`, flash: { message: 'complaints.filed', code } }),
    reasons: { complaint_wait: 'complaints.errors.wait', no_body: 'complaints.errors.no_body' },
  },
)
