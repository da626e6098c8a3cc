'use client'

import { useEffect, useRef, type ReactNode } from 'react'
import { useForm } from '@/components/ui/form-context'

type FieldFoldProps = {
  readonly summary: string
  /** The fields inside; the fold opens when one of them has a problem or a warning. */
  readonly fields: readonly string[]
  /** What stands in them when the page opens: "In person, 45 min, as last time". */
  readonly value: string
  /** What to say in its place once the form came back with something in one of the fields, or with nothing. */
  readonly filled: string
  readonly nothing: string
  readonly children: ReactNode
}

/** A fold of a form that says its value while closed, and never hides what has to be put right. */
export function FieldFold({ summary, fields, value, filled, nothing, children }: FieldFoldProps) {
  const { state } = useForm()
  const fold = useRef<HTMLDetailsElement>(null)
  const isOurs = ({ field }: { readonly field: string | null }) => field !== null && fields.includes(field)
  const needsLook = state.problems.some(isOurs) || state.warnings.some(isOurs)
  const isBack = state.attempt > 0 || state.kept
  const isFilled = Object.entries(state.values).some(
    ([name, values]) => fields.includes(name.split(':')[0] ?? '') && values.some((one) => one !== ''),
  )
  useEffect(() => {
    if (needsLook) fold.current?.setAttribute('open', '')
  }, [needsLook, state.attempt])
  return (
    <details ref={fold} open={needsLook} className="fold border-b border-line">
      <summary className="flex h-row flex-wrap items-center gap-x-3 py-2 text-action-ink hover:text-action-hover">
        <span className="fold-mark" aria-hidden="true" />
        <span className="font-semibold underline">{summary}</span>
        <span className="ms-auto text-end text-note text-ink-2">{isBack ? (isFilled ? filled : nothing) : value}</span>
      </summary>
      <div className="grid gap-6 ps-5 pt-2 pb-6">{children}</div>
    </details>
  )
}
