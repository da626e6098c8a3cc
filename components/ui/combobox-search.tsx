'use client'

import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { controlProps } from './field'
import { fillIn } from './fill-in'
import { useForm, type FormLabels } from './form-context'
import type { Option } from './select'

type Answer = { readonly options: readonly Option[]; readonly total: number }

/** How many hits there are, and that one may keep typing. */
export function countText(answer: Answer, labels: FormLabels): string {
  if (answer.total === 0) return labels.none
  return fillIn(answer.total > answer.options.length ? labels.foundOf : labels.found, {
    shown: answer.options.length,
    total: answer.total,
  })
}

type SearchBoxProps = {
  readonly lookup: string
  readonly textName: string
  readonly initialText: string
  readonly recent: readonly Option[]
  readonly keepsText: boolean
  readonly control: ReturnType<typeof controlProps>
  readonly onPick: (option: Option) => void
  readonly onClear: () => void
}

/** The text box of a combobox after the ARIA pattern: the focus stays in the text, the arrows move through the hits. */
export function ComboboxSearch({
  lookup,
  textName,
  initialText,
  recent,
  keepsText,
  control,
  onPick,
  onClear,
}: SearchBoxProps) {
  const { labels } = useForm()
  const listId = useId()
  const [text, setText] = useState(initialText)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [note, setNote] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const latest = useRef(0)
  const options = text === '' || (keepsText && answer === null) ? recent : (answer?.options ?? [])

  async function search(wanted: string) {
    const ticket = (latest.current += 1)
    await new Promise((done) => setTimeout(done, 150))
    if (ticket !== latest.current || wanted === '') return
    try {
      const response = await fetch(`/api/lookup/${lookup}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: wanted }),
      })
      if (!response.ok) throw new Error(String(response.status))
      const next = (await response.json()) as Answer
      if (ticket !== latest.current) return
      setAnswer(next)
      setNote(countText(next, labels))
      setActive(-1)
    } catch {
      if (ticket === latest.current) setNote(labels.listUnreachable)
    }
  }

  function choose(option: Option) {
    onPick(option)
    setText(keepsText ? option.label : '')
    setAnswer(null)
    setNote('')
    setOpen(false)
    setActive(-1)
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    // While a Chinese input method composes, Enter and the arrows are its own.
    if (event.nativeEvent.isComposing) return
    const last = options.length - 1
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      if (last < 0) return
      const step = event.key === 'ArrowDown' ? active + 1 : active - 1
      const next = step > last ? 0 : step < 0 ? last : step
      setActive(next)
      document.getElementById(`${listId}-${String(next)}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter' && isOpen) {
      const option = options[active] ?? (options.length === 1 ? options[0] : undefined)
      // An open list never lets Enter send the form by mistake.
      if (!event.ctrlKey && !event.metaKey) event.preventDefault()
      if (option !== undefined) choose(option)
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    }
  }

  const shownList: ReactNode = options.map((option, index) => (
    // Its keys are those of the text box, which keeps the focus.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- see above
    <div
      key={option.value}
      id={`${listId}-${String(index)}`}
      role="option"
      tabIndex={-1}
      aria-selected={index === active}
      className={`flex min-h-11 cursor-pointer items-center px-3 ${index === active ? 'bg-action-soft text-action-ink' : 'hover:bg-sunken'}`}
      // The pointer must not take the focus from the text box before the press counts.
      onPointerDown={(event) => {
        event.preventDefault()
      }}
      onClick={() => {
        choose(option)
      }}
    >
      {option.label}
    </div>
  ))

  return (
    <div className="relative max-w-sm">
      <input
        {...control}
        name={textName}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isOpen && options.length > 0}
        aria-controls={listId}
        aria-activedescendant={active >= 0 ? `${listId}-${String(active)}` : undefined}
        value={text}
        autoComplete="off"
        dir="auto"
        className="control w-full"
        onKeyDown={onKeyDown}
        onFocus={() => {
          setOpen(true)
        }}
        onBlur={() => {
          setOpen(false)
        }}
        onChange={(event) => {
          setText(event.target.value)
          setOpen(true)
          onClear()
          void search(event.target.value.trim())
        }}
      />
      <div
        id={listId}
        role="listbox"
        aria-label={labels.lookUp}
        hidden={!isOpen || options.length === 0}
        className="absolute inset-x-0 z-20 mt-1 max-h-72 overflow-y-auto rounded-lg border border-edge bg-raised py-1 shadow-float"
      >
        {shownList}
      </div>
      <p role="status" className="text-note text-ink-2">
        {isOpen ? note : ''}
      </p>
    </div>
  )
}
