import { useTranslations } from 'next-intl'
import type { IconName } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { Direction, PaperState } from '@/lib/referrals/paper/schema'

const LOOKS: Readonly<Record<PaperState, { readonly tone: Tone; readonly icon: IconName }>> = {
  prepared: { tone: 'calm', icon: 'pencil-line' },
  handed_over: { tone: 'info', icon: 'send' },
  received: { tone: 'info', icon: 'folder' },
  acknowledged: { tone: 'info', icon: 'eye' },
  accepted: { tone: 'go', icon: 'handshake' },
  declined: { tone: 'calm', icon: 'circle-x' },
  completed: { tone: 'go', icon: 'circle-check' },
  withdrawn: { tone: 'calm', icon: 'undo-2' },
}

type StateProps = { readonly direction: Direction; readonly state: PaperState }

/** How a form on paper stands. */
export function PaperStatePill({ direction, state }: StateProps) {
  const t = useTranslations('referrals.paper.state')
  const { tone, icon } = LOOKS[state]
  return (
    <Pill tone={tone} icon={icon} dashed={state === 'prepared'}>
      {direction === 'in' && state === 'declined' ? t('declined_by_us') : t(state)}
    </Pill>
  )
}
