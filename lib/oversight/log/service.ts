import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { addDays, instantIn } from '@/lib/platform/zone'

import { listOverseen, listOversightRows, listOversightTypes, type OversightRow } from './data'
import type { OversightEvent, OversightFilters, OversightPage } from './schema'

const PAGE = 50

/**
 * The log of the auditor's network, the latest first, with pseudonyms in place of persons and cases. Reading it is on the
 * log. Refuses with `forbidden` everybody else, and with `invalid` a code that is none and a cursor of another list.
 */
export async function listOversightEvents(actor: Actor, filters: OversightFilters): Promise<Result<OversightPage>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'log:read-network')) return refuse('forbidden')
    const subject = filters.subject === undefined ? undefined : parseCode(filters.subject, 'AUD')
    const who = filters.actor === undefined ? undefined : parseCode(filters.actor, 'MBR')
    if (subject === null) return refuse('invalid', undefined, { subject: ['oversight.log.errors.subject'] })
    if (who === null) return refuse('invalid', undefined, { actor: ['oversight.log.errors.actor'] })
    const { view, type, agency, limit = PAGE } = filters
    const query = {
      ...{ view, type, subject, agency, actor: who },
      from: filters.from === undefined ? undefined : instantIn(actor.timeZone, filters.from, '00:00').toISOString(),
      below:
        filters.to === undefined ? undefined : instantIn(actor.timeZone, addDays(filters.to, 1), '00:00').toISOString(),
    }
    const scope = `oversight-log:${JSON.stringify(query)}`
    const cursor = filters.cursor === undefined ? null : openCursor(scope, filters.cursor)
    if (filters.cursor !== undefined && cursor === null)
      return refuse('invalid', undefined, { cursor: ['errors.field.not_valid'] })
    const read = await listOversightRows(tx, query, cursor, limit + 1)
    const page = pageOf(scope, cursor, limit, read, ({ sort, id }) => [sort, String(id)])
    const types = await listOversightTypes(tx, view)
    const agencies = await listOverseen(tx)
    await record(tx, { type: 'audit.listed', purpose: 'oversight', ...(subject === undefined ? {} : { subject }) })
    return ok({
      items: page.rows.map(viewOf),
      ...{ types, agencies, earlierCursor: page.earlier, nextCursor: page.later },
    })
  })
}

/** The agencies whose log an auditor oversees, by name. */
export function overseenAgencies(tx: ActorTx): Promise<readonly { readonly key: string; readonly name: string }[]> {
  return listOverseen(tx)
}

/** One event of the network's log. Refuses with `not_found` everybody but its auditors. */
export async function viewOversightEvent(
  actor: Actor,
  input: { readonly event: string },
): Promise<Result<OversightEvent & { readonly agencyName: string }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'log:read-network')) return refuse('not_found')
    const [row] = await listOversightRows(tx, { event: input.event }, null, 1)
    if (row?.code !== input.event) return refuse('not_found')
    const agencyName = (await listOverseen(tx)).find(({ key }) => key === row.agency)?.name ?? row.agency
    await record(tx, { type: 'audit.listed', purpose: 'oversight', subject: row.code })
    return ok({ ...viewOf(row), agencyName })
  })
}

function viewOf({ id: _id, sort: _sort, at, case_subject: file, ...event }: OversightRow): OversightEvent {
  return { ...event, at: at.toISOString(), case: file }
}
