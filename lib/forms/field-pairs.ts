import { KEY_FIELD } from './field-names'
import { readForm, type ReadForm } from './form-data'

/** The fields of a form as they were posted, in order: what is kept when it can't be saved now. */
export type FieldPairs = readonly (readonly [name: string, value: string])[]

/** Says of a kept form that its member had to confirm who they are, and was signed in all the time. */
const CONFIRM_MARK = '_confirm'

/** The fields worth keeping: no secrets, no files, none of React's own. */
export function fieldPairsOf(data: FormData, why: 'ended' | 'confirm'): FieldPairs {
  const { key, values } = readForm(data)
  const fields = Object.entries(values).flatMap(([name, list]) => list.map((value) => [name, value] as const))
  const mark = why === 'confirm' ? [[CONFIRM_MARK, ''] as const] : []
  return [[KEY_FIELD, key] as const, ...mark, ...fields]
}

/** A kept form, read as if it had just been posted. */
export function readFieldPairs(pairs: FieldPairs): ReadForm & { readonly isConfirmed: boolean } {
  const data = new FormData()
  for (const [name, value] of pairs) data.append(name, value)
  return { ...readForm(data), isConfirmed: data.has(CONFIRM_MARK) }
}
