'use server'

import { z } from 'zod'
import { openFormAction } from '@/lib/forms/form-action'
import { hasOwnOrigin } from '@/lib/forms/require-origin'
import type { RevealState } from '@/lib/forms/reveal-state'
import { settings } from '@/lib/platform/env'
import { ok, refuse } from '@/lib/platform/result'

const sampleInput = z.object({
  name: z.string({ error: 'kit.form.must' }).max(40),
  kind: z.enum(['call', 'visit', 'message', 'other']),
  note: z.string().max(200).optional(),
  noteKept: z.string().max(200).optional(),
  language: z.string().length(3).optional(),
})

/** A form that saves nothing; a digit in the note makes the warning about identity show. */
export const saveSample = openFormAction(
  sampleInput,
  ({ note, noteKept }) => {
    if (settings.production) return Promise.resolve(refuse('not_found'))
    const isFlagged = /\d/.test(note ?? '') && noteKept === undefined
    return Promise.resolve(isFlagged ? refuse('invalid', 'text_flagged', { note: ['errors.field.not_valid'] }) : ok())
  },
  { done: 'kit.form.saved' },
)

/** Identity of nobody. */
export async function revealSample(_previous: RevealState, data: FormData): Promise<RevealState> {
  if (settings.production || !(await hasOwnOrigin()) || data.get('hide') !== null) return { status: 'hidden' }
  return {
    status: 'shown',
    rows: [
      { label: '1', value: 'ሰላም', lang: 'ti' },
      { label: '2', value: '+291 0 000 000' },
    ],
  }
}
