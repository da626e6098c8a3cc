'use client'

import { useEffect, useRef } from 'react'
import { fieldId } from '@/lib/forms/field-names'
import type { Problem } from '@/lib/forms/form-state'
import { cx } from './class-names'

type ErrorSummaryProps = {
  readonly title: string
  /** What the page's title starts with while there is a problem; none for what may stay as it is. */
  readonly errorTitle?: string
  readonly tone?: 'stop' | 'warn'
  readonly problems: readonly Problem[]
  /** Changes with each answer, so that a second failure takes the focus again. */
  readonly attempt: number
}

const TONES = {
  stop: { box: 'border-stop bg-stop-soft', ink: 'text-stop-ink' },
  warn: { box: 'border-warn bg-warn-soft', ink: 'text-warn-ink' },
}

/** What is wrong or looks so, worded like the sentences at the fields, with links that reach them. Takes the focus. */
export function ErrorSummary({ title, errorTitle, tone = 'stop', problems, attempt }: ErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problems.length === 0) return
    box.current?.focus()
    if (errorTitle !== undefined && !document.title.startsWith(errorTitle))
      document.title = `${errorTitle} ${document.title}`
  }, [attempt, errorTitle, problems.length])
  if (problems.length === 0) return null
  return (
    <div ref={box} role="alert" tabIndex={-1} className={cx('measure mb-6 border-s-4 p-4', TONES[tone].box)}>
      <h2 className={cx('text-lead font-semibold', TONES[tone].ink)}>{title}</h2>
      <ul className="mt-1 grid gap-1">
        {problems.map(({ field, text }) => (
          <li key={`${field ?? ''} ${text}`}>
            {field === null ? (
              text
            ) : (
              <a
                href={`#${fieldId(field)}`}
                className={cx('underline', TONES[tone].ink)}
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
