'use client'

import { useRef } from 'react'
import { splitDate } from '@/lib/forms/form-dates'
import { cx } from './class-names'
import { FieldGroup, type FieldProps } from './field'
import { useField, useForm, type FieldView } from './form-context'
import { useScript } from './use-script'

type Part = 'day' | 'month' | 'year'

export type QuickDay = { readonly value: string; readonly label: string; readonly hint?: string }

type DateFieldProps = FieldProps & {
  /** Today and Yesterday as rows to pick, with their dates in the agency's zone; the boxes open under "Another day". */
  readonly quick?: readonly QuickDay[]
  /** `partial` lets day, or day and month, stay empty. */
  readonly precision?: 'day' | 'partial'
  /** A button that opens the browser's calendar. Not for birth dates. */
  readonly calendar?: boolean
}

/**
 * A date as the schema reads it: `2026-11-24`, and with `partial` also `2026-11` or `2026`. Three boxes in the order of
 * the language, no jumping between them; month names are accepted. `initial.values[name]` may be the date itself.
 */
export function DateField({ name, label, hint, optional, quick, precision = 'day', calendar = false }: DateFieldProps) {
  const field = useField(name)
  const { labels } = useForm()
  const choice = useField(`${name}:choice`)
  const isQuick = quick !== undefined
  const chosen =
    choice.value ||
    (quick?.some(({ value }) => value === field.value) === true ? field.value : field.value === '' ? '' : 'other')
  const boxes = <Boxes name={name} field={field} precision={precision} calendar={calendar} first={!isQuick} />
  return (
    <FieldGroup field={field} label={label} hint={hint} optional={optional}>
      {isQuick ? (
        <div className="grid max-w-3xl gap-2 sm:grid-cols-3">
          {quick.map((day, index) => (
            <label key={day.value} className="choice">
              <input
                type="radio"
                id={index === 0 ? field.id : undefined}
                name={choice.name}
                value={day.value}
                defaultChecked={chosen === day.value || (chosen === '' && index === 0)}
              />
              <span>
                {day.label}
                {day.hint === undefined ? null : <span className="block text-note text-ink-2">{day.hint}</span>}
              </span>
            </label>
          ))}
          <div className="reveals sm:contents">
            <label className="choice">
              <input type="radio" name={choice.name} value="other" defaultChecked={chosen === 'other'} />
              <span>{labels.otherDay}</span>
            </label>
            <div className="revealed py-2 sm:col-span-3">{boxes}</div>
          </div>
        </div>
      ) : (
        boxes
      )}
    </FieldGroup>
  )
}

type BoxesProps = {
  readonly name: string
  readonly field: FieldView
  readonly precision: 'day' | 'partial'
  readonly calendar: boolean
  readonly first: boolean
}

function Boxes({ name, field, precision, calendar, first }: BoxesProps) {
  const { labels } = useForm()
  const frame = useRef<HTMLDivElement>(null)
  const start = splitDate(field.value)
  const typed = { day: useField(`${name}:day`), month: useField(`${name}:month`), year: useField(`${name}:year`) }
  return (
    <div ref={frame} className="flex flex-wrap items-end gap-3">
      {precision === 'partial' ? <input type="hidden" name={`${field.name}:precision`} value="partial" /> : null}
      {labels.dateOrder.map((part, index) => (
        <label key={part} className="text-note">
          <span className="block">{labels[part]}</span>
          <input
            id={first && index === 0 ? field.id : undefined}
            name={typed[part].name}
            defaultValue={typed[part].value || start[part]}
            data-part={part}
            inputMode={part === 'month' ? undefined : 'numeric'}
            maxLength={part === 'year' ? 4 : part === 'month' ? 12 : 2}
            autoComplete="off"
            aria-invalid={field.error === undefined ? undefined : true}
            className={cx(
              'control text-body tabular-nums',
              part === 'year' ? 'w-24' : part === 'month' ? 'w-24' : 'w-16',
            )}
          />
        </label>
      ))}
      {calendar ? (
        <CalendarButton
          fill={(date) => {
            fillBoxes(frame.current, date)
          }}
        />
      ) : null}
    </div>
  )
}

function fillBoxes(frame: HTMLElement | null, date: string): void {
  const parts = splitDate(date)
  frame?.querySelectorAll<HTMLInputElement>('[data-part]').forEach((box) => {
    box.value = parts[box.dataset['part'] as Part]
  })
}

/** Opens the browser's own calendar; only there with a script, which it needs. */
function CalendarButton({ fill }: { readonly fill: (date: string) => void }) {
  const { labels } = useForm()
  const hasScript = useScript()
  const picker = useRef<HTMLInputElement>(null)
  if (!hasScript || !('showPicker' in HTMLInputElement.prototype)) return null
  return (
    <span className="relative">
      <button type="button" className="control px-3 text-action-ink" onClick={() => picker.current?.showPicker()}>
        {labels.calendar}
      </button>
      <input
        ref={picker}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 opacity-0"
        onChange={(event) => {
          if (event.target.value !== '') fill(event.target.value)
        }}
      />
    </span>
  )
}
