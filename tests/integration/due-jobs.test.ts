import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import type postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { withActor } from '@/lib/access/with-actor'
import { runDueJobs } from '@/lib/jobs/registry'
import { notify } from '@/lib/notifications/service'
import { closeQueue } from '@/lib/platform/db/queue'
import { newCode } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { viewReferral } from '@/lib/referrals/service'
import { officesOfOneNetwork, signedAgreement } from '@/tests/factories/agreements'
import { valueOf } from '@/tests/factories/cases'
import { outsider, ownerOf, type Office } from '@/tests/factories/office'
import { moved as move, pairOfAgencies, sentReferral } from '@/tests/factories/referrals'
import { faultOf, sealedLog, type SealedLog } from '@/tests/support/sealed-log'

let log: SealedLog
let owner: postgres.Sql
let harbour: Office
let clinic: Office

beforeAll(async () => {
  log = await sealedLog()
  owner = ownerOf(log)
  ;[harbour, clinic] = (await officesOfOneNetwork(owner, 2)) as [Office, Office]
  await outsider(owner, 'system_admin')
})
afterAll(async () => {
  await closeQueue()
  await owner.end()
  await log.drop()
})

const advance = (days: number) =>
  owner`UPDATE installation SET demonstration = true, clock_offset_seconds = clock_offset_seconds + ${days * 86_400}`

/** The time that the domain goes by. */
const moved = async () =>
  (
    await owner<{ at: string }[]>`
      SELECT (clock_timestamp() + make_interval(secs => clock_offset_seconds))::text AS at FROM installation`
  )[0]?.at ?? ''

const noticesOf = async (kind: string) =>
  (await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM notice WHERE kind = ${kind}`)[0]?.n ?? 0

/** Does what is due, and counts the events that are not sealed after it. */
const sealedAgain = async () => {
  await runDueJobs()
  const [seal] = await owner<{ waits: number }[]>`
    SELECT (SELECT count(*)::int FROM audit_event) - coalesce((SELECT max(size)::int FROM seal_checkpoint), 0) AS waits`
  return seal?.waits
}

it('what the moved clock made due is done at once: dates of agreements are told, and the log with it is sealed', async () => {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  await signedAgreement([harbour, clinic], { endsOn: day(40) })
  await advance(20)
  await runDueJobs()
  expect(await noticesOf('agreement.ending')).toBe(2)
  await advance(21)
  await runDueJobs()
  expect(await noticesOf('agreement.expired')).toBe(2)
  // The seal waits for every transaction of the cluster that began before, and other tests' databases are in it too.
  await expect.poll(sealedAgain, { timeout: 60_000 }).toBe(0)
  expect(await faultOf(log)).toBeNull()
})

it('mail that waits for the next working day goes out when the clock is moved past it', async () => {
  // Closed for three days from now, whatever day the test runs on.
  await owner`
    INSERT INTO network_holiday (network_id, on_day, name)
    SELECT ${harbour.admin.network}, (${await moved()}::timestamptz AT TIME ZONE 'UTC')::date + d, 'Closed' FROM generate_series(-1, 3) d`
  const subject = newCode('TSK')
  valueOf(
    await withActor(harbour.supervisor, async (tx) => {
      await notify(tx, { kind: 'task.assigned', to: [harbour.caseworker.member], subject })
      return ok()
    }),
  )
  const state = async () =>
    (
      await owner`SELECT d.state FROM notice_delivery d JOIN notice n ON n.id = d.notice_id WHERE n.subject = ${subject}`
    )[0]?.['state'] as unknown
  await runDueJobs()
  expect(await state()).toBe('waiting')
  const before = readdirSync(join(log.dataDirectory, 'mail')).length
  await advance(10)
  await runDueJobs()
  expect(await state()).toBe('sent')
  expect(readdirSync(join(log.dataDirectory, 'mail')).length).toBeGreaterThan(before)
})

it('a list longer than one turn of its job is worked through to the end', async () => {
  await owner`
    INSERT INTO role_review (agency_id, member_id, changed_by_id, roles_before, roles_after, changed_at, due_at)
    SELECT ${harbour.agency.id}, ${harbour.caseworker.member}, ${harbour.admin.member}, '{caseworker}', '{caseworker,supervisor}',
      ${await moved()}::timestamptz - interval '9 days', ${await moved()}::timestamptz - interval '2 days' FROM generate_series(1, 501)`
  await runDueJobs()
  const [left] = await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM role_review WHERE alarmed_at IS NULL`
  expect(left?.n).toBe(0)
})

it('a question that nobody answers stops the clock of a referral for its time to decide, and no longer', async () => {
  const pair = await pairOfAgencies(owner)
  const { referral } = await sentReferral(owner, pair)
  valueOf(await move(pair.legalaid.caseworker, referral, 'request-info', { question: 'Which language?' }))
  const view = async () => valueOf(await viewReferral(pair.harbour.caseworker, { referral }))
  await advance(0.9)
  await runDueJobs()
  expect(await view()).toMatchObject({ state: 'info_requested', clock: { standing: 'stopped' } })
  await advance(0.2)
  await runDueJobs()
  // A tenth of a day has counted since the pause ended, of four hours to acknowledge it.
  expect(await view()).toMatchObject({ state: 'sent', unanswered: true, clock: { standing: 'past_half' } })
  expect(await noticesOf('referral.pause-ended')).toBeGreaterThanOrEqual(2)
  await advance(0.2)
  await runDueJobs()
  expect(await view()).toMatchObject({ state: 'sent', overdue: true })
})
