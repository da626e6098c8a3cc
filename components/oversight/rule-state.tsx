import { useTranslations } from 'next-intl'
import type { IconName } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { RuleState } from '@/lib/oversight/rules/schema'

const LOOKS: Readonly<Record<RuleState, { readonly icon: IconName; readonly tone: Tone }>> = {
  breach: { icon: 'octagon-alert', tone: 'stop' },
  concern: { icon: 'triangle-alert', tone: 'warn' },
  watch: { icon: 'eye', tone: 'info' },
  not_looked_at: { icon: 'hourglass', tone: 'calm' },
  holds: { icon: 'shield-check', tone: 'go' },
}

/** How a rule stands, in a word, with its sign. */
export function RuleStatePill({ state }: { readonly state: RuleState }) {
  const t = useTranslations('oversight.rules.state')
  return <Pill {...LOOKS[state]}>{t(state)}</Pill>
}
