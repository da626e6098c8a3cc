'use client'

import { useEffect, useRef } from 'react'
import { fieldId } from '@/lib/forms/field-names'
import type { Problem } from '@/lib/forms/form-state'

type ErrorSummaryProps = {
  readonly title: string
  /** What the page's title starts with while there is a problem. */
  readonly errorTitle: string
  readonly problems: readonly Problem[]
  /** Changes with each answer, so that a second failure takes the focus again. */
  readonly attempt: number
}

/** What is wrong, worded like the errors at the fields, with links that reach them. Takes the focus. */
export function ErrorSummary({ title, errorTitle, problems, attempt }: ErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problems.length === 0) return
    box.current?.focus()
    if (!document.title.startsWith(errorTitle)) document.title = `${errorTitle} ${document.title}`
  }, [attempt, errorTitle, problems.length])
  if (problems.length === 0) return null
  return (
    <div ref={box} role="alert" tabIndex={-1} className="measure mb-6 border-s-4 border-stop bg-stop-soft p-4">
      <h2 className="text-lead font-semibold text-stop-ink">{title}</h2>
      <ul className="mt-1 grid gap-1">
        {problems.map(({ field, text }) => (
          <li key={`${field ?? ''} ${text}`}>
            {field === null ? (
              text
            ) : (
              <a
                href={`#${fieldId(field)}`}
                className="text-stop-ink underline"
                onClick={(event) => {
                  const control = document.getElementById(fieldId(field))
                  if (control === null) return
                  event.preventDefault()
                  // A fold may hide the field; a link to it opens the fold.
                  control.closest('details:not([open])')?.setAttribute('open', '')
                  control.focus()
                }}
              >
                {text}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
