'use server'
import { prepareExportInput } from '@/lib/exchange/export/schema'
import { prepareExport } from '@/lib/exchange/export/service'
import { formAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'

export async function prepareExportAction(previous: FormState, data: FormData): Promise<FormState> {
  const act = formAction(prepareExportInput, prepareExport, {
    onOk: () => ({ to: '/admin/export', flash: { message: 'export.ready' } }),
  })
  return act(previous, data)
}
