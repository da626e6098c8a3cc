import { useTranslations } from 'next-intl'
import type { IconName } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { ComplaintState } from '@/lib/oversight/complaints/schema'

const LOOKS: Readonly<Record<ComplaintState, { readonly icon: IconName; readonly tone: Tone }>> = {
  new: { icon: 'circle-dashed', tone: 'info' },
  looked_at: { icon: 'eye', tone: 'warn' },
  answered: { icon: 'send', tone: 'go' },
  closed: { icon: 'archive', tone: 'calm' },
}

/** How a complaint stands, in a word, with its sign. */
export function ComplaintStatePill({ state }: { readonly state: ComplaintState }) {
  const t = useTranslations('complaints.state')
  return <Pill {...LOOKS[state]}>{t(state)}</Pill>
}
