'use client'

import { useEffect, useState } from 'react'
import { askNowAndThen } from './ask-now-and-then'

type ChangeWatchProps = {
  /** What answers with a text that is another one after each change. */
  readonly ask: string
  /** What it answered when the page was made. */
  readonly mark: string
  readonly href: string
  readonly texts: { readonly changed: string; readonly show: string }
}

/**
 * Asks every few seconds whether anything on the page has changed, and offers to show it: nothing moves under a hand.
 * Quiet in a hidden tab. Without a script the page says when it was made.
 */
export function ChangeWatch({ ask, mark, href, texts }: ChangeWatchProps) {
  const [hasChanged, setChanged] = useState(false)
  useEffect(
    () =>
      askNowAndThen(ask, async (answer) => {
        if (answer.ok) setChanged((await answer.text()) !== mark)
      }),
    [ask, mark],
  )
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
