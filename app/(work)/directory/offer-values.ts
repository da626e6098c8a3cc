import { openingRows } from '@/components/directory/opening-rows'
import { WEEKDAYS, type ChangeListedServiceInput } from '@/lib/directory/schema'

type Entry = {
  readonly [Field in keyof Omit<ChangeListedServiceInput, 'service' | 'version' | 'status'>]?:
    ChangeListedServiceInput[Field] | Readonly<ChangeListedServiceInput[Field]>
} & { readonly status?: string | undefined }

/** Each field of the form of an entry with what it holds; a list has several values, a box that is ticked says `on`. */
export function offerValues(entry: Entry): Readonly<Record<string, readonly string[]>> {
  const opening = entry.opening ?? []
  const isAlways = opening.length === 7 && opening.every(({ opens, closes }) => opens === '00:00' && closes === '24:00')
  const one = (value: string | number | null | undefined) =>
    value === null || value === undefined || value === '' ? [] : [String(value)]
  const ticked = (value: boolean | undefined) => (value === true ? ['on'] : [])
  const spans = openingRows(isAlways ? [] : opening).flatMap(
    ({ index, day, span }) =>
      [
        // The form itself knows the day of each day's first row.
        ...(index < WEEKDAYS.length ? [] : [[`opening.${String(index)}.day`, one(day)] as const]),
        [`opening.${String(index)}.opens`, one(span?.opens)],
        [`opening.${String(index)}.closes`, one(span?.closes)],
      ] as const,
  )
  return {
    status: one(entry.status),
    name: one(entry.name),
    description: one(entry.description),
    minAge: one(entry.minAge),
    maxAge: one(entry.maxAge),
    genders: [...(entry.genders ?? [])],
    languages: [...(entry.languages ?? [])],
    interpreters: ticked(entry.interpreters),
    areas: [...(entry.areas ?? [])],
    stepFree: ticked(entry.stepFree),
    withChildren: ticked(entry.withChildren),
    alwaysOpen: ticked(isAlways),
    ...Object.fromEntries(spans),
  }
}
