import type { ReactNode } from 'react'
import { cx } from './class-names'
import { Icon, type IconName } from './icon'
import { BAR_TONE, SOFT_TONE, type Tone } from './tones'

type NoticeProps = {
  readonly tone?: Tone
  readonly icon?: IconName
  readonly title?: ReactNode
  readonly children?: ReactNode
  readonly act?: ReactNode
}

/** Something to know before going on, with a bar at the start edge. Not for errors of a form and not for success. */
export function Notice({ tone = 'info', icon, title, children, act }: NoticeProps) {
  return (
    <div className={cx('flex flex-wrap items-start gap-x-3 gap-y-2 border-s-4 p-3', SOFT_TONE[tone], BAR_TONE[tone])}>
      {icon === undefined ? null : <Icon name={icon} className="mt-0.5" />}
      <div className="min-w-0 flex-1 basis-60">
        {title === undefined ? null : <p className="font-semibold">{title}</p>}
        {children === undefined ? null : <div className="measure text-ink">{children}</div>}
      </div>
      {act}
    </div>
  )
}
