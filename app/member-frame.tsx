import type { ReactNode } from 'react'
import { SealAlarm } from '@/components/audit/seal-alarm'
import { frameWaitsFor } from '@/components/layout/frame-ready'
import { Shell } from '@/components/layout/shell'
import { hasSealAlarm } from '@/lib/audit/state/service'
import { requireActor } from '@/lib/auth/require-actor'
import { unreadNotices } from '@/lib/auth/sessions'

/**
 * The frame of every page after sign-in. Sends to sign in whoever isn't, for the sake of the screen; what they may see
 * is decided where the data are read.
 */
export async function MemberFrame({ children }: { readonly children: ReactNode }) {
  const { actor, unread, isAlarmed } = await frameWaitsFor(readFrame())
  return (
    <Shell member={actor} unread={unread}>
      {isAlarmed ? <SealAlarm /> : null}
      {children}
    </Shell>
  )
}

async function readFrame() {
  const actor = await requireActor()
  return { actor, unread: await unreadNotices(), isAlarmed: await hasSealAlarm(actor) }
}
