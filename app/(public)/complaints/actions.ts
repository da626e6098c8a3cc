'use server'
import { complaintCounters } from '@/lib/auth/counters'
import { requestOrigin } from '@/lib/auth/request-origin'
import { openFormAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'
import { currentPreferences } from '@/lib/i18n/preferences'
import { fileComplaint } from '@/lib/oversight/complaints/filing-service'
import { fileComplaintInput, receiptInput } from '@/lib/oversight/complaints/schema'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse } from '@/lib/platform/result'

const REASONS = { complaint_wait: 'complaints.errors.wait', no_body: 'complaints.errors.no_body' }

/** Takes a complaint with a code from paper, of anybody. */
export async function fileComplaintAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    fileComplaintInput,
    async (input, { key }) => {
      const { networkPrefix } = await requestOrigin()
      const { locale } = await currentPreferences()
      return fileComplaint(input, { locale, key, countersOf: (code) => complaintCounters(code, networkPrefix) })
    },
    {
      onOk: ({ code }) => ({ to: `/complaints/${code}`, flash: { message: 'complaints.filed', code } }),
      reasons: REASONS,
    },
  )
  return action(previous, data)
}

/** Leads whoever has a complaint's code to its answer. */
export async function findAnswerAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    receiptInput,
    ({ receipt }) => {
      const code = parseCode(receipt, 'CPL')
      return Promise.resolve(
        code === null ? refuse('invalid', undefined, { receipt: ['complaints.errors.receipt'] }) : ok({ code }),
      )
    },
    { onOk: ({ code }) => `/complaints/${code}` },
  )
  return action(previous, data)
}
