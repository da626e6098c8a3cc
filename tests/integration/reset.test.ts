import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { identify } from '@/lib/access/identify'
import { sendPasswordReset } from '@/lib/agencies/member-security-service'
import { RESET_QUEUES } from '@/lib/agencies/reset-mail-service'
import { isWaiting, signInState } from '@/lib/auth/factors'
import { askReset, completeReset, viewReset } from '@/lib/auth/reset'
import { signIn } from '@/lib/auth/sign-in'
import { appClient } from '@/lib/platform/db/client'
import { closeQueue } from '@/lib/platform/db/queue'
import { closeWorker } from '@/lib/platform/db/worker'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { forgetEnv } from '@/lib/platform/env'
import { fromQueue } from '@/lib/platform/jobs/queue'
import { ok } from '@/lib/platform/result'
import { accountOf, PASSWORD } from '@/tests/factories/accounts'
import { office } from '@/tests/factories/office'
import { startMailSink, type MailSink } from '@/tests/support/mail-sink'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'
import { appAdded, passwordShown } from '@/tests/support/second-factor'

inOneOffice()

const HERE = { networkPrefix: '192.0.2.0/24', requestId: 'request-1' }
const NEW_PASSWORD = 'nine other otters in the reeds'
const GONE = { ok: false, refusal: 'not_found', reason: 'reset_gone' }

let sink: MailSink

beforeAll(async () => {
  sink = await startMailSink()
  process.env['AMPARO_SMTP_URL'] = sink.url
  process.env['AMPARO_MAIL_FROM'] = 'amparo@harbour.example'
  forgetEnv()
})
beforeEach(async () => {
  sink.received.length = 0
  await owner`DELETE FROM throttle`
  await owner`DELETE FROM pgboss.job`
  await owner`DELETE FROM reset_request`
})
afterAll(async () => {
  await closeQueue()
  await closeWorker()
  await sink.close()
})

/** Sees to what waits in the queue; the secrets of the links that were sent, in order. */
async function sendWaiting(): Promise<string[]> {
  for (const handler of RESET_QUEUES) {
    const job = fromQueue(handler)
    while ((await job.run()) > 0);
  }
  return sink.received.map(
    ({ source }) => /token=([\w-]{43})/.exec(source.replace(/=\r?\n/g, '').replaceAll('=3D', '='))?.[1] ?? '',
  )
}

async function linkFor(email: string): Promise<string> {
  expect(await askReset(email, HERE)).toEqual(ok())
  return (await sendWaiting()).at(-1) ?? ''
}

describe('A13: a forgotten password', () => {
  it('is set anew by a link, which ends every session and token, and its member is told', async () => {
    const { id, email } = await accountOf(owner, harbour.agency.id)
    const session = await passwordShown(email, PASSWORD)
    const secret = await linkFor(email.toUpperCase())
    expect(await viewReset(secret)).toMatchObject({ email })
    expect(await completeReset(secret, NEW_PASSWORD, HERE)).toEqual(ok())
    expect(await identify({ kind: 'session', hash: digestOf(session) })).toBeNull()
    expect((await signIn({ email, password: NEW_PASSWORD }, { origin: HERE })).ok).toBe(true)
    const told = await owner<{ kind: string }[]>`SELECT kind FROM notice WHERE member_id = ${id}`
    expect(told.map(({ kind }) => kind)).toEqual(['account.password-changed'])
    const events = await owner<{ type: string }[]>`
      SELECT type FROM audit_event WHERE actor_id = ${id} AND type LIKE 'member.password%' ORDER BY id`
    expect(events.map(({ type }) => type)).toEqual(['member.password-reset-asked', 'member.password-reset'])
  })

  it('takes a link once, for ten minutes, and the newest alone', async () => {
    const { email } = await accountOf(owner, harbour.agency.id)
    const replaced = await linkFor(email)
    const used = await linkFor(email)
    expect(await completeReset(replaced, NEW_PASSWORD, HERE)).toEqual(GONE)
    expect(await completeReset(used, NEW_PASSWORD, HERE)).toEqual(ok())
    expect(await completeReset(used, NEW_PASSWORD, HERE)).toEqual(GONE)
    const old = await linkFor(email)
    await owner`UPDATE password_reset SET expires_at = now() - interval '1 second'
      WHERE hash = ${Buffer.from(digestOf(old))}`
    expect(await viewReset(old)).toBeNull()
    expect(await completeReset(old, NEW_PASSWORD, HERE)).toEqual(GONE)
    const [life] = await owner<{ seconds: number }[]>`
      SELECT max(extract(epoch FROM expires_at - created_at))::float8 AS seconds FROM password_reset`
    expect(life?.seconds).toBeLessThanOrEqual(600.5)
  })

  it('never stands in for the second factor, and may be shorter beside one (A02)', async () => {
    const { agency } = await office(owner)
    const { email } = await accountOf(owner, agency.id)
    await appAdded(await passwordShown(email, PASSWORD))
    const secret = await linkFor(email)
    expect(await completeReset(secret, 'too short', HERE)).toMatchObject({ refusal: 'invalid' })
    expect(await completeReset(secret, 'otters eat 7', HERE)).toEqual(ok())
    const half = await passwordShown(email, 'otters eat 7')
    expect(await identify({ kind: 'session', hash: digestOf(half) })).toBeNull()
    const state = await signInState(half)
    expect(state !== null && isWaiting(state)).toBe(true)

    const alone = await accountOf(owner, harbour.agency.id)
    const link = await linkFor(alone.email)
    expect(await completeReset(link, 'otters eat 7', HERE)).toMatchObject({ refusal: 'invalid' })
  })

  it('A06: is asked for by the same statements and with the same answer, whoever has the address', async () => {
    const invited = await accountOf(owner, harbour.agency.id)
    await owner`UPDATE member SET status = 'invited' WHERE id = ${invited.id}`
    const { email } = await accountOf(owner, harbour.agency.id)
    const seen = []
    for (const address of [email, 'nobody-at-all@test.example', invited.email]) {
      const query = vi.spyOn(appClient(), '$queryRaw')
      const answer = await askReset(address, HERE)
      seen.push({
        answer,
        statements: query.mock.calls.map(([statement]) => (Array.isArray(statement) ? statement.join('?') : '')),
      })
      query.mockRestore()
    }
    expect(seen[0]?.statements).toHaveLength(1)
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
    await sendWaiting()
    expect(sink.received.map(({ to }) => to)).toEqual([email])
    const [left] = await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM reset_request`
    expect(left?.n).toBe(0)
  })

  it('stands in the database neither as an address nor as a link, and the mail holds no name', async () => {
    const { email, id } = await accountOf(owner, harbour.agency.id)
    await askReset(email, HERE)
    const [waiting] = await owner<{ all: string }[]>`
      SELECT (SELECT string_agg(r::text, ' ') FROM reset_request r)
        || (SELECT string_agg(j.data::text, ' ') FROM pgboss.job j) AS all`
    expect(waiting?.all).not.toContain(email)
    const [secret = ''] = await sendWaiting()
    const [stored] = await owner<{ all: string }[]>`SELECT string_agg(p::text, ' ') AS all FROM password_reset p`
    expect(stored?.all).not.toContain(secret)
    expect(sink.received[0]?.source).not.toContain(id.slice(-4))
  })

  it('waits in the queue while mail can’t be sent, and is sent once it can', async () => {
    const { email } = await accountOf(owner, harbour.agency.id)
    sink.refuse = true
    await askReset(email, HERE)
    const [first] = RESET_QUEUES
    if (first === undefined) throw new Error('There is no queue')
    await fromQueue(first).run()
    expect(sink.received).toEqual([])
    sink.refuse = false
    await owner`UPDATE pgboss.job SET start_after = now() - interval '1 minute'`
    const [secret = ''] = await sendWaiting()
    expect(await completeReset(secret, NEW_PASSWORD, HERE)).toEqual(ok())
  })

  it('A05: has to wait when links are asked for again and again, for one address', async () => {
    const { email } = await accountOf(owner, harbour.agency.id)
    for (let n = 0; n < 3; n += 1) expect(await askReset(email, HERE)).toEqual(ok())
    expect(await askReset(email, HERE)).toMatchObject({ refusal: 'too_many' })
    expect(await askReset(`other${email}`, HERE)).toEqual(ok())
  })
})

describe('A13: an administrator', () => {
  it('sends a colleague a link and learns neither it nor the password; nobody else can', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${account.id}`
    const member = row?.code ?? ''
    expect(await sendPasswordReset((await office(owner)).admin, { member })).toMatchObject({ refusal: 'not_found' })
    expect(await sendPasswordReset(harbour.supervisor, { member })).toMatchObject({ refusal: 'forbidden' })
    expect(await sendPasswordReset(harbour.admin, { member })).toEqual(ok())
    await sendWaiting()
    expect(sink.received.map(({ to }) => to)).toEqual([account.email])
    const [event] = await owner<{ subject: string }[]>`
      SELECT subject FROM audit_event WHERE type = 'member.password-reset-sent' AND actor_id = ${harbour.admin.member}`
    expect(event?.subject).toBe(member)
  })
})
