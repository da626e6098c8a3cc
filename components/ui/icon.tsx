import { createElement } from 'react'
import { cx } from './class-names'
import { iconShape, type IconName } from './icon-shapes'

export type { IconName }

/** Icons that point along the line of text turn round where text runs from right to left; clocks, ticks and phones don't. */
const MIRRORED: ReadonlySet<IconName> = new Set(['chevron-right', 'chevron-left', 'send', 'undo-2'])

const SIZES = { sm: 'size-4', md: 'size-5', lg: 'size-6' } as const

type IconProps = {
  readonly name: IconName
  readonly size?: keyof typeof SIZES
  readonly className?: string | undefined
}

/** An icon beside words that say the same; it is silent for screen readers. */
export function Icon({ name, size = 'md', className }: IconProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className={cx('inline-block flex-none', SIZES[size], MIRRORED.has(name) && 'rtl:-scale-x-100', className)}
    >
      {iconShape(name).map(([element, attributes], index) => createElement(element, { ...attributes, key: index }))}
    </svg>
  )
}
