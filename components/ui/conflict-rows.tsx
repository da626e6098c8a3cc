'use client'

import type { Conflict, FormState } from '@/lib/forms/form-state'
import type { FormLabels } from './form-context'
import { fillIn } from './fill-in'

type ConflictRowsProps = {
  readonly conflict: Conflict
  readonly values: FormState['values']
  readonly versionField: string
  readonly labels: FormLabels
}

/**
 * After someone else saved first: one choice a field that differs, nothing chosen beforehand. The choices post under the
 * fields' own names, all other fields go along unseen, so the same action saves the outcome; no text is lost.
 */
export function ConflictRows({ conflict, values, versionField, labels }: ConflictRowsProps) {
  const open = new Set(conflict.rows.map(({ field }) => field))
  const rest = Object.entries(values).filter(([name]) => !open.has(name) && name !== versionField)
  return (
    <section className="grid gap-6">
      <div className="measure border-s-4 border-warn bg-warn-soft p-4">
        <h2 className="text-lead font-semibold">
          {fillIn(labels.conflictTitle, { who: conflict.by, when: conflict.at })}
        </h2>
        <p>{labels.conflictExplain}</p>
      </div>
      {rest.flatMap(([name, list]) =>
        list.map((value, index) => <input key={`${name} ${String(index)}`} type="hidden" name={name} value={value} />),
      )}
      <input type="hidden" name={versionField} value={conflict.version} />
      {conflict.rows.map((row) => (
        <fieldset key={row.field} className="min-w-0">
          <legend className="font-semibold">{row.label}</legend>
          <div className="mt-1.5 grid gap-2 md:grid-cols-2">
            <ConflictChoice
              field={row.field}
              value={row.yours}
              title={labels.yours}
              text={row.yoursText ?? row.yours}
            />
            <ConflictChoice
              field={row.field}
              value={row.theirs}
              title={labels.theirs}
              text={row.theirsText ?? row.theirs}
            />
            {row.mayKeepBoth === true ? (
              <ConflictChoice field={row.field} value={`${row.theirs}\n\n${row.yours}`} title={labels.both} text="" />
            ) : null}
          </div>
        </fieldset>
      ))}
      <p className="text-note text-ink-2">{labels.same}</p>
    </section>
  )
}

type ConflictChoiceProps = {
  readonly field: string
  readonly value: string
  readonly title: string
  readonly text: string
}

function ConflictChoice({ field, value, title, text }: ConflictChoiceProps) {
  // The texts are in the label; the rule can't see that they are never all empty.
  return (
    // eslint-disable-next-line jsx-a11y/label-has-associated-control -- see above
    <label className="choice">
      <input type="radio" name={field} value={value} required />
      <span className="min-w-0">
        <span className="block text-note text-ink-2">{title}</span>
        <span dir="auto" className="whitespace-pre-wrap">
          {text}
        </span>
      </span>
    </label>
  )
}
