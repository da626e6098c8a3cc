'use server'
import { askCheckInput } from '@/lib/audit/state/schema'
import { askSealCheck } from '@/lib/audit/state/service'
import { formAction } from '@/lib/forms/form-action'

/** Asks for a check of the whole log, from the auditor's first page. */
export const verifyNowAction = formAction(askCheckInput, (actor) => askSealCheck(actor), {
  onOk: () => ({ to: '/oversight', flash: { message: 'audit.seal.check_asked' } }),
  reasons: { wrong_state: 'audit.seal.already' },
})
