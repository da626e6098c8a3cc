'use client'

import { createContext, use } from 'react'
import { fieldId } from '@/lib/forms/field-names'
import type { FormState } from '@/lib/forms/form-state'

/** The words that form controls need; they come from the server with the form, so that no dictionary reaches the browser. */
export type FormLabels = Readonly<
  Record<
    | 'problem'
    | 'errorTitle'
    | 'optional'
    | 'working'
    | 'kept'
    | 'unreachable'
    | 'choose'
    | 'characters'
    | 'charactersLeft'
    | 'remove'
    | 'removeRow'
    | 'row'
    | 'whyStays'
    | 'lookAgain'
    | 'day'
    | 'month'
    | 'year'
    | 'otherDay'
    | 'calendar'
    | 'lookUp'
    | 'removeItem'
    | 'found'
    | 'foundOf'
    | 'none'
    | 'listUnreachable'
    | 'conflictTitle'
    | 'conflictExplain'
    | 'yours'
    | 'theirs'
    | 'both'
    | 'same'
    | 'saveChoice',
    string
  >
> & { readonly locale: string; readonly dateOrder: readonly ('day' | 'month' | 'year')[] }

type FormContextValue = { readonly state: FormState; readonly labels: FormLabels }

const FormContext = createContext<FormContextValue | null>(null)
const RowContext = createContext('')

export const FormProvider = FormContext.Provider
export const RowProvider = RowContext.Provider

/** The form that a control stands in. A control outside `<ActionForm>` is a mistake of ours. */
export function useForm(): FormContextValue {
  const form = use(FormContext)
  if (form === null) throw new Error('a form control stands outside ActionForm')
  return form
}

/** The full name of a field: inside a repeated row, a name that starts with a dot is relative to the row. */
export function useFieldName(name: string): string {
  const row = use(RowContext)
  return name.startsWith('.') ? row + name : name
}

export type FieldView = {
  readonly name: string
  readonly id: string
  readonly values: readonly string[]
  readonly value: string
  readonly error: string | undefined
  /** What looks as if it should not stand there; whoever sends may say why it stays. */
  readonly warnings: readonly string[]
  readonly hintId: string
  readonly errorId: string
}

/** What a control shows: its name, its value, and what is wrong with it. A date's problem may stand at any of its parts. */
export function useField(relativeName: string): FieldView {
  const name = useFieldName(relativeName)
  const { state } = useForm()
  const id = fieldId(name)
  const values = state.values[name] ?? []
  return {
    name,
    id,
    values,
    value: values[0] ?? '',
    error: state.problems.find(({ field }) => field === name)?.text,
    warnings: state.warnings.filter(({ field }) => field === name).map(({ text }) => text),
    hintId: `${id}-hint`,
    errorId: `${id}-error`,
  }
}
