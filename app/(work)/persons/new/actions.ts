'use server'

import { z } from 'zod'
import { OPEN_MARK, SIMILAR_FIELD } from '@/components/people/form-field-names'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce, wasSubmitted } from '@/lib/forms/submit-once'
import { registerPersonInput, type PersonHitView } from '@/lib/people/schema'
import { findAlike } from '@/lib/people/search-service'
import { registerPerson, viewPerson } from '@/lib/people/service'
import { refuse, type Result } from '@/lib/platform/result'

const registerPersonForm = registerPersonInput.extend({
  /** The codes of the hint that stood in the form when it was sent. */
  seen: z.string().max(1000).optional(),
})

/** Registers a person once for each form. Who may be the same person is shown first, once; sending again registers. */
export const registerPersonAction = formAction(
  registerPersonForm,
  async (actor, { seen, ...input }, submission): Promise<Result<{ readonly code: string }>> => {
    const alike = await findAlike(actor, input)
    if (!alike.ok) return alike
    const known = new Set((seen ?? '').split(' '))
    const isSeen = alike.value.every(({ code }) => known.has(code))
    // Outside of any use case: to be shown someone is no refusal, and the search is on record already. A second press
    // of a form that was saved finds whom the first one made, who is no hint.
    const saved = { form: 'register-person', input }
    if (!isSeen && !(await wasSubmitted(actor, submission, saved))) return hint(alike.value)
    return submitOnce<{ readonly code: string }>(actor, submission, {
      ...saved,
      run: () => registerPerson(actor, input),
      again: (made) => viewPerson(actor, { person: made }),
    })
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

function hint(alike: readonly PersonHitView[]): Result<{ readonly code: string }> {
  const codes = alike.map(({ code, team }) => `${code}${team ? OPEN_MARK : ''}`).join(' ')
  return refuse('invalid', 'text_flagged', { [SIMILAR_FIELD]: ['persons.similar.title', codes] })
}
