import type { ReactNode } from 'react'
import { EmergencyBar } from '@/components/cases/emergency-bar'
import { ownEmergency } from '@/lib/access/emergency'
import { currentActor } from '@/lib/auth/require-actor'
import type { EmergencyReason } from '@/lib/cases/emergency/schema'
import { parseCode } from '@/lib/platform/ids'
import { endEmergencyAction } from '../../emergency-access/[access]/actions'

type Props = { readonly children: ReactNode; readonly params: Promise<{ readonly code: string }> }

/** Says on every page of a case that it is open by an emergency access, where it is; decides nothing. */
export default async function CaseLayout({ children, params }: Props) {
  const actor = await currentActor()
  const code = parseCode((await params).code, 'CAS')
  const open = actor === null || code === null ? null : await ownEmergency(actor, code)
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
