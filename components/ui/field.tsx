'use client'

import type { ReactNode } from 'react'
import { cx } from './class-names'
import { useForm, type FieldView } from './form-context'

/** What every field takes. Text about a person gets `autoComplete="off"`, which is why that is the default. */
export type FieldProps = {
  /** Dotted name: `identity.names.0.value`; inside `<Repeat>` relative: `.value`. */
  readonly name: string
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly optional?: boolean | undefined
}

type FrameProps = Omit<FieldProps, 'name'> & { readonly field: FieldView; readonly children: ReactNode }

/** A label, a hint and an error above one control. */
export function Field({ field, label, hint, optional, children }: FrameProps) {
  return (
    <div className={frameClass(field)}>
      <label htmlFor={field.id} className="block font-semibold">
        {label}
        <OptionalMark optional={optional} />
      </label>
      <Notes field={field} hint={hint} />
      <div className="mt-1.5">{children}</div>
    </div>
  )
}

/** The same for a group of controls: fieldset and legend. */
export function FieldGroup({ field, label, hint, optional, children }: FrameProps) {
  return (
    <fieldset className={cx('min-w-0', frameClass(field))} aria-describedby={describedBy(field, hint)}>
      <legend className="font-semibold">
        {label}
        <OptionalMark optional={optional} />
      </legend>
      <Notes field={field} hint={hint} />
      <div className="mt-1.5">{children}</div>
    </fieldset>
  )
}

function frameClass(field: FieldView): string {
  const barred = 'border-s-4 ps-3'
  return cx(
    field.error !== undefined && cx(barred, 'border-stop'),
    field.error === undefined && field.warnings.length > 0 && cx(barred, 'border-warn'),
  )
}

function OptionalMark({ optional }: { readonly optional: boolean | undefined }) {
  const { labels } = useForm()
  return optional === true ? <span className="ms-2 text-note font-normal text-ink-3">{labels.optional}</span> : null
}

function Notes({ field, hint }: { readonly field: FieldView; readonly hint: ReactNode }) {
  return (
    <>
      {hint === undefined ? null : (
        <div id={field.hintId} className="measure text-note text-ink-2">
          {hint}
        </div>
      )}
      {field.error === undefined ? null : (
        <p id={field.errorId} className="font-semibold text-stop-ink">
          {field.error}
        </p>
      )}
    </>
  )
}

/** The ids that a control names in aria-describedby. */
export function describedBy(
  field: FieldView,
  hint: ReactNode,
  ...more: readonly (string | undefined)[]
): string | undefined {
  const ids = [
    hint === undefined ? undefined : field.hintId,
    field.error === undefined ? undefined : field.errorId,
    ...more,
  ]
  return ids.filter(Boolean).join(' ') || undefined
}

/** The attributes that tie a control to its field. */
export function controlProps(field: FieldView, hint: ReactNode, ...more: readonly (string | undefined)[]) {
  return {
    id: field.id,
    name: field.name,
    'aria-describedby': describedBy(field, hint, ...more),
    'aria-invalid': field.error === undefined ? undefined : true,
  } as const
}
