'use client'

import { useState, type ReactNode } from 'react'
import { addIntent, removeIntent } from '@/lib/forms/field-names'
import { fillIn } from './fill-in'
import { RowProvider, useFieldName, useForm } from './form-context'

type RepeatProps = {
  /** The list in the input: `identity.names`. The fields inside have relative names: `.value`. */
  readonly name: string
  readonly legend: ReactNode
  readonly addLabel: string
  readonly least?: number
  readonly most?: number
  readonly children: ReactNode
}

/**
 * Rows of the same fields. Without a script "Add" and "Remove" post the form and bring it back with one row more or
 * less; nothing is saved by that. Rows left empty are ignored by the server.
 */
export function Repeat({ name, legend, addLabel, least = 1, most = 20, children }: RepeatProps) {
  const group = useFieldName(name)
  const { state, labels } = useForm()
  const [rows, setRows] = useState<readonly number[]>(() => {
    const filled = Object.keys(state.values)
      .filter((field) => field.startsWith(`${group}.`))
      .map((field) => Number.parseInt(field.slice(group.length + 1), 10) + 1)
    return Array.from(
      { length: Math.max(least, state.rows[group] ?? 0, ...filled.filter(Number.isInteger)) },
      (_, row) => row,
    )
  })
  return (
    <fieldset className="min-w-0">
      <legend className="font-semibold">{legend}</legend>
      <div className="mt-2 grid gap-4">
        {rows.map((row, position) => (
          <div
            key={row}
            role="group"
            aria-label={fillIn(labels.row, { row: position + 1 })}
            className="flex flex-wrap items-end gap-3 border-s-2 border-line ps-4"
          >
            <RowProvider value={`${group}.${String(row)}`}>{children}</RowProvider>
            {rows.length > least ? (
              <button
                type="submit"
                name="_intent"
                value={removeIntent(group, row)}
                formNoValidate
                aria-label={fillIn(labels.removeRow, { row: position + 1 })}
                className="control border-transparent bg-transparent px-3 text-action-ink underline"
                onClick={(event) => {
                  event.preventDefault()
                  setRows(rows.filter((other) => other !== row))
                }}
              >
                {labels.remove}
              </button>
            ) : null}
          </div>
        ))}
      </div>
      {rows.length < most ? (
        <button
          type="submit"
          name="_intent"
          value={addIntent(group)}
          formNoValidate
          className="control mt-3 px-4 text-action-ink"
          onClick={(event) => {
            event.preventDefault()
            setRows([...rows, Math.max(-1, ...rows) + 1])
          }}
        >
          {addLabel}
        </button>
      ) : null}
    </fieldset>
  )
}
