'use client'

import { buttonClass } from './button-class'
import { useScript } from './use-script'

/** Opens the browser's print window; without a script the browser's own menu does. */
export function PrintButton({ label }: { readonly label: string }) {
  if (!useScript()) return null
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
