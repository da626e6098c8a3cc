/**
 * Names that forms and their server side agree on. Fields carry dotted names (`identity.names.0.value`); what a
 * control needs beside its value is a mark after a colon; what belongs to the form starts with an underscore.
 */
export const KEY_FIELD = '_key'
export const INTENT_FIELD = '_intent'
/** Under which address the form is kept when it can't be saved now; forms without it hold nothing worth keeping. */
export const PLACE_FIELD = '_place'
/** Typed text of a combobox: `_text:countries:profile.citizenships`. */
export const TEXT_PREFIX = '_text:'

/** The field may have several values; always a list, even when nothing is chosen. */
export const MANY_MARK = ':many'
/** The field is yes or no; not ticked means no. */
export const FLAG_MARK = ':flag'
/** The field is a secret and never comes back to the screen. */
export const SECRET_MARK = ':secret'
/** The parts of a date: `deliveredOn:choice`, `:day`, `:month`, `:year`, and `:precision` when a part may be missing. */
export const DATE_MARKS = ['choice', 'day', 'month', 'year', 'precision'] as const
/** Why a text that seems to hold identity stays as it is. */
export const KEEP_SUFFIX = 'Kept'

export function lookupIntent(lookup: string, field: string): string {
  return `lookup:${lookup}:${field}`
}

export function addIntent(group: string): string {
  return `add:${group}`
}

export function removeIntent(group: string, index: number): string {
  return `remove:${group}:${String(index)}`
}

/** The id of a field's control, for labels, links of the error summary, and tests. */
export function fieldId(name: string): string {
  return `f-${name.replaceAll('.', '-').replaceAll(':', '-')}`
}

/** The key of a form that makes a record, in the address of its page; and the header by which proxy.ts hands it on. */
export const FORM_KEY_PARAMETER = 'form'
export const FORM_KEY_HEADER = 'x-amparo-form'
