import { useTranslations } from 'next-intl'
import type { IconName } from '@/components/ui/icon'
import { Icon } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { ReferralKind, ReferralSide, ReferralState } from '@/lib/referrals/schema'

const LOOKS: Readonly<Record<ReferralState, { readonly tone: Tone; readonly icon: IconName }>> = {
  draft: { tone: 'calm', icon: 'pencil-line' },
  sent: { tone: 'info', icon: 'send' },
  acknowledged: { tone: 'info', icon: 'eye' },
  info_requested: { tone: 'warn', icon: 'message-circle' },
  accepted: { tone: 'go', icon: 'handshake' },
  in_service: { tone: 'go', icon: 'circle-play' },
  completed: { tone: 'go', icon: 'circle-check' },
  closed: { tone: 'calm', icon: 'archive' },
  declined: { tone: 'calm', icon: 'circle-x' },
  withdrawn: { tone: 'calm', icon: 'undo-2' },
  expired: { tone: 'stop', icon: 'timer-off' },
}

/** Where a transfer of the lead stands otherwise: nobody serves anything with it, and it waits for both sides. */
const OF_TRANSFER: readonly ReferralState[] = ['accepted', 'in_service', 'completed', 'closed']

/** Where a question to the authority stands otherwise than a request for help: no other agency could take it. */
const OF_AUTHORITY: readonly ReferralState[] = ['acknowledged', 'completed', 'closed', 'declined']

type StateProps = {
  readonly kind: ReferralKind
  readonly state: ReferralState
  readonly side: ReferralSide
  readonly overdue?: boolean
}

/** How a referral stands, in the words of whoever reads it; that its answer is late is a flag beside the state. */
export function ReferralStatePill({ kind, state, side, overdue = false }: StateProps) {
  const t = useTranslations('referrals')
  const { tone, icon } = LOOKS[state]
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Pill tone={tone} icon={icon} dashed={state === 'draft'}>
        {kind === 'identification' && OF_AUTHORITY.includes(state)
          ? t(`identification.state.${state as 'completed'}`)
          : kind === 'transfer' && OF_TRANSFER.includes(state)
            ? t(`transfer.state.${side}.${state as 'accepted'}`)
            : t(`state.${side}.${state}`)}
      </Pill>
      {overdue ? (
        <span className="inline-flex items-center gap-1.5 bg-stop px-2 py-0.5 text-note text-on-stop">
          <Icon name="alarm-clock" size="sm" />
          {t('overdue')}
        </span>
      ) : null}
    </span>
  )
}
