'use server'
import { z } from 'zod'
import { requestBackup } from '@/lib/backup/service'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'

/** The form is one button. */
const nothing = z.object({})

export async function requestBackupAction(previous: FormState, data: FormData): Promise<FormState> {
  const act = formAction(nothing, (actor) => requestBackup(actor), {
    reasons: { no_key: 'backups.problem.no_key', under_way: 'backups.under_way' },
    onOk: () => ({ to: '/admin/backups', flash: { message: 'backups.asked' } }),
  })
  return act(previous, data)
}
