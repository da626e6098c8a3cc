import type { z } from 'zod'
import type { KeyTranslator, MessageValues } from '@/lib/i18n/translate-key'
import type { FieldErrors } from '@/lib/platform/result'
import type { Problem } from './form-state'

type Issue = z.core.$ZodIssue

/**
 * The first problem of each field, in the order of the schema. A schema's own message key wins;
 * else the kind of issue has a general sentence in `errors.field`.
 */
export function problemsOfIssues(
  issues: readonly Issue[],
  fieldOf: (path: string) => string,
  translator: KeyTranslator,
): Problem[] {
  const problems = new Map<string | null, Problem>()
  for (const issue of issues) {
    const path = issue.path.map(String).join('.')
    const field = path === '' ? null : fieldOf(path)
    if (problems.has(field)) continue
    const key = translator.has(issue.message) ? issue.message : generalKey(issue)
    problems.set(field, { field, text: translator.text(key, valuesOf(issue)) })
  }
  return [...problems.values()]
}

/** The problems that a service reported by field, as message keys: of each field the first, or so many. */
export function problemsOfErrors(
  errors: FieldErrors,
  fieldOf: (path: string) => string,
  translator: KeyTranslator,
  most = 1,
): Problem[] {
  return Object.entries(errors).flatMap(([path, keys]) => {
    const field = path === '' ? null : fieldOf(path)
    return keys.slice(0, most).map((key) => ({ field, text: translator.text(key) }))
  })
}

function generalKey(issue: Issue): string {
  if (issue.code === 'too_big') return issue.origin === 'string' ? 'errors.field.too_long' : 'errors.field.too_big'
  if (issue.code === 'too_small')
    return issue.origin === 'string' || issue.origin === 'array' ? 'errors.field.missing' : 'errors.field.too_small'
  if (issue.code === 'invalid_value' || issue.code === 'invalid_union') return 'errors.field.choose'
  if (issue.code === 'unrecognized_keys') return 'errors.field.unknown'
  // Nothing was typed where something is needed: the schema met `undefined`.
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'errors.field.missing'
  return 'errors.field.not_valid'
}

function valuesOf(issue: Issue): MessageValues {
  if (issue.code === 'too_big') return { maximum: Number(issue.maximum) }
  if (issue.code === 'too_small') return { minimum: Number(issue.minimum) }
  return {}
}
