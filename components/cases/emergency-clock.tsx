'use client'

import { useEffect, useState } from 'react'
import { fillIn } from '@/components/ui/fill-in'

const ASKS_EVERY_MS = 15_000

type EmergencyClockProps = {
  /** Says how many seconds are left; asking is no use of the session. */
  readonly address: string
  /** Where the page goes when nothing is left. */
  readonly after: string
  readonly secondsLeft: number
  /** What is said first, made on the server. */
  readonly first: string
  /** The same with gaps for hours and minutes. */
  readonly text: string
}

/**
 * How long an emergency access is open still. At its end, also one in another tab or by the clock of the database, the
 * content leaves the page: taken out, not covered, and the page that says so takes its place.
 */
export function EmergencyClock({ address, after, secondsLeft, first, text }: EmergencyClockProps) {
  const [left, setLeft] = useState(secondsLeft)

  useEffect(() => {
    let endsAt = Date.now() + secondsLeft * 1000
    let isOver = false

    function leave() {
      isOver = true
      document.querySelectorAll('main > *').forEach((part) => {
        part.remove()
      })
      location.replace(after)
    }

    async function look() {
      if (isOver || document.hidden) return
      const seconds = await askFor(address)
      if (seconds !== null) endsAt = Date.now() + seconds * 1000
      const now = Math.ceil((endsAt - Date.now()) / 1000)
      if (now <= 0) leave()
      else setLeft(now)
    }

    const timer = setInterval(() => void look(), ASKS_EVERY_MS)
    const atTheEnd = setTimeout(() => {
      if (!isOver) leave()
    }, secondsLeft * 1000)
    const seen = () => void look()
    document.addEventListener('visibilitychange', seen)
    addEventListener('pageshow', seen)
    return () => {
      clearInterval(timer)
      clearTimeout(atTheEnd)
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('pageshow', seen)
    }
  }, [address, after, secondsLeft])

  if (left === secondsLeft) return <span>{first}</span>
  const minutes = Math.ceil(left / 60)
  return <span>{fillIn(text, { hours: Math.floor(minutes / 60), minutes: minutes % 60 })}</span>
}

/** Seconds that are left; 0 also when the session has ended, null when the server can't be reached. */
async function askFor(address: string): Promise<number | null> {
  try {
    const response = await fetch(address, { cache: 'no-store' })
    if (response.status === 401) return 0
    if (!response.ok) return null
    const { secondsLeft } = (await response.json()) as { readonly secondsLeft: number }
    return secondsLeft
  } catch {
    return null
  }
}
