import type { z } from 'zod'

import type { FieldErrors } from '@/lib/platform/result'

type Issue = z.core.$ZodIssue

/** A schema's own messages are keys: words joined by dots. Anything else is a sentence of the library. */
const MESSAGE_KEY = /^[a-zA-Z]\w*(\.\w+)+$/

/**
 * What is wrong, by the dotted path of the field (`identity.names.0.value`; `""` is the whole body): the schema's own
 * message key, else the key of the general sentence for that kind of problem. What was sent is not repeated.
 */
export function fieldErrorsOf(issues: readonly Issue[]): FieldErrors {
  const errors = new Map<string, string[]>()
  const add = (path: readonly PropertyKey[], key: string): void => {
    const field = path.map(String).join('.')
    errors.set(field, [...(errors.get(field) ?? []), key])
  }
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const unknown of issue.keys) add([...issue.path, unknown.slice(0, 100)], 'errors.field.unknown')
    } else {
      add(issue.path, MESSAGE_KEY.test(issue.message) ? issue.message : generalKey(issue))
    }
  }
  return Object.fromEntries(errors)
}

function generalKey(issue: Issue): string {
  const counted = 'origin' in issue && (issue.origin === 'string' || issue.origin === 'array')
  switch (issue.code) {
    case 'too_big':
      return counted ? 'errors.field.too_long' : 'errors.field.too_big'
    case 'too_small':
      return counted ? 'errors.field.missing' : 'errors.field.too_small'
    case 'invalid_value':
    case 'invalid_union':
      return 'errors.field.choose'
    case 'invalid_type':
      return issue.input === undefined ? 'errors.field.missing' : 'errors.field.not_valid'
    default:
      return 'errors.field.not_valid'
  }
}
