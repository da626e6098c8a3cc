import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { todayIn, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { whoLookedAt } from '@/lib/audit/who-looked/service'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { listLooks } from './data'
import { lookView } from './looks'
import type { ListLooksInput, LookListView, PrintLooksInput, PrintedLooksView } from './schema'
import { findVisible } from './service'

const PAGE = 50

/**
 * Who looked at a person and who changed what, newest first, for the team. Refuses with `not_found` as `viewPerson`
 * does, and with `forbidden` off the team.
 */
export async function listLooksAt(actor: Actor, input: ListLooksInput): Promise<Result<LookListView>> {
  return withActor(actor, async (tx) => {
    const person = await findVisible(tx, input.person)
    if (person === null) return refuse('not_found')
    if (!person.team) return refuse('forbidden')
    const before = /^\d{1,18}$/.test(input.before ?? '') ? BigInt(input.before ?? '') : null
    const rows = await listLooks(tx, person.id, PAGE + 1, before, null)
    await record(tx, {
      type: 'audit.listed',
      subject: person.code,
      personId: person.id,
      holderAgencyId: person.agency_id,
    })
    const shown = rows.slice(0, PAGE)
    const last = shown.at(-1)
    return ok({
      items: shown.map(lookView),
      next: rows.length > PAGE && last !== undefined ? String(last.id) : null,
    })
  })
}

/**
 * Who looked at a person's record, when and why, to print for the person; for the team. That it was printed is on the
 * log. Refuses as `listLooksAt` does.
 */
export async function printLooksAt(actor: Actor, input: PrintLooksInput): Promise<Result<PrintedLooksView>> {
  return withActor(actor, async (tx) => {
    const person = await findVisible(tx, input.person)
    if (person === null) return refuse('not_found')
    if (!person.team) return refuse('forbidden')
    const looked = await whoLookedAt(tx, person.id)
    await record(tx, {
      type: 'person.looks-printed',
      subject: person.code,
      personId: person.id,
      holderAgencyId: person.agency_id,
    })
    return ok({ code: person.code, agency: actor.agencyName, by: actor.displayName, on: todayIn(tx), looked })
  })
}
