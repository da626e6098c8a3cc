'use client'

import { useEffect, useRef, useState } from 'react'
import { fillIn } from '@/components/ui/fill-in'
import { takeContentAway } from '@/components/ui/take-away'
import type { ShellTexts } from './shell-texts'

const WARNING_MS = 5 * 60 * 1000
const SESSION = '/api/session'

type IdleBarProps = {
  readonly idleMinutes: number
  /** Another tab signed out: the session is over here as well. */
  readonly isSignedOut: boolean
  readonly texts: ShellTexts
  /** The look of its buttons, which the server knows. */
  readonly button: string
}

/**
 * Warns five minutes before the session ends by inactivity and offers to stay; at the end the content leaves the page.
 * `GET /api/session` says how many seconds are left and is no use of the session; `POST` is one, and answers the same.
 * Another tab may have been in use meanwhile, so the server is asked before anyone is warned or anything is taken away.
 */
export default function IdleBar({ idleMinutes, isSignedOut, texts, button }: IdleBarProps) {
  const endsAt = useRef(0)
  const [minutesLeft, setMinutesLeft] = useState<number | null>(null)
  const [isOver, setEnded] = useState(false)
  const isEnded = isOver || isSignedOut

  useEffect(() => {
    if (isEnded) return
    endsAt.current = Date.now() + idleMinutes * 60_000
    let timer: ReturnType<typeof setTimeout>

    function checkIn(milliseconds: number) {
      timer = setTimeout(() => {
        void check()
      }, milliseconds)
    }

    async function check() {
      const left = endsAt.current - Date.now()
      if (left > WARNING_MS) {
        setMinutesLeft(null)
        checkIn(Math.min(left - WARNING_MS, 60_000))
        return
      }
      const onServer = await secondsLeft('GET')
      if (onServer !== null && onServer * 1000 > left + 5000) {
        endsAt.current = Date.now() + onServer * 1000
        checkIn(0)
      } else if (left <= 0 || onServer === 0) setEnded(true)
      else {
        setMinutesLeft(Math.ceil(left / 60_000))
        checkIn(Math.min(left, 30_000))
      }
    }

    checkIn(60_000)
    return () => {
      clearTimeout(timer)
    }
  }, [idleMinutes, isEnded])

  useEffect(() => {
    if (!isEnded) return
    takeContentAway()
    document.title = texts.ended
  }, [isEnded, texts.ended])

  async function stay() {
    const seconds = await secondsLeft('POST')
    if (seconds === 0) setEnded(true)
    else if (seconds !== null) {
      setMinutesLeft(null)
      endsAt.current = Date.now() + seconds * 1000
    }
  }

  return (
    <div role="status" className="no-print fixed inset-x-0 bottom-(--bar) z-40">
      {isEnded ? (
        <div className="flex flex-wrap items-center gap-4 border-t border-edge bg-raised px-6 py-3 shadow-float">
          <p className="font-semibold">{texts.ended}</p>
          <a href={`/sign-in?next=${encodeURIComponent(location.pathname)}`} className={button}>
            {texts.signIn}
          </a>
        </div>
      ) : minutesLeft === null ? null : (
        <div className="flex flex-wrap items-center gap-4 border-t border-warn-edge bg-warn-soft px-6 py-3">
          <p className="font-semibold text-warn-ink">{fillIn(texts.idle, { minutes: minutesLeft })}</p>
          <button type="button" className={button} onClick={() => void stay()}>
            {texts.stay}
          </button>
        </div>
      )}
    </div>
  )
}

/** Seconds until the session ends; 0 when it has ended, null when the server can't be reached. */
async function secondsLeft(method: 'GET' | 'POST'): Promise<number | null> {
  try {
    const response = await fetch(SESSION, { method, cache: 'no-store' })
    if (response.status === 401) return 0
    if (!response.ok) return null
    const { secondsLeft: seconds } = (await response.json()) as { readonly secondsLeft: number }
    return seconds
  } catch {
    return null
  }
}
