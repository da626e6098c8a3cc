import { useTranslations } from 'next-intl'
import { cx } from '@/components/ui/class-names'
import { Icon, type IconName } from '@/components/ui/icon'

export type Urgency = 'emergency' | 'urgent' | 'routine'

const LOOKS: Readonly<Record<Urgency, { readonly icon: IconName; readonly look: string }>> = {
  emergency: { icon: 'siren', look: 'bg-stop text-on-stop px-2' },
  urgent: { icon: 'clock-alert', look: 'outline-2 -outline-offset-2 outline-warn-edge px-2' },
  routine: { icon: 'clock', look: 'text-ink-2' },
}

/** How soon: a flag with square corners, its hours in words. */
export function UrgencyFlag({ urgency }: { readonly urgency: Urgency }) {
  const t = useTranslations('ui.urgency')
  const { icon, look } = LOOKS[urgency]
  return (
    <span className={cx('inline-flex items-center gap-1.5 py-0.5 text-note whitespace-nowrap', look)}>
      <Icon name={icon} size="sm" />
      {t(urgency)}
    </span>
  )
}
