'use client'

import { useEffect, useState, type ReactNode } from 'react'
import { askNowAndThen } from './ask-now-and-then'

type WhileOpenProps = {
  /** Answers 204 while what stands here may still be seen. */
  readonly ask: string
  /** What stands here afterwards. */
  readonly over: ReactNode
  readonly children: ReactNode
}

const OVER = [401, 403, 404]

/**
 * What may be seen for as long as something allows it: asks every few seconds, and takes it off the page when it no
 * longer does. The next request is refused in any case; this is for the page that lies open.
 */
export function WhileOpen({ ask, over, children }: WhileOpenProps) {
  const [isOver, setOver] = useState(false)
  useEffect(
    () =>
      askNowAndThen(ask, (answer) => {
        if (OVER.includes(answer.status)) setOver(true)
      }),
    [ask],
  )
  return <div aria-live="polite">{isOver ? over : children}</div>
}
