'use client'

import type { ReactNode } from 'react'
import { useForm } from '@/components/ui/form-context'
import { SHOWN_FIELD } from './form-field-names'

/** The fields of an identity, once a press has shown it; before that nothing of it is in the page. */
export function ShownFields({ hidden, children }: { readonly hidden: string; readonly children: ReactNode }) {
  const { state } = useForm()
  if (!(SHOWN_FIELD in state.values)) {
    return <p className="border-s-4 border-private-edge bg-private-soft px-3 py-2">{hidden}</p>
  }
  return (
    <>
      <input type="hidden" name={SHOWN_FIELD} value="1" />
      {children}
    </>
  )
}
