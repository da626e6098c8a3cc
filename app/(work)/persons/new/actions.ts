'use server'

import { z } from 'zod'
import { OPEN_MARK, SIMILAR_FIELD } from '@/components/people/form-field-names'
import type { Actor } from '@/lib/access/actor'
import { runOnce } from '@/lib/api/idempotency'
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
    return once(actor, key, input, () => (isSeen ? registerPerson(actor, input) : hint(alike.value)))
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

function hint(alike: readonly PersonHitView[]): Promise<Result<{ readonly code: string }>> {
  const codes = alike.map(({ code, team }) => `${code}${team ? OPEN_MARK : ''}`).join(' ')
  return Promise.resolve(refuse('invalid', 'text_flagged', { [SIMILAR_FIELD]: [codes] }))
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
  const result = await runOnce(actor, { key, route: 'FORM register-person', body: input, run, replay })
  return result.ok ? ok(result.value as { readonly code: string }) : result
}
