import { readForm, type ReadForm } from './form-data'

/** The fields of a form as they were posted, in order: what is kept when a session has ended. */
export type FieldPairs = readonly (readonly [name: string, value: string])[]

/** The fields worth keeping: no secrets, no files, none of React's own. */
export function fieldPairsOf(data: FormData): FieldPairs {
  const { key, values } = readForm(data)
  const fields = Object.entries(values).flatMap(([name, list]) => list.map((value) => [name, value] as const))
  return [['_key', key] as const, ...fields]
}

/** A kept form, read as if it had just been posted. */
export function readFieldPairs(pairs: FieldPairs): ReadForm {
  const data = new FormData()
  for (const [name, value] of pairs) data.append(name, value)
  return readForm(data)
}
