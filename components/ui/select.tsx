'use client'

import type { ReactNode } from 'react'
import { cx } from './class-names'
import { controlProps, Field, type FieldProps } from './field'
import { useField, useForm } from './form-context'

export type Option = { readonly value: string; readonly label: string }

type SelectProps = FieldProps & {
  readonly options: readonly Option[]
  /** The first, empty entry; by default "Choose". False when an answer is always set. */
  readonly empty?: string | false
  readonly after?: ReactNode
}

/** A native list to pick one from, for more choices than rows can show and fewer than a combobox needs. */
export function Select({ name, label, hint, optional, options, empty, after }: SelectProps) {
  const field = useField(name)
  const { labels } = useForm()
  return (
    <Field field={field} label={label} hint={hint} optional={optional}>
      <div className="flex flex-wrap items-center gap-2">
        <select {...controlProps(field, hint)} defaultValue={field.value} className={cx('control max-w-full')}>
          {empty === false ? null : <option value="">{empty ?? labels.choose}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        {after}
      </div>
    </Field>
  )
}
