import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countUnreadOf, findNotice, listNotices, listPreferences, markRead, savePreference } from './inbox-data'
import { pageOfSubject } from './rules'
import {
  nameOfKind,
  type InboxView,
  type ListInboxInput,
  type NoticeInput,
  type NoticeWay,
  type PreferencesInput,
  type PreferenceView,
  type ReadAllInput,
} from './schema'

const PAGE = 50

/** One's own notices, the last first. Refuses with `invalid` a cursor that is none. */
export async function listInbox(actor: Actor, input: ListInboxInput): Promise<Result<InboxView>> {
  return withActor(actor, async (tx) => {
    const cursor = input.cursor === undefined ? null : openCursor('inbox', input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', undefined, { cursor: ['errors.field.not_valid'] })
    const read = await listNotices(tx, cursor, PAGE + 1)
    const page = pageOf('inbox', cursor, PAGE, read, (row) => [row.at.toISOString(), row.id])
    await record(tx, { type: 'notice.listed' })
    return ok({
      items: page.rows.map(({ id, kind, subject, urgent, at, readAt }) => ({
        id,
        kind,
        subject,
        href: pageOfSubject(subject),
        urgent,
        at: at.toISOString(),
        isRead: readAt !== null,
      })),
      unread: await countUnreadOf(tx),
      earlierCursor: page.earlier,
      nextCursor: page.later,
    })
  })
}

/** Marks one of one's own notices as read, and tells the page of what it is about. Refuses with `not_found`. */
export async function readNotice(actor: Actor, input: NoticeInput): Promise<Result<{ readonly href: string | null }>> {
  return withActor(actor, async (tx) => {
    const notice = await findNotice(tx, input.notice)
    if (notice === null) return refuse('not_found')
    const { subject } = notice
    if ((await markRead(tx, { id: input.notice })) > 0)
      await record(tx, { type: 'notice.read', ...(subject === null ? {} : { subject }) })
    return ok({ href: pageOfSubject(subject) })
  })
}

/** Marks all of one's own notices up to a moment as read. */
export async function readAllNotices(actor: Actor, input: ReadAllInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    if ((await markRead(tx, { until: new Date(input.until) })) > 0)
      await record(tx, { type: 'notice.read', basis: 'all' })
    return ok()
  })
}

/** What one wants to be told by mail, kind by kind. */
export async function viewPreferences(actor: Actor): Promise<Result<readonly PreferenceView[]>> {
  return withActor(actor, async (tx) => {
    const rows = await listPreferences(tx)
    return ok(
      rows.map(({ kind, mail, atOnce, mailRequired }) => ({
        kind,
        way: wayOf(mail, atOnce),
        isRequired: mailRequired,
      })),
    )
  })
}

/**
 * Changes what one wants to be told by mail; kinds left out stay. Refuses with `invalid` to keep a kind to the
 * application whose mail can't be turned off.
 */
export async function changePreferences(actor: Actor, input: PreferencesInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    const changed: string[] = []
    for (const { kind, mail, atOnce, mailRequired } of await listPreferences(tx)) {
      const name = nameOfKind(kind)
      const wanted = input[name]
      if (wanted === undefined || wanted === wayOf(mail, atOnce)) continue
      if (wanted === 'app' && mailRequired)
        return refuse('invalid', undefined, { [name]: ['notifications.preferences.required'] })
      await savePreference(tx, kind, { mail: wanted !== 'app', atOnce: wanted === 'at_once' })
      changed.push(kind)
    }
    if (changed.length > 0) await record(tx, { type: 'notice.preferences-changed', fields: changed })
    return ok()
  })
}

function wayOf(mail: boolean, atOnce: boolean): NoticeWay {
  if (!mail) return 'app'
  return atOnce ? 'at_once' : 'working_hours'
}
