import { useTranslations } from 'next-intl'
import type { IconName } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { ConsentState } from '@/lib/consent/schema'

const LOOKS: Readonly<Record<ConsentState, { readonly tone: Tone; readonly icon: IconName }>> = {
  in_force: { tone: 'go', icon: 'circle-check' },
  ends_soon: { tone: 'warn', icon: 'clock-alert' },
  coming: { tone: 'info', icon: 'calendar-check' },
  ended: { tone: 'calm', icon: 'timer-off' },
  withdrawn: { tone: 'stop', icon: 'undo-2' },
  refused: { tone: 'calm', icon: 'circle-x' },
  replaced: { tone: 'calm', icon: 'history' },
}

/** How an answer of a person stands today. */
export function ConsentPill({ state }: { readonly state: ConsentState }) {
  const t = useTranslations('consents.state')
  const { tone, icon } = LOOKS[state]
  return (
    <Pill tone={tone} icon={icon}>
      {t(state)}
    </Pill>
  )
}
