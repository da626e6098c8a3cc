import type { ReactNode } from 'react'
import { Shell } from '@/components/layout/shell'
import { requireActor } from '@/lib/auth/require-actor'

/** Sends to sign in whoever isn't, for the sake of the screen; what they may see is decided where the data are read. */
export default async function AdminLayout({ children }: { readonly children: ReactNode }) {
  return <Shell member={await requireActor()}>{children}</Shell>
}
