/** What stood in the fields of a form, by the dotted names of the fields: `identity.names.0.value`. */
export type FormValues = Readonly<Record<string, readonly string[]>>

/** One thing to put right, in the member's language. Without a field it is about the whole form. */
export type Problem = { readonly field: string | null; readonly text: string }

/** What the server found for a combobox that works without a script. */
export type FoundOptions = {
  readonly text: string
  readonly total: number
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

/** One field that two members changed at once. */
export type ConflictRow = {
  readonly field: string
  readonly label: string
  readonly yours: string
  readonly theirs: string
  /** How the two read on the screen, where the value is a code. */
  readonly yoursText?: string
  readonly theirsText?: string
  /** Text may keep both; a code may not. */
  readonly mayKeepBoth?: boolean
}

/** Someone else saved first; the form comes back as a choice for each field that differs. */
export type Conflict = {
  readonly by: string
  readonly at: string
  /** The version that a second save answers to. */
  readonly version: string
  readonly rows: readonly ConflictRow[]
}

/** What a form's action hands back to the form. Holds only what the sender typed, and texts made for the sender. */
export type FormState = {
  /** Grows with each answer, so that the summary takes the focus again. */
  readonly attempt: number
  /** The idempotency key: a second press, a reload and a retry carry the same one. */
  readonly key: string
  readonly values: FormValues
  readonly problems: readonly Problem[]
  /** Warnings that the sender may overrule by saying why: free text that seems to hold identity. */
  readonly warnings: readonly Problem[]
  readonly found: Readonly<Record<string, FoundOptions>>
  /** How the chosen values of comboboxes read, by code. */
  readonly labels: Readonly<Record<string, string>>
  /** How many rows each repeated group shows. */
  readonly rows: Readonly<Record<string, number>>
  readonly conflict: Conflict | null
  /** The form was kept when a session ended, and is back. */
  readonly kept: boolean
  /** Where the form is kept when the session has ended or asks for a confirmation; null when nowhere. */
  readonly place: string | null
  /** Saved, and the form stays: it says so and starts afresh. */
  readonly done: string | null
}

/** What `<ActionForm action>` takes and `formAction` makes. */
export type FormAction = (previous: FormState, data: FormData) => Promise<FormState>

/** A form as it is before anyone typed: with a key and the values it starts with. */
export function emptyFormState(key: string, values: FormValues = {}): FormState {
  return {
    attempt: 0,
    key,
    values,
    problems: [],
    warnings: [],
    found: {},
    labels: {},
    rows: {},
    conflict: null,
    kept: false,
    place: null,
    done: null,
  }
}

const MOST_ROWS = 50

/**
 * What may be believed of a state that comes back from the browser, where anyone can change it:
 * how often the form was answered and how many rows it shows, within limits.
 */
export function trustedPart(previous: unknown): Pick<FormState, 'attempt' | 'rows'> {
  const state = isRecord(previous) ? previous : {}
  const rows = isRecord(state['rows']) ? Object.entries(state['rows']) : []
  return {
    attempt: isCount(state['attempt'], 10_000) ? state['attempt'] : 0,
    rows: Object.fromEntries(
      rows.filter((entry): entry is [string, number] => isCount(entry[1], MOST_ROWS)).slice(0, MOST_ROWS),
    ),
  }
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
