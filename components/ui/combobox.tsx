'use client'

import { useState } from 'react'
import { lookupIntent, MANY_MARK, TEXT_PREFIX } from '@/lib/forms/field-names'
import { ComboboxSearch, countText } from './combobox-search'
import { controlProps, Field, type FieldProps } from './field'
import { fillIn } from './fill-in'
import { useField, useForm } from './form-context'
import type { Option } from './select'
import { useScript } from './use-script'

type ComboboxProps = FieldProps & {
  /** Which list the server searches: `/api/lookup/<lookup>`. */
  readonly lookup: 'countries' | 'languages'
  readonly many?: boolean
  /** The names of the values that the form starts with. */
  readonly chosen?: readonly Option[]
  /** Offered before anything is typed: the agency's recent ones. */
  readonly recent?: readonly Option[]
}

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
  const isEnhanced = useScript()

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
        <ComboboxSearch
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
