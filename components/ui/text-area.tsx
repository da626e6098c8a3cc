'use client'

import { useState, type ReactNode } from 'react'
import { KEEP_SUFFIX } from '@/lib/forms/field-names'
import { controlProps, Field, type FieldProps } from './field'
import { fillIn } from './fill-in'
import { useField, useForm } from './form-context'

type TextAreaProps = FieldProps & {
  readonly maxLength: number
  readonly rows?: number
  /** Who will read it: a `<VisibilityLine>`. Obligatory wherever the text is about a person. */
  readonly visibility?: ReactNode
}

/**
 * Text about a person: count, and who will read it. When the server finds what looks like identity in it, the warning
 * stands here with its own answer: take it out, or say why it stays (`<name>Kept`).
 */
export function TextArea({ name, label, hint, optional, maxLength, rows = 4, visibility }: TextAreaProps) {
  const field = useField(name)
  const { labels } = useForm()
  const [length, setLength] = useState(field.value.length)
  const number = new Intl.NumberFormat(labels.locale)
  const countId = `${field.id}-count`
  const isNearEnd = length > maxLength * 0.9
  return (
    <Field field={field} label={label} hint={hint} optional={optional}>
      <textarea
        {...controlProps(field, hint, countId)}
        rows={rows}
        defaultValue={field.value}
        maxLength={maxLength}
        autoComplete="off"
        dir="auto"
        onInput={(event) => {
          setLength(event.currentTarget.value.length)
        }}
        className="control block w-full max-w-2xl"
      />
      <div className="mt-1 flex max-w-2xl flex-wrap justify-between gap-x-4 text-note text-ink-2">
        {visibility}
        <p id={countId} className="tabular-nums">
          {length === 0
            ? fillIn(labels.characters, { maximum: number.format(maxLength) })
            : fillIn(labels.charactersLeft, { count: number.format(length), maximum: number.format(maxLength) })}
        </p>
        <span role="status" className="unseen">
          {isNearEnd
            ? fillIn(labels.charactersLeft, { count: number.format(length), maximum: number.format(maxLength) })
            : ''}
        </span>
      </div>
      {field.warnings.length === 0 ? null : <Flagged name={field.name} texts={field.warnings} />}
    </Field>
  )
}

function Flagged({ name, texts }: { readonly name: string; readonly texts: readonly string[] }) {
  const { labels } = useForm()
  const why = useField(name + KEEP_SUFFIX)
  return (
    <div className="mt-2 max-w-2xl rounded-md border border-warn-edge bg-warn-soft p-3">
      <p className="font-semibold text-warn-ink">{labels.lookAgain}</p>
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
      <label htmlFor={why.id} className="mt-2 block text-note font-semibold">
        {labels.whyStays}
      </label>
      <input
        id={why.id}
        name={why.name}
        defaultValue={why.value}
        maxLength={200}
        autoComplete="off"
        dir="auto"
        className="control mt-1 w-full"
      />
    </div>
  )
}
