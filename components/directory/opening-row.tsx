import { TextInput } from '@/components/ui/text-input'

type OpeningRowProps = {
  readonly name: string
  readonly day: number
  readonly dayName: string
  readonly opens: string
  readonly closes: string
}

/** One day of the week: when it opens and closes; both left empty when it doesn't. */
export function OpeningRow({ name, day, dayName, opens, closes }: OpeningRowProps) {
  return (
    <div role="group" aria-label={dayName} className="flex flex-wrap items-end gap-3">
      <span className="w-28 pb-2" aria-hidden="true">
        {dayName}
      </span>
      <input type="hidden" name={`${name}.day`} value={String(day)} />
      <TextInput name={`${name}.opens`} label={opens} width="xs" maxLength={5} code />
      <TextInput name={`${name}.closes`} label={closes} width="xs" maxLength={5} code />
    </div>
  )
}
