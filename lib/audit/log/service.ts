import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { addDays, instantIn } from '@/lib/platform/zone'

import { record } from '../record'
import { listEvents, listEventTypes, type LogRow } from './data'
import { readsAllAccounts, scopesOf } from './policy'
import type { LogEventView, LogFilters, LogPageView } from './schema'

const PAGE = 50

/**
 * The log, as far as the actor's role goes: for a caseworker the cases that they are on, for a supervisor the agency, for
 * administrators what happened to accounts, for a
 * coordinator what happened to referrals. Reading the log is on the log. Refuses with `forbidden`, and with `invalid`
 * for a code that is none and a cursor of another list.
 */
export async function listAuditEvents(actor: Actor, filters: LogFilters): Promise<Result<LogPageView>> {
  return withActor(actor, async (tx) => {
    const scopes = scopesOf(actor)
    const scope = filters.scope ?? scopes[0]
    if (scope === undefined || !scopes.includes(scope)) return refuse('forbidden')
    const subject = filters.subject === undefined ? undefined : parseCode(filters.subject)
    if (subject === null) return refuse('invalid', undefined, { subject: ['audit.errors.subject'] })
    const { type, limit = PAGE } = filters
    const name = `log:${[scope, type, subject, filters.from, filters.to].map((part) => part ?? '').join(':')}`
    const cursor = filters.cursor === undefined ? null : openCursor(name, filters.cursor)
    if (filters.cursor !== undefined && cursor === null)
      return refuse('invalid', undefined, { cursor: ['audit.errors.cursor'] })
    const read = await listEvents(tx, {
      scope,
      allAgencies: scope === 'accounts' && readsAllAccounts(actor),
      type,
      subject,
      from: filters.from === undefined ? undefined : instantIn(actor.timeZone, filters.from, '00:00'),
      below: filters.to === undefined ? undefined : instantIn(actor.timeZone, addDays(filters.to, 1), '00:00'),
      cursor,
      limit: limit + 1,
    })
    const page = pageOf(name, cursor, limit, read, ({ sort, id }) => [sort, String(id)])
    await record(tx, { type: 'audit.listed', purpose: scope, ...(subject === undefined ? {} : { subject }) })
    const items = page.rows.map(viewOf)
    const types = await listEventTypes(tx, scope)
    return ok({ scope, scopes, types, items, earlierCursor: page.earlier, nextCursor: page.later })
  })
}

function viewOf({ id: _id, sort: _sort, at, by, ...event }: LogRow): LogEventView {
  return { ...event, at: at.toISOString(), by: by ?? '' }
}
