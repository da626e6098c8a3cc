import type { ZodType } from 'zod'

import { printResult, withInstallation } from '@/cli/installation'
import type { Actor } from '@/lib/access/actor'
import { withLentToken } from '@/lib/access/lent-token'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { Result } from '@/lib/platform/result'

export type MemberOptions = { readonly user: string; readonly json?: true }

/** Runs a use case as a member, under their rights and in their agency's log, and prints what it answers. */
export async function asMember<T extends object>(
  { user, json }: MemberOptions,
  what: string,
  work: (actor: Actor) => Promise<Result<T>>,
  inWords: (value: T) => string,
): Promise<void> {
  await withInstallation(async ({ ownerUrl }) => {
    const done = await withLentToken(ownerUrl, user, `${what} on ${new Date().toISOString()}`, work)
    if (done === null) throw new PlainSentence(`No active member has the address ${user}; see who is a member.`)
    const value = valueOf(done.value)
    printResult(json === true ? value : inWords(value))
  })
}

/** What was given on the command line, as the schema of the use case reads it. */
export function given<T>(schema: ZodType<T>, input: unknown): T {
  const read = schema.safeParse(input)
  if (read.success) return read.data
  const wrong = [...new Set(read.error.issues.map(({ path }) => path.join('.') || 'what was given'))]
  throw new PlainSentence(`This can not be used: ${wrong.join(', ')}; see --help for what it takes.`)
}

const REFUSED: Readonly<Record<string, string>> = {
  not_found: 'There is no such record for this member.',
  forbidden: 'This member may not do that; name one who may.',
}

function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value
  const fields = Object.keys(result.errors ?? {})
  const about = fields.length === 0 ? '' : ` (${fields.join(', ')})`
  throw new PlainSentence(REFUSED[result.refusal] ?? `Nothing was changed: ${result.reason ?? result.refusal}${about}.`)
}
