'use client'

import { useEffect, useRef, useState, type ReactNode } from 'react'

/** Takes the focus to the line, clears it for the next page, and lets it be closed. No timer: it stays as long as the page. */
export function FlashKeeper({ dismiss, children }: { readonly dismiss: string; readonly children: ReactNode }) {
  const line = useRef<HTMLDivElement>(null)
  const [isOpen, setOpen] = useState(true)
  useEffect(() => {
    document.cookie = 'flash=; path=/; max-age=0; samesite=lax'
    line.current?.focus()
  }, [])
  if (!isOpen) return null
  return (
    <div
      ref={line}
      tabIndex={-1}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-s-4 border-go bg-go-soft px-3 py-2"
    >
      {children}
      <button
        type="button"
        aria-label={dismiss}
        className="no-print ms-auto grid size-7 place-items-center rounded-sm text-ink-2 hover:text-ink"
        onClick={() => {
          setOpen(false)
        }}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
  )
}
