import type { ReactNode } from 'react'
import { SealAlarm } from '@/components/audit/seal-alarm'
import { Shell } from '@/components/layout/shell'
import { hasSealAlarm } from '@/lib/audit/state/service'
import { requireActor } from '@/lib/auth/require-actor'
import { unreadNotices } from '@/lib/auth/sessions'

/** Sends to sign in whoever isn't, for the sake of the screen; what they may see is decided where the data are read. */
export default async function AdminLayout({ children }: { readonly children: ReactNode }) {
  const actor = await requireActor()
  return (
    <Shell member={actor} unread={await unreadNotices()}>
      {(await hasSealAlarm(actor)) ? <SealAlarm /> : null}
      {children}
    </Shell>
  )
}
