'use server'

import { z } from 'zod'
import { OPEN_MARK, SIMILAR_FIELD } from '@/components/people/form-field-names'
import type { Actor } from '@/lib/access/actor'
import { runOnce, wasDone } from '@/lib/api/idempotency'
import { formAction } from '@/lib/forms/form-action'
import { registerPersonInput, type PersonHitView, type RegisterPersonInput } from '@/lib/people/schema'
import { findAlike } from '@/lib/people/search-service'
import { registerPerson, viewPerson } from '@/lib/people/service'
import { ok, refuse, type Result } from '@/lib/platform/result'

const registerPersonForm = registerPersonInput.extend({
  /** The codes of the hint that stood in the form when it was sent. */
  seen: z.string().max(1000).optional(),
})

/** Registers a person once for each form. Who may be the same person is shown first, once; sending again registers. */
export const registerPersonAction = formAction(
  registerPersonForm,
  async (actor, { seen, ...input }, { key }): Promise<Result<{ readonly code: string }>> => {
    const alike = await findAlike(actor, input)
    if (!alike.ok) return alike
    const known = new Set((seen ?? '').split(' '))
    const isSeen = alike.value.every(({ code }) => known.has(code))
    // Outside of any use case: to be shown someone is no refusal, and the search is on record already. A second press
    // of a form that was saved finds whom the first one made, who is no hint.
    if (!isSeen && !(await isSaved(actor, key, input))) return hint(alike.value)
    return once(actor, key, input, () => registerPerson(actor, input))
  },
  {
    onOk: ({ code }) => ({
      to: `/persons/${code}`,
      flash: {
        message: 'persons.new.done',
        code,
        links: [{ label: 'persons.new.open_case', href: `/cases/new?person=${code}` }],
      },
    }),
  },
)

const ROUTE = 'FORM register-person'

function isSaved(actor: Actor, key: string | null, input: RegisterPersonInput): Promise<boolean> {
  return key === null ? Promise.resolve(false) : wasDone(actor, { key, route: ROUTE, body: input })
}

function hint(alike: readonly PersonHitView[]): Result<{ readonly code: string }> {
  const codes = alike.map(({ code, team }) => `${code}${team ? OPEN_MARK : ''}`).join(' ')
  return refuse('invalid', 'text_flagged', { [SIMILAR_FIELD]: [codes] })
}

/** A second press of the same form answers with the person whom the first one made. */
async function once(
  actor: Actor,
  key: string | null,
  input: RegisterPersonInput,
  run: () => Promise<Result<{ readonly code: string }>>,
): Promise<Result<{ readonly code: string }>> {
  if (key === null) return run()
  const replay = (made: string) => viewPerson(actor, { person: made })
  const result = await runOnce(actor, { key, route: ROUTE, body: input, run, replay })
  return result.ok ? ok(result.value as { readonly code: string }) : result
}
