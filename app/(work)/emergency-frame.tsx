import type { ReactNode } from 'react'
import { EmergencyBar } from '@/components/cases/emergency-bar'
import { frameWaitsFor } from '@/components/layout/frame-ready'
import { ownEmergency } from '@/lib/access/emergency'
import { currentActor } from '@/lib/auth/require-actor'
import type { EmergencyReason } from '@/lib/cases/emergency/schema'
import { parseCode } from '@/lib/platform/ids'
import { endEmergencyAction } from './emergency-access/[access]/actions'

type Props = { readonly record: Promise<string>; readonly prefix: 'CAS' | 'AMP'; readonly children: ReactNode }

/** Says on every page of a record that it is open by an emergency access, where it is; decides nothing. */
export async function EmergencyFrame({ record, prefix, children }: Props) {
  const open = await frameWaitsFor(findOpen(record, prefix))
  return (
    <>
      {open === null ? null : (
        <EmergencyBar
          access={{ ...open, reason: open.reason as EmergencyReason, endsAt: open.endsAt.toISOString() }}
          end={endEmergencyAction}
        />
      )}
      {children}
    </>
  )
}

async function findOpen(record: Promise<string>, prefix: Props['prefix']) {
  const actor = await currentActor()
  const code = parseCode(await record, prefix)
  return actor === null || code === null ? null : ownEmergency(actor, code)
}
