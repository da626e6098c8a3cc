'use client'

import { FLAG_MARK } from '@/lib/forms/field-names'
import { cx } from './class-names'
import { controlProps, Field, type FieldProps } from './field'
import { useField } from './form-context'

const WIDTHS = { xs: 'w-20', sm: 'w-40', md: 'w-full max-w-sm', lg: 'w-full max-w-2xl' } as const

type TextInputProps = FieldProps & {
  readonly width?: keyof typeof WIDTHS
  readonly maxLength?: number
  readonly type?: 'text' | 'email' | 'tel' | 'url'
  readonly inputMode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email'
  /** Off unless it is the member's own account that is typed. */
  readonly autoComplete?: string
  readonly focusFirst?: boolean
  readonly readOnly?: boolean
  /** For codes: monospaced, left to right. */
  readonly code?: boolean
}

/** One line of text. Typed text finds its own direction. */
export function TextInput({
  name,
  label,
  hint,
  optional,
  width = 'md',
  maxLength = 200,
  type = 'text',
  inputMode,
  autoComplete = 'off',
  focusFirst,
  readOnly,
  code,
}: TextInputProps) {
  const field = useField(name)
  return (
    <Field field={field} label={label} hint={hint} optional={optional}>
      <input
        {...controlProps(field, hint)}
        type={type}
        inputMode={inputMode}
        defaultValue={field.value}
        maxLength={maxLength}
        autoComplete={autoComplete}
        spellCheck={autoComplete === 'off' && code !== true ? undefined : false}
        autoCapitalize={code === true || type !== 'text' ? 'none' : undefined}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- where the page asks one thing, its path is counted from here
        autoFocus={focusFirst}
        readOnly={readOnly}
        dir={code === true || type !== 'text' ? 'ltr' : 'auto'}
        className={cx('control', WIDTHS[width], code === true && 'font-code')}
      />
    </Field>
  )
}

/** One box to tick: yes or no. Its label stands beside it. */
export function CheckBox({ name, label, hint }: FieldProps) {
  const field = useField(name)
  return (
    <div>
      <input type="hidden" name={field.name + FLAG_MARK} value="" />
      <label className="choice max-w-2xl">
        <input {...controlProps(field, undefined)} type="checkbox" defaultChecked={field.values.includes('on')} />
        <span>
          {label}
          {hint === undefined ? null : <span className="block text-note text-ink-2">{hint}</span>}
        </span>
      </label>
      {field.error === undefined ? null : (
        <p id={field.errorId} className="mt-1 font-semibold text-stop-ink">
          {field.error}
        </p>
      )}
    </div>
  )
}
