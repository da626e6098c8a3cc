import 'server-only'
import { takeKeptForm } from '@/lib/auth/kept-forms'
import { newId } from '@/lib/platform/ids'
import { readFieldPairs } from './field-pairs'
import { emptyFormState, type FormState, type FormValues } from './form-state'

export type StartingValues = Readonly<Record<string, string | readonly string[] | boolean | null | undefined>>

/**
 * A form as a page hands it to `<ActionForm initial>`: with a fresh idempotency key and the values it starts with.
 * With `path`, the page's own address, a form that was kept there when a session ended comes back in its place.
 */
export async function initialForm(values: StartingValues = {}, path?: string): Promise<FormState> {
  const kept = path === undefined ? null : await takeKeptForm(path)
  if (kept === null) return emptyFormState(newId(), startingValues(values))
  const { key, values: keptValues } = readFieldPairs(kept)
  return { ...emptyFormState(key === '' ? newId() : key, keptValues), kept: true }
}

function startingValues(values: StartingValues): FormValues {
  const entries = Object.entries(values).flatMap(([name, value]): [string, readonly string[]][] => {
    if (value === null || value === undefined || value === false) return []
    if (value === true) return [[name, ['on']]]
    return [[name, typeof value === 'string' ? [value] : value]]
  })
  return Object.fromEntries(entries)
}
