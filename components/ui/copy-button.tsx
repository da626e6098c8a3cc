'use client'

import { useState } from 'react'
import { useScript } from './use-script'

type CopyButtonProps = { readonly text: string; readonly label: string; readonly name: string; readonly done: string }

/** Copies a code. Only there with a script, which it needs. */
export function CopyButton({ text, label, name, done }: CopyButtonProps) {
  const hasScript = useScript()
  const [isDone, setDone] = useState(false)
  if (!hasScript || !('clipboard' in navigator)) return null
  return (
    <>
      <button
        type="button"
        aria-label={name}
        className="no-print ms-1 min-h-6 rounded-sm px-1.5 text-note font-normal text-action-ink underline"
        onClick={() => {
          void navigator.clipboard.writeText(text).then(() => {
            setDone(true)
          })
        }}
      >
        {isDone ? done : label}
      </button>
      <span role="status" className="unseen">
        {isDone ? done : ''}
      </span>
    </>
  )
}
