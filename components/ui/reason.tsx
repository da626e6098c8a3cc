'use client'

import type { ReactNode } from 'react'
import { RadioRows } from './choices'
import type { FieldProps } from './field'
import { TextArea } from './text-area'

type ReasonProps = FieldProps & {
  readonly codes: readonly { readonly value: string; readonly label: string; readonly needsText?: boolean }[]
  /** The field for the words, where a code asks for them. */
  readonly textName: string
  readonly textLabel: string
  readonly maxLength?: number
  /** Who will read it, as a `<VisibilityLine>`. */
  readonly readers: ReactNode
}

/** A coded reason, with words where the code asks for them, and who will read them. */
export function Reason({
  name,
  label,
  hint,
  optional,
  codes,
  textName,
  textLabel,
  maxLength = 500,
  readers,
}: ReasonProps) {
  const text = <TextArea name={textName} label={textLabel} maxLength={maxLength} rows={3} visibility={readers} />
  // One text box for all codes: two with one name would send two texts.
  const openFor = codes.findLastIndex((code) => code.needsText === true)
  return (
    <RadioRows
      name={name}
      label={label}
      hint={hint ?? readers}
      optional={optional}
      choices={codes.map(({ value, label: text_ }, index) => ({
        value,
        label: text_,
        ...(index === openFor ? { revealed: text } : {}),
      }))}
    />
  )
}
