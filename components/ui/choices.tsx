'use client'

import type { ReactNode } from 'react'
import { MANY_MARK } from '@/lib/forms/field-names'
import { cx } from './class-names'
import { FieldGroup, type FieldProps } from './field'
import { useField } from './form-context'

export type Choice = {
  readonly value: string
  readonly label: ReactNode
  readonly hint?: ReactNode
  /** An `<Icon>` from the server. */
  readonly icon?: ReactNode
  /** Fields that belong to this answer; shown while it is chosen, by CSS alone. */
  readonly revealed?: ReactNode
}

const COLUMNS = {
  1: '',
  2: 'sm:grid-cols-2',
  3: 'grid-cols-2 md:grid-cols-3',
  4: 'sm:grid-cols-2 lg:grid-cols-4',
} as const

type ChoicesProps = FieldProps & {
  readonly choices: readonly Choice[]
  readonly columns?: keyof typeof COLUMNS
  /** Puts the focus here when the page opens. */
  readonly focusFirst?: boolean
}

/** One of up to seven, each a row of at least 44 px for fingers. Digits pick while the group has the focus. */
export function RadioRows({ name, label, hint, optional, choices, columns = 1, focusFirst }: ChoicesProps) {
  const field = useField(name)
  return (
    <FieldGroup field={field} label={label} hint={hint} optional={optional}>
      <div className={cx('grid max-w-3xl gap-2', COLUMNS[columns])}>
        {choices.map((choice, index) => (
          <ChoiceRow key={choice.value} choice={choice}>
            <input
              type="radio"
              id={index === 0 ? field.id : undefined}
              name={field.name}
              value={choice.value}
              defaultChecked={field.value === choice.value}
              // eslint-disable-next-line jsx-a11y/no-autofocus -- where the page asks one thing, its path is counted from here
              autoFocus={focusFirst === true && (field.value === '' ? index === 0 : field.value === choice.value)}
            />
          </ChoiceRow>
        ))}
      </div>
    </FieldGroup>
  )
}

/** Any of several; the schema always gets a list. */
export function CheckRows({ name, label, hint, optional, choices, columns = 1 }: ChoicesProps) {
  const field = useField(name)
  return (
    <FieldGroup field={field} label={label} hint={hint} optional={optional}>
      <input type="hidden" name={field.name + MANY_MARK} value="" />
      <div className={cx('grid max-w-3xl gap-2', COLUMNS[columns])}>
        {choices.map((choice, index) => (
          <ChoiceRow key={choice.value} choice={choice}>
            <input
              type="checkbox"
              id={index === 0 ? field.id : undefined}
              name={field.name}
              value={choice.value}
              defaultChecked={field.values.includes(choice.value)}
              aria-invalid={field.error === undefined ? undefined : true}
            />
          </ChoiceRow>
        ))}
      </div>
    </FieldGroup>
  )
}

function ChoiceRow({ choice, children }: { readonly choice: Choice; readonly children: ReactNode }) {
  const row = (
    <label className="choice">
      {children}
      {choice.icon === undefined ? null : <span className="flex-none">{choice.icon}</span>}
      <span className="min-w-0">
        {choice.label}
        {choice.hint === undefined ? null : <span className="block text-note text-ink-2">{choice.hint}</span>}
      </span>
    </label>
  )
  if (choice.revealed === undefined) return row
  return (
    <div className="reveals">
      {row}
      <div className="revealed ms-5 border-s-2 border-line py-3 ps-5">{choice.revealed}</div>
    </div>
  )
}
