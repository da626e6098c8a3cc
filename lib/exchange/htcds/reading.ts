/** Why a value can't be taken; each is a message key under `people.import`. */
export type Fault =
  | 'date_ambiguous'
  | 'date_invalid'
  | 'date_in_future'
  | 'date_too_old'
  | 'code_unknown'
  | 'country_unknown'
  | 'country_dissolved'
  | 'language_unknown'
  | 'phone_invalid'
  | 'email_invalid'
  | 'number_invalid'
  | 'checkbox_invalid'
  | 'coordinate_invalid'
  | 'too_long'
  | 'bad_encoding'

/** What a value means where it means anything: a stated one, or a known absence. */
export type Reading =
  | { readonly state: 'stated'; readonly values: readonly string[]; readonly notice?: Notice }
  | { readonly state: 'unknown' | 'declined' | 'empty' }
  | { readonly state: 'fault'; readonly fault: Fault }

/** What was taken with a loss that the report should name; message keys under `people.import`. */
export type Notice = 'country_left_out' | 'phone_without_country' | 'birth_month_left_out' | 'deprecated_left_out'

export type ReadingContext = {
  /** Today in the agency's zone, `YYYY-MM-DD`. */
  readonly today: string
  /** Where phone numbers without a + belong. */
  readonly country?: string | undefined
}

/** A reading with a meaning, each value once. */
export function stated(...values: string[]): Reading {
  return { state: 'stated', values: [...new Set(values)] }
}

/** A reading that refuses its row. */
export function fault(reason: Fault): Reading {
  return { state: 'fault', fault: reason }
}
