/** Why something that was asked for isn't done; the API's problem types carry the same names. */
export type Refusal =
  'not_found' | 'forbidden' | 'conflict' | 'stale' | 'invalid' | 'too_many' | 'step_up_required' | 'unavailable'

/** Message keys by the path of the field they belong to, such as `identity.names.0.value`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>

export type Refused = {
  readonly ok: false
  readonly refusal: Refusal
  /** A stable snake_case code that tells apart refusals of one kind, such as `wrong_state`. */
  readonly reason?: string
  readonly errors?: FieldErrors
}

export type Done<T> = { readonly ok: true; readonly value: T }

/** What a use case answers: its value, or a refusal that was expected. Anything unexpected is thrown. */
export type Result<T> = Done<T> | Refused

/** The answer of a use case that did what was asked. */
export function ok(): Done<undefined>
export function ok<T>(value: T): Done<T>
export function ok<T>(value?: T): Done<T | undefined> {
  return { ok: true, value }
}

/** The answer of a use case that declines; `reason` is a stable code, never text that someone typed. */
export function refuse(refusal: Refusal, reason?: string, errors?: FieldErrors): Refused {
  return {
    ok: false,
    refusal,
    ...(reason === undefined ? {} : { reason }),
    ...(errors === undefined ? {} : { errors }),
  }
}
