'use client'

import { useEffect, useRef, useState } from 'react'

type PasskeyFieldProps = {
  readonly kind: 'add' | 'show'
  /** Asks the server what the passkey has to answer, as text; null when it can't be now. */
  readonly options: () => Promise<string | null>
  readonly texts: { readonly asking: string; readonly failed: string; readonly unsupported: string }
}

/**
 * Lets a form be answered by a passkey: the press asks the browser first, and the form goes when it has answered. The
 * package that talks to the browser is loaded by the press and by no other page.
 */
export function PasskeyField({ kind, options, texts }: PasskeyFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const [said, say] = useState('')

  useEffect(() => {
    const input = field.current
    const form = input?.form ?? null
    if (input === null || form === null) return
    const [answered, whole] = [input, form]
    let isAnswered = false
    async function ask(button: HTMLElement | null): Promise<void> {
      say(texts.asking)
      try {
        const { browserSupportsWebAuthn, startAuthentication, startRegistration } =
          await import('@simplewebauthn/browser')
        if (!browserSupportsWebAuthn()) {
          say(texts.unsupported)
          return
        }
        const text = await options()
        if (text === null) throw new Error('The server has nothing to ask')
        const optionsJSON = JSON.parse(text) as never
        const answer = await (kind === 'add'
          ? startRegistration({ optionsJSON })
          : startAuthentication({ optionsJSON }))
        answered.value = JSON.stringify(answer)
        isAnswered = true
        say('')
        whole.requestSubmit(button)
      } catch {
        say(texts.failed)
      }
    }
    // Before React hears of it, which would send the form.
    function onSubmit(event: SubmitEvent): void {
      if (isAnswered) {
        isAnswered = false
        return
      }
      event.preventDefault()
      event.stopPropagation()
      void ask(event.submitter)
    }
    whole.addEventListener('submit', onSubmit, true)
    return () => {
      whole.removeEventListener('submit', onSubmit, true)
    }
  }, [kind, options, texts])

  return (
    <>
      <input ref={field} type="hidden" name="answer" defaultValue="" />
      <p role="status" className="measure empty:hidden">
        {said}
      </p>
    </>
  )
}
