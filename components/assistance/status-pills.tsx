import type { ReactNode } from 'react'
import { useTranslations } from 'next-intl'
import type { IconName } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { NeedState } from '@/lib/assistance/needs/schema'
import type { ServiceStatus } from '@/lib/assistance/services/schema'

type Look = { readonly icon: IconName; readonly tone: Tone }

const SERVICE_LOOKS: Readonly<Record<ServiceStatus, Look>> = {
  planned: { icon: 'calendar', tone: 'info' },
  in_progress: { icon: 'circle-play', tone: 'info' },
  delivered: { icon: 'circle-check', tone: 'go' },
  interrupted: { icon: 'circle-slash', tone: 'warn' },
  declined: { icon: 'circle-x', tone: 'calm' },
  unavailable: { icon: 'circle-slash', tone: 'warn' },
  voided: { icon: 'archive', tone: 'calm' },
}

const NEED_LOOKS: Readonly<Record<NeedState, Look>> = {
  open: { icon: 'circle-dashed', tone: 'calm' },
  planned: { icon: 'calendar', tone: 'info' },
  being_met: { icon: 'circle-play', tone: 'info' },
  met: { icon: 'circle-check', tone: 'go' },
  not_met: { icon: 'circle-slash', tone: 'warn' },
  withdrawn: { icon: 'undo-2', tone: 'calm' },
}

/** How a service stands, in words, with its sign. */
export function ServiceStatusPill({ status }: { readonly status: ServiceStatus }) {
  const t = useTranslations('assistance.service.status')
  return (
    <Pill {...SERVICE_LOOKS[status]} dashed={status === 'voided'}>
      {t(status)}
    </Pill>
  )
}

type NeedStatePillProps = {
  readonly state: NeedState
  /** In place of the plain word, where there is more to say: "met on 24 November". */
  readonly children?: ReactNode
}

/** How a need stands; not met always with its reason beside it. */
export function NeedStatePill({ state, children }: NeedStatePillProps) {
  const t = useTranslations('assistance.need.state')
  return <Pill {...NEED_LOOKS[state]}>{children ?? t(state)}</Pill>
}
