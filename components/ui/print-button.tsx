'use client'

import { useEffect, useState } from 'react'
import { buttonClass } from './button-class'

/** Opens the browser's print window; without a script the browser's own menu does. */
export function PrintButton({ label }: { readonly label: string }) {
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    setReady(true)
  }, [])
  if (!isReady) return null
  return (
    <button
      type="button"
      className={buttonClass('primary')}
      onClick={() => {
        window.print()
      }}
    >
      {label}
    </button>
  )
}
