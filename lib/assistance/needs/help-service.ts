import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { aboutSubject, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import type { ListedServicePage, WantedHelp } from '@/lib/directory/schema'
import { readsDirectory, rankServicesIn } from '@/lib/directory/service'
import { fitFactsIn } from '@/lib/people/facts-service'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findNeed } from './data'
import { mayReadNeeds } from './policy'
import type { FindHelpInput, NeedView } from './schema'

/** Who can help with a need, the best first, and for what was looked: the person's own facts stay on the server. */
export type HelpPage = ListedServicePage & {
  readonly need: Pick<NeedView, 'code' | 'case' | 'category' | 'type' | 'urgency'>
}

/**
 * The listed services that fit a need and its person, the best first with their reasons. Off the team nothing is known
 * of the person, so that what depends on it is to be asked. Looks at age, gender and languages, at no other fact
 * (invariant 7), and records the look.
 *
 * Refuses with `not_found` a need that the actor may not know of, `invalid` a cursor of another search.
 */
export async function findHelpForNeed(actor: Actor, input: FindHelpInput): Promise<Result<HelpPage>> {
  if (!readsDirectory(actor) || !mayReadNeeds(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const need = await findNeed(tx, input.need)
    if (need === null) return refuse('not_found')
    aboutSubject(tx, need.code)
    const { category, urgency, code, type } = need
    const wanted: WantedHelp = {
      forPerson: true,
      ...(await fitFactsIn(tx, need.person)),
      ...{ category, urgency, type: type ?? undefined, area: input.area },
      stepFree: input.stepFree === 'yes' || undefined,
      withChildren: input.withChildren === 'yes' || undefined,
      hasRoom: input.room === 'yes' || undefined,
      all: input.all === 'yes' || undefined,
    }
    const page = await rankServicesIn(tx, wanted, input)
    if (!page.ok) return page
    await record(tx, {
      type: 'directory.searched',
      subject: code,
      personId: need.person,
      caseId: need.caseId,
      holderAgencyId: need.holder,
    })
    return ok({ ...page.value, need: { code, case: need.caseCode, category, type, urgency } })
  })
}
