'use client'

import { SECRET_MARK } from '@/lib/forms/field-names'
import { controlProps, Field, type FieldProps } from './field'
import { useField } from './form-context'

type PasswordInputProps = FieldProps & {
  readonly autoComplete: 'current-password' | 'new-password'
  readonly focusFirst?: boolean
}

/** A secret. It is never sent back to the screen, and pasting works. */
export function PasswordInput({ name, label, hint, optional, autoComplete, focusFirst }: PasswordInputProps) {
  const field = useField(name)
  return (
    <Field field={field} label={label} hint={hint} optional={optional}>
      <input type="hidden" name={field.name + SECRET_MARK} value="" />
      <input
        {...controlProps(field, hint)}
        type="password"
        maxLength={256}
        autoComplete={autoComplete}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- where the page asks one thing, its path is counted from here
        autoFocus={focusFirst}
        className="control w-full max-w-sm"
      />
    </Field>
  )
}
