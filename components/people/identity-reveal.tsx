'use client'

import { useActionState, useEffect, useState } from 'react'
import { PAD_HEIGHT, PAD_WIDTH } from '@/components/consent/signature-size'
import { buttonClass } from '@/components/ui/button-class'
import { HIDDEN, type RevealAction } from '@/lib/forms/reveal-state'

const HIDES_AFTER_MS = 2 * 60 * 1000
const USES = ['pointerdown', 'pointermove', 'keydown', 'scroll'] as const

type Labels = Readonly<Record<'hidden' | 'show' | 'recorded' | 'shown' | 'hide' | 'reasonNeeded' | 'reason', string>>

type IdentityRevealProps = {
  readonly action: RevealAction
  readonly subject: string
  readonly needsReason: boolean
  readonly labels: Labels
}

/** One press shows, another hides; two minutes without use hide too. What was shown then leaves the page, not only the eye. */
export function IdentityReveal({ action, subject, needsReason, labels }: IdentityRevealProps) {
  const [answer, post] = useActionState(action, HIDDEN)
  const [seenOut, setSeenOut] = useState<typeof answer | null>(null)
  const state = seenOut === answer ? HIDDEN : answer
  const isShown = state.status === 'shown'

  useEffect(() => {
    if (!isShown) return
    const hide = () => {
      setSeenOut(answer)
    }
    let timer = setTimeout(hide, HIDES_AFTER_MS)
    const used = () => {
      clearTimeout(timer)
      timer = setTimeout(hide, HIDES_AFTER_MS)
    }
    for (const use of USES) addEventListener(use, used, { passive: true })
    return () => {
      clearTimeout(timer)
      for (const use of USES) removeEventListener(use, used)
    }
  }, [isShown, answer])

  if (state.status === 'shown') {
    return (
      <div className="w-full">
        <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[auto_1fr]">
          {state.rows.map(({ label, value, lang, drawing }) => (
            <div key={`${label} ${value}`} className="contents">
              <dt className="text-note text-ink-2">{label}</dt>
              <dd lang={lang} dir="auto" className="font-semibold whitespace-pre-wrap">
                {value}
                {drawing === undefined ? null : <Drawing lines={drawing} />}
              </dd>
            </div>
          ))}
        </dl>
        <form action={post} className="mt-2 flex flex-wrap items-center gap-3 text-note">
          <span role="status">{labels.shown}</span>
          <button
            type="submit"
            name="hide"
            value="1"
            className={buttonClass('secondary', 'sm')}
            onClick={(event) => {
              event.preventDefault()
              setSeenOut(answer)
            }}
          >
            {labels.hide}
          </button>
        </form>
      </div>
    )
  }
  return (
    <form action={post} className="flex w-full flex-wrap items-center gap-x-3 gap-y-2">
      <input type="hidden" name="subject" value={subject} />
      {state.status === 'refused' ? (
        <p role="alert" className="basis-full font-semibold text-stop-ink">
          {state.text}
        </p>
      ) : null}
      {needsReason ? (
        <label className="basis-full">
          <span className="block text-note">{labels.reasonNeeded}</span>
          <span className="block text-note font-semibold">{labels.reason}</span>
          <input
            name="reason"
            required
            maxLength={500}
            autoComplete="off"
            dir="auto"
            className="control w-full max-w-xl"
          />
        </label>
      ) : (
        <span>{labels.hidden}</span>
      )}
      <button type="submit" className={buttonClass('secondary', 'sm')}>
        {labels.show}
      </button>
      <span className="text-note text-ink-2">{labels.recorded}</span>
    </form>
  )
}

/** A signature, as it was drawn; what it is stands beside it in words. */
function Drawing({ lines }: { readonly lines: string }) {
  return (
    <svg
      viewBox={`0 0 ${String(PAD_WIDTH)} ${String(PAD_HEIGHT)}`}
      aria-hidden="true"
      className="mt-1 block w-full max-w-md rounded-md border border-line bg-surface"
    >
      <path d={lines} className="stroke-ink" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" fill="none" />
    </svg>
  )
}
