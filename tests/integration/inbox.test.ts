import { beforeEach, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { countUnread } from '@/lib/auth/data'
import {
  changePreferences,
  listInbox,
  readAllNotices,
  readNotice,
  viewPreferences,
} from '@/lib/notifications/inbox-service'
import { notify } from '@/lib/notifications/service'
import { newCode } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { valueOf } from '@/tests/factories/cases'
import { office, outsider } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

beforeEach(async () => {
  await owner`DELETE FROM pgboss.job`
  await owner`DELETE FROM notice`
  await owner`DELETE FROM notice_preference`
})

const tell = (to: Actor, options: { readonly subject?: string; readonly urgent?: boolean } = {}) =>
  withActor(harbour.supervisor, async (tx) => {
    await notify(tx, { kind: 'task.assigned', to: [to.member], ...options })
    return ok()
  })

const inboxOf = async (actor: Actor) => valueOf(await listInbox(actor, {}))
const unreadOf = (actor: Actor) =>
  actor.credential.kind === 'session' ? countUnread(actor.credential.hash) : Promise.resolve(null)
const events = async (type: string) =>
  (await owner<{ subject: string | null }[]>`SELECT subject FROM audit_event WHERE type = ${type} ORDER BY id`).map(
    ({ subject }) => subject,
  )

describe('the inbox', () => {
  it('T18: holds one’s own notices, and nobody else’s, colleague and administrator included', async () => {
    const code = newCode('TSK')
    await tell(harbour.caseworker, { subject: code })
    expect((await inboxOf(harbour.caseworker)).items).toMatchObject([
      { subject: code, href: `/tasks/${code}`, isRead: false },
    ])
    const others = [harbour.colleague, harbour.supervisor, harbour.admin, (await office(owner)).caseworker]
    for (const other of [...others, await outsider(owner, 'auditor'), await outsider(owner, 'system_admin')]) {
      expect(await inboxOf(other)).toMatchObject({ items: [], unread: 0 })
      const [notice] = (await inboxOf(harbour.caseworker)).items
      expect(await readNotice(other, { notice: notice?.id ?? '' })).toMatchObject({ ok: false, refusal: 'not_found' })
    }
    expect(await inboxOf(harbour.caseworker)).toMatchObject({ unread: 1 })
  })

  it('L01: records that it was read, and each notice that was read, once', async () => {
    const code = newCode('TSK')
    await tell(harbour.caseworker, { subject: code })
    const before = (await events('notice.listed')).length
    const [notice] = (await inboxOf(harbour.caseworker)).items
    const input = { notice: notice?.id ?? '' }
    expect(valueOf(await readNotice(harbour.caseworker, input))).toEqual({ href: `/tasks/${code}` })
    expect(valueOf(await readNotice(harbour.caseworker, input))).toEqual({ href: `/tasks/${code}` })
    expect((await events('notice.read')).filter((subject) => subject === code)).toHaveLength(1)
    expect((await events('notice.listed')).length).toBe(before + 1)
    expect(await unreadOf(harbour.caseworker)).toBe(0)
  })

  it('leaves unread what came after the page that was shown', async () => {
    await tell(harbour.caseworker)
    const shown = (await inboxOf(harbour.caseworker)).items[0]
    await tell(harbour.caseworker)
    valueOf(await readAllNotices(harbour.caseworker, { until: shown?.at ?? '' }))
    expect(await unreadOf(harbour.caseworker)).toBe(1)
  })

  it('goes on to older notices by cursor, and back', async () => {
    await owner`SELECT app.notify(ARRAY[${harbour.caseworker.member}]::uuid[], 'task.assigned') FROM generate_series(1, 60)`
    const first = await inboxOf(harbour.caseworker)
    expect(first.items).toHaveLength(50)
    const second = valueOf(await listInbox(harbour.caseworker, { cursor: first.nextCursor ?? '' }))
    expect(second.items).toHaveLength(10)
    const ids = [...first.items, ...second.items].map(({ id }) => id)
    expect(new Set(ids).size).toBe(60)
    const back = valueOf(await listInbox(harbour.caseworker, { cursor: second.earlierCursor ?? '' }))
    expect(back.items.map(({ id }) => id)).toEqual(first.items.map(({ id }) => id))
    expect(await listInbox(harbour.caseworker, { cursor: 'made-up' })).toMatchObject({ ok: false, refusal: 'invalid' })
  })

  it('A08: is counted without using the session, and not once that is over', async () => {
    await tell(harbour.colleague)
    const seen = () =>
      owner`SELECT last_seen_at::text AS at FROM session WHERE member_id = ${harbour.colleague.member}`.then(
        (rows) => rows[0]?.['at'] as string,
      )
    const before = await seen()
    expect(await unreadOf(harbour.colleague)).toBe(1)
    expect(await seen()).toBe(before)
    await owner`UPDATE session SET ended_at = now() WHERE member_id = ${harbour.colleague.member}`
    expect(await unreadOf(harbour.colleague)).toBeNull()
    await owner`UPDATE session SET ended_at = NULL WHERE member_id = ${harbour.colleague.member}`
    expect(await unreadOf(harbour.colleague)).toBe(1)
  })
})

describe('what comes by mail', () => {
  const mails = async () =>
    owner<{ due: Date; at: Date }[]>`
      SELECT d.due_at AS due, n.at FROM notice_delivery d JOIN notice n ON n.id = d.notice_id`

  it('is what the member chose for the kind, and an inbox entry in any case', async () => {
    valueOf(await changePreferences(harbour.caseworker, { task_assigned: 'app' }))
    await tell(harbour.caseworker)
    expect(await mails()).toHaveLength(0)
    expect(await unreadOf(harbour.caseworker)).toBe(1)
    valueOf(await changePreferences(harbour.caseworker, { task_assigned: 'at_once' }))
    await tell(harbour.caseworker)
    const [mail] = await mails()
    expect(mail?.due).toEqual(mail?.at)
    const view = valueOf(await viewPreferences(harbour.caseworker))
    expect(view.find(({ kind }) => kind === 'task.assigned')?.way).toBe('at_once')
    expect(valueOf(await viewPreferences(harbour.colleague)).find(({ kind }) => kind === 'task.assigned')?.way).toBe(
      'working_hours',
    )
  })

  it('can’t be turned off for what tells of one’s account', async () => {
    expect(await changePreferences(harbour.caseworker, { account_roles_changed: 'app' })).toMatchObject({
      ok: false,
      refusal: 'invalid',
    })
    // Not in the database either.
    await owner`
      INSERT INTO notice_preference (member_id, agency_id, kind, mail, at_once)
      VALUES (${harbour.caseworker.member}, ${harbour.agency.id}, 'account.roles-changed', false, false)`
    await owner`SELECT app.notify(ARRAY[${harbour.caseworker.member}]::uuid[], 'account.roles-changed')`
    expect(await mails()).toHaveLength(1)
    expect(await changePreferences(harbour.caseworker, { account_roles_changed: 'working_hours' })).toMatchObject({
      ok: true,
    })
  })

  it('waits for working hours by the calendar of the network, unless the member wants it at once', async () => {
    // Closed today and tomorrow at the least, whatever day the test runs on.
    const [network] = await owner<{ id: string; opens: number }[]>`
      SELECT n.id, n.opens_minute AS opens FROM network n JOIN agency a ON a.network_id = n.id WHERE a.id = ${harbour.agency.id}`
    await owner`
      INSERT INTO network_holiday (network_id, on_day, name)
      SELECT ${network?.id ?? ''}, current_date + d, 'Closed' FROM generate_series(0, 1) d`
    await tell(harbour.caseworker)
    const [mail] = await mails()
    const due = mail?.due ?? new Date(0)
    expect(due.getUTCHours() * 60 + due.getUTCMinutes()).toBe(network?.opens)
    expect(due.getTime() - (mail?.at.getTime() ?? 0)).toBeGreaterThan(24 * 60 * 60 * 1000)
    const [job] = await owner<{ waits: boolean }[]>`SELECT start_after > now() AS waits FROM pgboss.job`
    expect(job?.waits).toBe(true)
    await owner`DELETE FROM network_holiday WHERE network_id = ${network?.id ?? ''}`
  })

  it('is not held back where it is urgent', async () => {
    valueOf(await changePreferences(harbour.caseworker, { task_assigned: 'working_hours' }))
    await tell(harbour.caseworker, { urgent: true })
    const [mail] = await mails()
    expect(mail?.due).toEqual(mail?.at)
    expect((await inboxOf(harbour.caseworker)).items).toMatchObject([{ urgent: true }])
  })
})
