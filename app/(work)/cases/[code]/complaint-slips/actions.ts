'use server'
import { formAction } from '@/lib/forms/form-action'
import { printSlipInput } from '@/lib/oversight/complaints/schema'
import { printSlip } from '@/lib/oversight/complaints/service'

/** Makes a slip with a code of its own and opens it for printing. */
export const printSlipAction = formAction(printSlipInput, printSlip, {
  onOk: ({ code, case: file }, { language }) => `/cases/${file}/complaint-slips/${code}?language=${language}`,
})
