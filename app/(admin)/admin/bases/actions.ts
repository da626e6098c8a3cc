'use server'

import { setBasisInput } from '@/lib/consent/bases/schema'
import { setBasis } from '@/lib/consent/bases/service'
import { formAction } from '@/lib/forms/form-action'

/** Says what the agency rests on from now on. */
export const setBasisAction = formAction(setBasisInput, setBasis, {
  onOk: () => ({ to: '/admin/bases', flash: { message: 'bases.done' } }),
})
