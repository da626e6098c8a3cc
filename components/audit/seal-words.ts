import type { IconName } from '@/components/ui/icon'
import type { Tone } from '@/components/ui/tones'
import type { SealState } from '@/lib/audit/state/schema'

/** How a state of the seal looks; its word stands beside it. */
export const SEAL_LOOK: Readonly<Record<SealState, { readonly icon: IconName; readonly tone: Tone }>> = {
  complete: { icon: 'shield-check', tone: 'go' },
  catching_up: { icon: 'hourglass', tone: 'info' },
  not_checked: { icon: 'shield', tone: 'warn' },
  broken: { icon: 'shield-alert', tone: 'stop' },
}
