'use client'

import { Dialog } from 'radix-ui'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { grouped } from '@/components/ui/code'
import { fillIn } from '@/components/ui/fill-in'
import { matchesFor, type PaletteSources } from './palette-matches'
import type { ShellTexts } from './shell-texts'
import { useRecentCases } from './use-recent-cases'

type PaletteProps = {
  readonly pages: PaletteSources['pages']
  /** Whether the member logs services, so that their last cases are of use here. */
  readonly logs: boolean
  readonly layer: 'palette' | 'keys'
  readonly texts: ShellTexts
  readonly onGo: (href: string) => void
  readonly onClose: () => void
}

/** Search and acts by keyboard, and the list of keys. Loaded when first opened. What is typed here stays in the browser until it is sent by POST. */
export default function Palette({ layer, texts, onGo, onClose, pages, logs }: PaletteProps) {
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-sunken/80" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-4 top-20 z-50 mx-auto max-w-xl rounded-lg border border-edge bg-raised p-4 shadow-float"
        >
          <Dialog.Title className="text-lead font-semibold">
            {layer === 'palette' ? texts.palette : texts.keysTitle}
          </Dialog.Title>
          {layer === 'palette' ? (
            <Finder
              texts={texts}
              pages={pages}
              logs={logs}
              onGo={(href) => {
                onClose()
                onGo(href)
              }}
            />
          ) : (
            <KeyList texts={texts} />
          )}
          <Dialog.Close className="mt-3 min-h-9 rounded-md border border-edge px-3 text-note">
            {texts.close}
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

type FinderProps = Pick<PaletteProps, 'pages' | 'logs'> & {
  readonly texts: ShellTexts
  readonly onGo: (href: string) => void
}

function Finder({ texts, pages, logs, onGo }: FinderProps) {
  const listId = useId()
  const form = useRef<HTMLFormElement>(null)
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const recent = useRecentCases(logs)
  const [isSent, setSent] = useState(false)
  const labels = { log: texts.logFor, open: texts.openCase }
  const matches = matchesFor(text, { pages, recent: recent ?? [] }).map((match) => ({
    href: match.href,
    label: match.kind === 'page' ? match.label : fillIn(labels[match.kind], { code: grouped(match.code) }),
  }))
  const isSearch = active >= matches.length

  // Whoever types ahead of the answer meant a case: Enter waits for it.
  const first = matches[0]?.href
  useEffect(() => {
    if (!isSent || recent === null) return
    if (first === undefined) form.current?.requestSubmit()
    else onGo(first)
  }, [isSent, recent, first, onGo])

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return
    const last = matches.length - (text.trim() === '' ? 1 : 0)
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const next = active + (event.key === 'ArrowDown' ? 1 : -1)
      setActive(next > last ? 0 : next < 0 ? last : next)
    } else if (event.key === 'Enter' && !isSearch) {
      event.preventDefault()
      const match = matches[active]
      if (match !== undefined) onGo(match.href)
    } else if (event.key === 'Enter' && recent === null) {
      event.preventDefault()
      setSent(true)
    }
  }

  const optionClass = (isActive: boolean) =>
    `flex min-h-11 w-full items-center rounded-md px-3 text-start ${isActive ? 'bg-action-soft text-action-ink' : ''}`
  return (
    <form ref={form} method="post" action="/search" className="mt-2">
      <input
        name="query"
        value={text}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the layer was opened to type here
        autoFocus
        role="combobox"
        aria-label={texts.paletteHint}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={`${listId}-${String(active)}`}
        autoComplete="off"
        maxLength={200}
        dir="auto"
        className="control w-full"
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value)
          setActive(0)
        }}
      />
      <div id={listId} role="listbox" aria-label={texts.palette} className="mt-2 max-h-80 overflow-y-auto">
        {matches.map(({ href, label }, index) => (
          // Its keys are those of the text box, which keeps the focus.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- see above
          <div
            key={`${href} ${label}`}
            id={`${listId}-${String(index)}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={`cursor-pointer ${optionClass(index === active)}`}
            onClick={() => {
              onGo(href)
            }}
          >
            {label}
          </div>
        ))}
        {text.trim() === '' ? null : (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- Enter in the text box sends the form
          <div
            id={`${listId}-${String(matches.length)}`}
            role="option"
            tabIndex={-1}
            aria-selected={isSearch}
            className={`cursor-pointer ${optionClass(isSearch)}`}
            onClick={() => form.current?.requestSubmit()}
          >
            {fillIn(texts.findPerson, { text: text.trim() })}
          </div>
        )}
      </div>
    </form>
  )
}

function KeyList({ texts }: { readonly texts: ShellTexts }) {
  return (
    <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
      {texts.keys.map(({ keys, does }) => (
        <div key={keys} className="contents">
          <dt className="font-code text-note">{keys}</dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  )
}
