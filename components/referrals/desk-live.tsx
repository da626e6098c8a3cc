'use client'

import { useEffect, useState } from 'react'

const ASKS_EVERY_MS = 5_000

type DeskLiveProps = {
  /** What the desk answered when the page was made. */
  readonly mark: string
  readonly href: string
  readonly texts: { readonly changed: string; readonly show: string }
}

/**
 * Asks every few seconds whether anything that waits has changed, and offers to show it: rows never move under a hand.
 * Quiet in a hidden tab. Without a script the page says when it was made.
 */
export function DeskLive({ mark, href, texts }: DeskLiveProps) {
  const [hasChanged, setChanged] = useState(false)
  useEffect(() => {
    const ask = async () => {
      if (document.visibilityState !== 'visible') return
      const answer = await fetch('/api/desk', { cache: 'no-store' }).catch(() => null)
      if (answer?.ok === true) setChanged((await answer.text()) !== mark)
    }
    const timer = setInterval(() => void ask(), ASKS_EVERY_MS)
    return () => {
      clearInterval(timer)
    }
  }, [mark])
  return (
    <span role="status">
      {hasChanged ? (
        <>
          {texts.changed} {/* A whole new page: its clocks are of now too. */}
          <a href={href} className="font-semibold text-action-ink underline">
            {texts.show}
          </a>
        </>
      ) : null}
    </span>
  )
}
