'use server'

import { identityRows } from '@/components/people/identity-rows'
import { revealAction } from '@/lib/forms/reveal-action'
import { readIdentity } from '@/lib/people/identity-service'
import { ok } from '@/lib/platform/result'

/** Shows who a person is for one press. The look is on record before anything is given out. */
export const revealIdentityAction = revealAction(async (actor, { subject, reason }) => {
  const read = await readIdentity(actor, { person: subject, ...(reason === null ? {} : { reason }) })
  return read.ok ? ok(await identityRows(read.value)) : read
})
