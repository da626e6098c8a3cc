import 'server-only'
import { createHmac } from 'node:crypto'
import type { Actor } from '@/lib/access/actor'
import { runOnce, wasDone } from '@/lib/api/idempotency'
import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import type { Result } from '@/lib/platform/result'

export type OnceForm<T> = {
  /** Which form it is; a key of one form is none of another. */
  readonly form: string
  readonly input: unknown
  readonly run: () => Promise<Result<T>>
  /** What the first press made, as the sender sees it now. */
  readonly again: (made: string) => Promise<Result<T>>
}

/**
 * Saves a form once, however often it is sent: a second press, a reload and a retry after a lost answer give the record
 * that the first one made. A form that is sent again with other answers, after going back, is another submission.
 */
export async function submitOnce<T extends { readonly code: string }>(
  actor: Actor,
  submission: { readonly key: string | null },
  { form, input, run, again }: OnceForm<T>,
): Promise<Result<T>> {
  if (submission.key === null) return run()
  const key = submissionKey(submission.key, form, input)
  // What `run` and `again` give is all that `runOnce` hands back, which its types can't say.
  return runOnce(actor, { key, route: routeOf(form), body: input, run, replay: again }) as Promise<Result<T>>
}

/** Whether this same submission was saved before: what `submitOnce` would answer without saving. */
export async function wasSubmitted(
  actor: Actor,
  submission: { readonly key: string | null },
  { form, input }: Pick<OnceForm<unknown>, 'form' | 'input'>,
): Promise<boolean> {
  if (submission.key === null) return false
  return wasDone(actor, { key: submissionKey(submission.key, form, input), route: routeOf(form), body: input })
}

const routeOf = (form: string) => `FORM ${form}`

function submissionKey(key: string, form: string, input: unknown): string {
  // Keyed: a plain digest of a form that holds a name could be guessed from the table.
  const secret = deriveSecret(masterKeys(), 'submissions')
  const digest = createHmac('sha256', secret)
    .update(JSON.stringify([form, input]))
    .digest('base64url')
    .slice(0, 16)
  return `${key.replace(/[^\x21-\x7e]/g, '').slice(0, 100)}.${digest}`
}
