import 'server-only'
import { headers } from 'next/headers'
import { takeKeptForm } from '@/lib/auth/kept-forms'
import { newId } from '@/lib/platform/ids'
import { FORM_KEY_HEADER } from './field-names'
import { readFieldPairs } from './field-pairs'
import { emptyFormState, type FormState, type FormValues } from './form-state'

export type StartingValues = Readonly<Record<string, string | readonly string[] | boolean | null | undefined>>

/**
 * A form as a page hands it to `<ActionForm initial>`: with its idempotency key, which is a fresh one unless the page was
 * loaded again under the same address, and the values it starts with.
 * With `place`, the page's own address, the form is kept there when its session has ended or has to be confirmed first,
 * and comes back in its place. A page with several such forms tells them apart: `/profile#settings`.
 */
export async function initialForm(values: StartingValues = {}, place: string | null = null): Promise<FormState> {
  const kept = place === null ? null : await takeKeptForm(place)
  if (kept === null) return { ...emptyFormState(await formKey(), startingValues(values)), place }
  const { key, values: keptValues, isConfirmed } = readFieldPairs(kept)
  // Whoever has just confirmed who they are is told so by the page; only an end of the session has to be explained.
  return { ...emptyFormState(key === '' ? newId() : key, keptValues), place, kept: !isConfirmed }
}

async function formKey(): Promise<string> {
  return (await headers()).get(FORM_KEY_HEADER) ?? newId()
}

function startingValues(values: StartingValues): FormValues {
  const entries = Object.entries(values).flatMap(([name, value]): [string, readonly string[]][] => {
    if (value === null || value === undefined || value === false) return []
    if (value === true) return [[name, ['on']]]
    return [[name, typeof value === 'string' ? [value] : value]]
  })
  return Object.fromEntries(entries)
}
