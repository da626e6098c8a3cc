import type { ReactNode } from 'react'
import { useId } from 'react'
import { cx } from './class-names'

type ClockBarProps = {
  /** The words come first and say it all: "Acknowledge by 15:00, 42 min left". */
  readonly words: string
  /** How much of the time has passed, 0 to 1 and beyond. */
  readonly share: number
  readonly isStopped?: boolean
  /** "counts again Mon 09:00" */
  readonly note?: ReactNode
}

/** Time that runs: words, and below them a bar with a mark at half. Late is hatched and red; stopped is grey. */
export function ClockBar({ words, share, isStopped = false, note }: ClockBarProps) {
  const pattern = useId()
  const isLate = share > 1
  const filled = Math.min(1, Math.max(0, share)) * 100
  const look = isStopped ? 'text-calm-edge' : isLate ? 'text-stop' : share > 0.5 ? 'text-warn-edge' : 'text-action'
  return (
    <div>
      <p className={cx('font-semibold', isLate && !isStopped && 'text-stop-ink')}>{words}</p>
      <svg
        role="img"
        aria-label={words}
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        className={cx('mt-1 block h-2 w-full max-w-md rounded-sm bg-sunken', look)}
      >
        {isLate ? (
          <defs>
            <pattern id={pattern} width="3" height="8" patternUnits="userSpaceOnUse">
              <rect width="1.6" height="8" fill="currentColor" />
            </pattern>
          </defs>
        ) : null}
        <rect width={filled} height="8" fill={isLate ? `url(#${pattern})` : 'currentColor'} />
        <rect x="49.8" width="0.4" height="8" className="fill-ink-2" />
      </svg>
      {note === undefined ? null : <p className="mt-1 text-note text-ink-2">{note}</p>}
    </div>
  )
}
