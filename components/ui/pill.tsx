import type { ReactNode } from 'react'
import { cx } from './class-names'
import { Icon, type IconName } from './icon'
import { SOFT_TONE, type Tone } from './tones'

type PillProps = {
  readonly tone?: Tone
  readonly icon?: IconName
  /** A draft's dashed edge. */
  readonly dashed?: boolean
  readonly children: ReactNode
}

/** The state of a record: round, with icon and words. */
export function Pill({ tone = 'calm', icon, dashed, children }: PillProps) {
  return (
    <span
      className={cx(
        'inline-flex max-w-full items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-note',
        SOFT_TONE[tone],
        dashed === true && 'border-dashed',
      )}
    >
      {icon === undefined ? null : <Icon name={icon} size="sm" />}
      {children}
    </span>
  )
}
