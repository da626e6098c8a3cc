'use client'

import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { lookupIntent, MANY_MARK, TEXT_PREFIX } from '@/lib/forms/field-names'
import { controlProps, Field, type FieldProps } from './field'
import { fillIn, useField, useForm } from './form-context'
import type { Option } from './select'

type ComboboxProps = FieldProps & {
  /** Which list the server searches: `/api/lookup/<lookup>`. */
  readonly lookup: 'countries' | 'languages'
  readonly many?: boolean
  /** The names of the values that the form starts with. */
  readonly chosen?: readonly Option[]
  /** Offered before anything is typed: the agency's recent ones. */
  readonly recent?: readonly Option[]
}

type Answer = { readonly options: readonly Option[]; readonly total: number }

/**
 * One or many out of a long list. Without a script: a text, "Look up", and a native list; a name typed in full is
 * enough. With one: an ARIA combobox over the same text box, whose hits the server sends, twenty at a time.
 */
export function Combobox({
  name,
  label,
  hint,
  optional,
  lookup,
  many = false,
  chosen = [],
  recent = [],
}: ComboboxProps) {
  const field = useField(name)
  const { state, labels } = useForm()
  const found = state.found[field.name]
  const [picked, setPicked] = useState<readonly Option[]>(() =>
    field.values.map((value) => ({
      value,
      label: chosen.find((option) => option.value === value)?.label ?? state.labels[value] ?? value,
    })),
  )
  const [isEnhanced, setEnhanced] = useState(false)
  useEffect(() => {
    setEnhanced(true)
  }, [])

  function pick(option: Option) {
    setPicked(many ? [...picked.filter(({ value }) => value !== option.value), option] : [option])
  }

  function remove(value: string) {
    setPicked(picked.filter((option) => option.value !== value))
  }

  const showsNativeList = !isEnhanced && found !== undefined && found.options.length > 0
  return (
    <Field field={field} label={label} hint={hint} optional={optional}>
      {many ? <input type="hidden" name={field.name + MANY_MARK} value="" /> : null}
      {many || !showsNativeList ? (
        <Chips options={picked} name={field.name} isEnhanced={isEnhanced} many={many} remove={remove} />
      ) : null}
      {isEnhanced ? (
        <SearchBox
          lookup={lookup}
          textName={`${TEXT_PREFIX}${lookup}:${field.name}`}
          initialText={many ? '' : (picked[0]?.label ?? found?.text ?? '')}
          recent={recent}
          keepsText={!many}
          control={controlProps(field, hint)}
          onPick={pick}
          onClear={() => {
            if (!many) setPicked([])
          }}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          <input
            {...controlProps(field, hint)}
            name={`${TEXT_PREFIX}${lookup}:${field.name}`}
            defaultValue={found?.text ?? ''}
            autoComplete="off"
            dir="auto"
            className="control w-full max-w-xs"
          />
          <button
            type="submit"
            name="_intent"
            value={lookupIntent(lookup, field.name)}
            formNoValidate
            className="control px-4 text-action-ink"
          >
            {labels.lookUp}
          </button>
        </div>
      )}
      {showsNativeList ? (
        <select
          name={field.name}
          aria-label={countText(found, labels)}
          defaultValue={many ? '' : field.value}
          className="control mt-2 max-w-full"
        >
          <option value="">{countText(found, labels)}</option>
          {[...(many ? [] : picked), ...found.options].map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : null}
      {!isEnhanced && found?.options.length === 0 ? <p className="mt-1 text-note">{labels.none}</p> : null}
    </Field>
  )
}

type Labels = ReturnType<typeof useForm>['labels']

function countText(answer: Answer, labels: Labels): string {
  if (answer.total === 0) return labels.none
  return fillIn(answer.total > answer.options.length ? labels.foundOf : labels.found, {
    shown: answer.options.length,
    total: answer.total,
  })
}

type ChipsProps = {
  readonly options: readonly Option[]
  readonly name: string
  readonly isEnhanced: boolean
  readonly many: boolean
  readonly remove: (value: string) => void
}

/** What is chosen. Without a script a chip is a ticked box: taking the tick out removes it. */
function Chips({ options, name, isEnhanced, many, remove }: ChipsProps) {
  const { labels } = useForm()
  if (options.length === 0) return null
  if (isEnhanced && !many)
    return options.map(({ value }) => <input key={value} type="hidden" name={name} value={value} />)
  return (
    <ul className="mb-2 flex flex-wrap gap-2">
      {options.map((option) => (
        <li key={option.value} className="flex items-center gap-1 rounded-full bg-sunken ps-3 pe-1 text-note">
          {isEnhanced ? (
            <>
              <input type="hidden" name={name} value={option.value} />
              {option.label}
              <button
                type="button"
                className="grid size-7 place-items-center rounded-full text-ink-2 hover:bg-line hover:text-ink"
                aria-label={fillIn(labels.removeItem, { item: option.label })}
                onClick={() => {
                  remove(option.value)
                }}
              >
                <span aria-hidden="true">×</span>
              </button>
            </>
          ) : (
            <label className="flex items-center gap-2 py-1 pe-2">
              <input type="checkbox" name={name} value={option.value} defaultChecked />
              {option.label}
            </label>
          )}
        </li>
      ))}
    </ul>
  )
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

function SearchBox({ lookup, textName, initialText, recent, keepsText, control, onPick, onClear }: SearchBoxProps) {
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
      setActive(step > last ? 0 : step < 0 ? last : step)
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
    <li
      key={option.value}
      id={`${listId}-${String(index)}`}
      role="option"
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
    </li>
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
      <ul
        id={listId}
        role="listbox"
        aria-label={labels.lookUp}
        hidden={!isOpen || options.length === 0}
        className="absolute inset-x-0 z-20 mt-1 max-h-72 overflow-y-auto rounded-lg border border-edge bg-raised py-1 shadow-float"
      >
        {shownList}
      </ul>
      <p role="status" className="text-note text-ink-2">
        {isOpen ? note : ''}
      </p>
    </div>
  )
}
