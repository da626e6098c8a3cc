import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record, recordAll } from '@/lib/audit/record'
import { newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { findNamedCases, type NamedCase } from './cases-data'
import { findService, insertServices, listGroup } from './data'
import { mayLog, mayLogServices, mayReadServices } from './policy'
import { prepareService } from './prepare-service'
import type { LogForSeveralEntry, ServiceView } from './schema'
import { entryFault } from './entry-fault'
import { toServiceView } from './view'

/** The records of one entry; the first one's code stands for the entry. */
export type SeveralView = { readonly code: string; readonly items: readonly ServiceView[] }

/**
 * Logs one entry for several people, a meal, a ride, a group session: one record each, tied together, all or none. A
 * code names a case, or a person with exactly one open case whose team the actor is on.
 *
 * Refuses with `invalid` and the place of each code that names nothing the actor works on, in the same words whether
 * it isn't there or isn't theirs to know; and for a day that hasn't come.
 */
export async function logForSeveral(actor: Actor, entry: LogForSeveralEntry): Promise<Result<SeveralView>> {
  return withActor(actor, async (tx) => {
    const found = await casesOf(tx, actor, entry.codes)
    if ('ok' in found) return found
    const group = newId()
    const services = found.map((on) => ({ on, service: prepareService(entry, on, todayIn(tx), { group }) }))
    for (const { service } of services) {
      const fault = entryFault(tx, service)
      if (fault !== null) return fault
    }

    await insertServices(
      tx,
      services.map(({ service }) => service),
    )
    await recordAll(
      tx,
      services.map(({ on, service }) => ({
        type: 'service.logged',
        subject: service.code,
        personId: on.person,
        caseId: on.id,
        holderAgencyId: on.holder,
      })),
    )
    return ok(await viewOf(tx, group))
  })
}

/**
 * The records of an entry for several people, by the code of any of them: what a repeated request answers. One event,
 * as for every list. Refuses with `not_found` for a service that was no such entry or that the actor may not know of.
 */
export async function viewSeveral(actor: Actor, input: { readonly service: string }): Promise<Result<SeveralView>> {
  return withActor(actor, async (tx) => {
    const service = mayReadServices(actor) ? await findService(tx, input.service) : null
    const group = service?.groupId ?? null
    if (service === null || group === null) return refuse('not_found')
    await record(tx, { type: 'service.listed', subject: service.code })
    return ok(await viewOf(tx, group))
  })
}

async function viewOf(tx: ActorTx, group: string): Promise<SeveralView> {
  const items = (await listGroup(tx, group)).map(toServiceView)
  return { code: items[0]?.code ?? '', items }
}

/** The case that each code means, each once; or which codes mean none. */
async function casesOf(tx: ActorTx, actor: Actor, codes: readonly string[]): Promise<readonly NamedCase[] | Refused> {
  const named = (mayLogServices(actor) ? await findNamedCases(tx, codes) : []).filter((on) => mayLog(actor, on))
  const errors: Record<string, readonly string[]> = {}
  const chosen = new Map<string, NamedCase>()
  for (const [index, text] of codes.entries()) {
    const [caseCode, personCode] = [parseCode(text, 'CAS'), parseCode(text, 'AMP')]
    const [only, ...others] = named.filter((on) => on.code === caseCode || on.personCode === personCode)
    if (only === undefined) errors[`codes.${String(index)}`] = ['assistance.service.several.unknown']
    else if (others.length > 0) errors[`codes.${String(index)}`] = ['assistance.service.several.ambiguous']
    else chosen.set(only.id, only)
  }
  return Object.keys(errors).length > 0 ? refuse('invalid', 'unknown_codes', errors) : [...chosen.values()]
}
