import { useTranslations } from 'next-intl'
import type { IconName } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { AgreementState, OwnStanding } from '@/lib/agencies/agreements/schema'

const LOOKS: Readonly<Record<AgreementState, { readonly tone: Tone; readonly icon: IconName }>> = {
  proposed: { tone: 'warn', icon: 'hourglass' },
  coming: { tone: 'info', icon: 'calendar-check' },
  in_force: { tone: 'go', icon: 'circle-check' },
  expired: { tone: 'stop', icon: 'timer-off' },
  ended: { tone: 'calm', icon: 'archive' },
  declined: { tone: 'calm', icon: 'circle-x' },
}

type AgreementPillProps = { readonly state: AgreementState; readonly own: OwnStanding | null }

/** How an agreement stands, and to whoever has to sign it, that it waits for them. */
export function AgreementPill({ state, own }: AgreementPillProps) {
  const t = useTranslations('agreements')
  const { tone, icon } = LOOKS[state]
  const isOut = own === 'out' && (state === 'in_force' || state === 'coming')
  return (
    <Pill tone={isOut ? 'calm' : tone} icon={isOut ? 'archive' : icon}>
      {isOut ? t('own.out') : state === 'proposed' && own === 'asked' ? t('own.asked') : t(`state.${state}`)}
    </Pill>
  )
}
