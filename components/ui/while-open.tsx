'use client'

import { useEffect, type ReactNode } from 'react'
import { askNowAndThen } from './ask-now-and-then'
import { takeContentAway } from './take-away'

type WhileOpenProps = {
  /** Answers 204 while what stands here may still be seen. */
  readonly ask: string
  /** The page that says why it no longer may, and takes the place of this one. */
  readonly after: string
  readonly children: ReactNode
}

const OVER = [401, 403, 404]

/**
 * What may be seen for as long as something allows it: asks every few seconds, and when nothing does any more it leaves
 * the page, which another one replaces. The next request is refused in any case; this is for the page that lies open.
 */
export function WhileOpen({ ask, after, children }: WhileOpenProps) {
  useEffect(
    () =>
      askNowAndThen(ask, (answer) => {
        if (!OVER.includes(answer.status)) return
        takeContentAway()
        location.replace(after)
      }),
    [ask, after],
  )
  return children
}
