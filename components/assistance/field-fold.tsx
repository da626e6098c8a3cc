'use client'

import { useEffect, useRef, type ReactNode } from 'react'
import { useForm } from '@/components/ui/form-context'

type FieldFoldProps = {
  readonly summary: string
  /** The fields inside, or the groups that they belong to; the fold opens when one of them has a problem or a warning. */
  readonly fields: readonly string[]
  /** What stands in them when the page opens: "In person, 45 min, as last time". */
  readonly value?: string
  /** What to say without it, or once the form came back: that there is something in one of the fields, or nothing. */
  readonly filled: string
  readonly nothing: string
  readonly startsOpen?: boolean
  readonly children: ReactNode
}

/** A fold of a form that says its value while closed, and never hides what has to be put right. */
export function FieldFold({ summary, fields, value, filled, nothing, startsOpen = false, children }: FieldFoldProps) {
  const { state } = useForm()
  const fold = useRef<HTMLDetailsElement>(null)
  const isWithin = (name: string) => fields.some((field) => name === field || name.startsWith(`${field}.`))
  const isOurs = ({ field }: { readonly field: string | null }) => field !== null && isWithin(field)
  const needsLook = state.problems.some(isOurs) || state.warnings.some(isOurs)
  const isBack = state.attempt > 0 || state.kept
  const isFilled = Object.entries(state.values).some(
    ([name, values]) => isWithin(name.split(':')[0] ?? '') && values.some((one) => one !== '' && one !== 'not_asked'),
  )
  const said = isBack || value === undefined ? (isFilled ? filled : nothing) : value
  useEffect(() => {
    if (needsLook) fold.current?.setAttribute('open', '')
  }, [needsLook, state.attempt])
  return (
    <details ref={fold} open={startsOpen || needsLook} className="fold border-b border-line">
      <summary className="flex h-row items-center gap-3 py-2 text-action-ink hover:text-action-hover">
        <span className="fold-mark flex-none" aria-hidden="true" />
        <span className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4">
          <span className="font-semibold underline">{summary}</span>
          <span className="text-note text-ink-2">{said}</span>
        </span>
      </summary>
      <div className="grid gap-6 ps-5 pt-2 pb-6">{children}</div>
    </details>
  )
}
