import { useEffect, useState } from 'react'
import type { PaletteSources } from './palette-matches'

/** The member's last cases, asked for once; null until they are there. Without an answer there are none. */
export function useRecentCases(isAsked: boolean): PaletteSources['recent'] | null {
  const [recent, setRecent] = useState<PaletteSources['recent'] | null>(isAsked ? null : [])
  useEffect(() => {
    if (!isAsked) return
    const stop = new AbortController()
    fetch('/api/recent-cases', { method: 'POST', signal: stop.signal })
      .then((answer) => (answer.ok ? (answer.json() as Promise<PaletteSources['recent']>) : []))
      .catch(() => [])
      .then((found) => {
        if (!stop.signal.aborted) setRecent(found)
      })
      .catch(() => undefined)
    return () => {
      stop.abort()
    }
  }, [isAsked])
  return recent
}
