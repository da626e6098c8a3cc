'use client'

import { useLinkStatus } from 'next/link'

/** Says that the pressed link is at work, once that takes longer than 400 ms. */
export function LinkPending({ label }: { readonly label: string }) {
  const { pending } = useLinkStatus()
  return pending ? (
    <span role="status" className="after-a-while ms-2 text-note font-normal">
      {label}
    </span>
  ) : null
}
