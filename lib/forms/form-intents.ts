import { isLookup, lookUp, lookupLabel, resolveLookup } from '@/lib/i18n/lookups'
import type { Locale } from '@/lib/i18n/locale'
import { rowsIn, withoutRow, type ReadForm } from './form-data'
import type { FormState, FoundOptions, FormValues } from './form-state'

/**
 * Buttons that change the form and save nothing, for browsers without a script: look up, add a row, remove a row.
 * Gives the form as it comes back, or null when the button was one that sends.
 */
export function answerIntent(state: FormState, form: ReadForm, locale: Locale): FormState | null {
  const [kind, group = '', detail = ''] = (form.intent ?? '').split(':')
  if (kind === 'lookup' && isLookup(group)) {
    const text = form.texts.find(({ field, lookup }) => field === detail && lookup === group)?.text ?? ''
    return { ...state, found: { [detail]: { text, ...lookUp(group, text, locale) } } }
  }
  if (kind === 'add' && group !== '') {
    return { ...state, rows: { ...state.rows, [group]: shownRows(state, group) + 1 } }
  }
  if (kind === 'remove' && group !== '' && /^\d+$/.test(detail)) {
    const rows = Math.max(0, shownRows(state, group) - 1)
    return { ...state, values: withoutRow(state.values, group, Number(detail)), rows: { ...state.rows, [group]: rows } }
  }
  return null
}

function shownRows(state: FormState, group: string): number {
  return Math.max(state.rows[group] ?? 0, rowsIn(state.values, group), 1)
}

export type ResolvedTexts = {
  readonly values: FormValues
  readonly found: Readonly<Record<string, FoundOptions>>
  /** Fields whose typed text names no entry, or several. */
  readonly open: readonly string[]
}

/** Text typed into a combobox becomes a value when it names one entry exactly; otherwise the form offers what fits. */
export function resolveTexts(form: ReadForm, locale: Locale): ResolvedTexts {
  const values: Record<string, readonly string[]> = { ...form.values }
  const found: Record<string, FoundOptions> = {}
  const open: string[] = []
  for (const { lookup, field, text } of form.texts) {
    if (text === '' || !isLookup(lookup)) continue
    // With a script the text of a single choice is the name of the value that was picked.
    if (form.values[field]?.some((value) => lookupLabel(lookup, value, locale) === text)) continue
    const option = resolveLookup(lookup, text, locale)
    if (option === null) {
      open.push(field)
      found[field] = { text, ...lookUp(lookup, text, locale) }
    } else {
      const isMany = `${field}:many` in form.values
      values[field] = isMany ? [...new Set([...(values[field] ?? []), option.value])] : [option.value]
    }
  }
  return { values, found, open }
}

/** How the values chosen in the form's comboboxes read. */
export function chosenLabels(form: ReadForm, locale: Locale): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {}
  for (const { lookup, field } of form.texts) {
    if (!isLookup(lookup)) continue
    for (const value of form.values[field] ?? []) labels[value] = lookupLabel(lookup, value, locale)
  }
  return labels
}
