import { createHash } from 'node:crypto'

import { hash as argon2 } from '@node-rs/argon2'
import type postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { identify } from '@/lib/access/identify'
import { ActorEnded, withActor } from '@/lib/access/with-actor'
import { newDeviceMark } from '@/lib/auth/counters'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { signIn, signOut } from '@/lib/auth/sign-in'
import { appClient } from '@/lib/platform/db/client'
import { passwords } from '@/lib/platform/crypto/passwords'
import { ok } from '@/lib/platform/result'
import { accountOf, PASSWORD, type Account } from '@/tests/factories/accounts'
import { office, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

const HERE = { networkPrefix: '192.0.2.0/24', requestId: 'request-1' }
const ELSEWHERE = { networkPrefix: '198.51.100.0/24', requestId: 'request-2' }

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
})
beforeEach(async () => {
  await owner`DELETE FROM throttle`
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

async function signedInAs(account: Account): Promise<string> {
  const result = await signIn({ email: account.email, password: account.password }, { origin: HERE })
  if (!result.ok) throw new Error('The sign-in of a test did not work')
  return result.value.session
}

function openedBy(session: string) {
  return identify({ kind: 'session', hash: digestOf(session) })
}

describe('signing in', () => {
  it('opens a session of the member with that address and password', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const actor = await openedBy(await signedInAs(account))
    expect(actor?.member).toBe(account.id)
    expect(actor?.agency).toBe(harbour.agency.id)
  })

  it('takes the address in any case', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const result = await signIn({ email: account.email.toUpperCase(), password: PASSWORD }, { origin: HERE })
    expect(result.ok).toBe(true)
  })

  it('A08: gives a new session id each time', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    expect(await signedInAs(account)).not.toBe(await signedInAs(account))
  })

  it('A09: stores a digest of the session id, and the id nowhere', async () => {
    const session = await signedInAs(await accountOf(owner, harbour.agency.id))
    const stored = await owner<
      { hash: Buffer }[]
    >`SELECT hash FROM session WHERE hash = ${Buffer.from(digestOf(session))}`
    expect(stored).toHaveLength(1)
    expect(stored[0]?.hash).toEqual(createHash('sha256').update(session).digest())
    const [anywhere] = await owner<
      { n: number }[]
    >`SELECT count(*)::int AS n FROM session s WHERE s::text LIKE ${`%${session}%`}`
    expect(anywhere?.n).toBe(0)
  })

  it('A02: compares the whole password, every sign of it', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    for (const password of [
      PASSWORD.slice(0, -1),
      `${PASSWORD} `,
      ` ${PASSWORD}`,
      `${PASSWORD}x`,
      PASSWORD.toUpperCase(),
    ]) {
      const result = await signIn({ email: account.email, password }, { origin: HERE })
      expect(result).toEqual({ ok: false, refusal: 'forbidden', reason: 'sign_in_wrong' })
    }
  })

  it('A03: makes an old, weaker hash anew and ends no session by it', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const weak = await argon2(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 })
    await owner`UPDATE credential SET password_hash = ${weak} WHERE member_id = ${account.id}`
    const first = await signedInAs(account)
    const [stored] = await owner<{ password_hash: string }[]>`
      SELECT password_hash FROM credential WHERE member_id = ${account.id}`
    expect(stored?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    await signedInAs(account)
    expect(await openedBy(first)).not.toBeNull()
  })

  it('writes one event for each start, refusal and end, without the address that was typed', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const before = await lastEvent()
    const session = await signedInAs(account)
    await signIn({ email: account.email, password: 'wrong password entirely' }, { origin: HERE })
    await signIn({ email: 'nobody-at-all@test.example', password: PASSWORD }, { origin: HERE })
    await signOut(session, HERE)
    const events = await owner<
      { type: string; outcome: string; actor_id: string | null; network_prefix: string; canonical: string }[]
    >`
      SELECT type, outcome, actor_id, network_prefix, canonical FROM audit_event WHERE id > ${before} ORDER BY id`
    expect(events.map(({ type, outcome, actor_id }) => [type, outcome, actor_id])).toEqual([
      ['session.started', 'success', account.id],
      ['session.refused', 'forbidden', account.id],
      ['session.refused', 'forbidden', null],
      ['session.ended', 'success', account.id],
    ])
    expect(events.every((event) => event.network_prefix === HERE.networkPrefix)).toBe(true)
    expect(events.map((event) => event.canonical).join()).not.toContain('@test.example')
  })
})

function textOf([statement]: readonly unknown[]): string {
  return Array.isArray(statement) ? statement.join('?') : String(statement)
}

async function lastEvent(): Promise<string> {
  const [row] = await owner<{ id: string }[]>`SELECT coalesce(max(id), 0)::text AS id FROM audit_event`
  return row?.id ?? '0'
}

describe('A06: an address that nobody has', () => {
  it('gets the same answer for the same work as a wrong password', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const invited = await accountOf(owner, harbour.agency.id)
    await owner`UPDATE member SET status = 'invited' WHERE id = ${invited.id}`
    const left = await accountOf(owner, harbour.agency.id)
    await owner`UPDATE member SET status = 'deactivated' WHERE id = ${left.id}`

    const seen = []
    for (const email of [account.email, 'nobody@test.example', invited.email, left.email]) {
      const verify = vi.spyOn(passwords, 'verify')
      const query = vi.spyOn(appClient(), '$queryRaw')
      const result = await signIn({ email, password: 'a wrong one, and long' }, { origin: HERE })
      seen.push({ result, verifications: verify.mock.calls.length, statements: query.mock.calls.map(textOf) })
      verify.mockRestore()
      query.mockRestore()
    }
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(seen[0]?.verifications).toBe(1)
    expect(seen[0]?.statements).toHaveLength(2)
  })

  it('is slowed down after as many tries', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const triesUntilWait = async (email: string) => {
      for (let tries = 1; tries < 20; tries += 1) {
        const result = await signIn({ email, password: 'a wrong one, and long' }, { origin: HERE })
        if (!result.ok && result.refusal === 'too_many') return tries
      }
      return null
    }
    expect(await triesUntilWait(account.email)).toBe(await triesUntilWait('nobody@test.example'))
  })
})

describe('A05: guessing', () => {
  async function fail(email: string, times: number, origin = HERE, device?: string) {
    const answers = []
    for (let n = 0; n < times; n += 1) {
      const result = await signIn({ email, password: `wrong ${String(n)} and long enough` }, { origin, device })
      answers.push(result.ok ? 'ok' : result.refusal)
    }
    return answers
  }

  it('of one account from one network has to wait longer and longer', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    expect(await fail(account.email, 7)).toEqual([
      'forbidden',
      'forbidden',
      'forbidden',
      'forbidden',
      'forbidden',
      'too_many',
      'too_many',
    ])
    const waits: number[] = []
    for (let n = 0; n < 12; n += 1) {
      await owner`UPDATE throttle SET open_at = clock_timestamp() - interval '1 second'`
      await fail(account.email, 1)
      const [longest] = await owner<{ seconds: number }[]>`
        SELECT max(extract(epoch FROM open_at - clock_timestamp()))::float AS seconds FROM throttle`
      waits.push(longest?.seconds ?? 0)
    }
    for (const [index, wait] of waits.slice(0, 8).entries()) expect(waits[index + 1]).toBeGreaterThan(wait * 1.5)
    expect(Math.max(...waits)).toBeLessThanOrEqual(900)
  })

  it('with the right password is refused too while it waits, and a hundred tries at once are not let by', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const burst = await Promise.all(
      Array.from({ length: 40 }, () =>
        signIn({ email: account.email, password: 'wrong, all at once' }, { origin: HERE }),
      ),
    )
    expect(burst.filter((result) => !result.ok && result.refusal === 'forbidden').length).toBeLessThanOrEqual(6)
    const right = await signIn({ email: account.email, password: PASSWORD }, { origin: HERE })
    expect(right).toMatchObject({ refusal: 'too_many' })
  })

  it('by strangers elsewhere shuts nobody out from a network of their own for longer than a minute', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    for (let network = 0; network < 12; network += 1) {
      await fail(account.email, 5, { ...ELSEWHERE, networkPrefix: `198.51.${String(network)}.0/24` })
    }
    await owner`UPDATE throttle SET open_at = open_at - interval '61 seconds'`
    expect(await signIn({ email: account.email, password: PASSWORD }, { origin: HERE })).toMatchObject({ ok: true })
  })

  it('by strangers never slows down the browser on which the member has signed in before', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const device = newDeviceMark(account.email)
    await fail(account.email, 20)
    const known = await signIn({ email: account.email, password: PASSWORD }, { origin: HERE, device })
    expect(known.ok).toBe(true)
  })

  it('from that browser has to wait as well, and its mark is good for no other account', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const other = await accountOf(owner, harbour.agency.id)
    const device = newDeviceMark(account.email)
    expect(await fail(account.email, 6, HERE, device)).toContain('too_many')
    await fail(other.email, 6)
    expect(await fail(other.email, 1, HERE, device)).toEqual(['too_many'])
    expect(await fail(other.email, 1, HERE, `${device.slice(0, 16)}.forged`)).toEqual(['too_many'])
  })

  it('of many accounts from one network has to wait', async () => {
    const answers = []
    for (let n = 0; n < 62; n += 1) answers.push(...(await fail(`nobody${String(n)}@test.example`, 1)))
    expect(answers.at(-1)).toBe('too_many')
    expect(await fail('nobody@test.example', 1, ELSEWHERE)).toEqual(['forbidden'])
  })

  it('is forgotten after a success', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    await fail(account.email, 4)
    await signedInAs(account)
    expect(await fail(account.email, 5)).not.toContain('too_many')
  })

  it('leaves no address in the counters', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    await fail(account.email, 1)
    const rows = await owner<{ key: Buffer }[]>`SELECT key FROM throttle`
    expect(rows).toHaveLength(4)
    const plain = createHash('sha256').update(account.email).digest('hex')
    for (const { key } of rows) expect(plain).not.toContain(key.toString('hex').slice(0, 16))
  })
})

describe('A07: a session ends at once', () => {
  const endings: readonly [string, (account: Account) => Promise<unknown>][] = [
    ['the member signs out', () => Promise.resolve()],
    ['the member is deactivated', (a) => owner`UPDATE member SET status = 'deactivated' WHERE id = ${a.id}`],
    ['the roles change', (a) => owner`UPDATE member SET roles = '{supervisor}' WHERE id = ${a.id}`],
    ['the unit changes', (a) => owner`UPDATE member SET unit_id = ${harbour.unit} WHERE id = ${a.id}`],
    [
      'the password changes',
      (a) => owner`UPDATE credential SET password_hash = 'x', changed_at = clock_timestamp() WHERE member_id = ${a.id}`,
    ],
  ]

  it.each(endings)('when %s', async (why, end) => {
    const account = await accountOf(owner, harbour.agency.id)
    const session = await signedInAs(account)
    const second = await signedInAs(account)
    const actor = await openedBy(session)
    if (actor === null) throw new Error('The session did not open')
    if (why === 'the member signs out') await signOut(session, HERE)
    else await end(account)

    expect(await openedBy(session)).toBeNull()
    await expect(withActor(actor, () => Promise.resolve(ok()))).rejects.toThrow(ActorEnded)
    // Signing out ends one session, everything else all of them.
    expect((await openedBy(second)) === null).toBe(why !== 'the member signs out')
  })

  it('when the member moves to another agency', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const session = await signedInAs(account)
    const clinic = await office(owner)
    await owner`UPDATE member SET agency_id = ${clinic.agency.id} WHERE id = ${account.id}`
    expect(await openedBy(session)).toBeNull()
  })

  it('trap T16: and the API tokens of a member who leaves end with it', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const hash = Buffer.from(digestOf('a token'))
    await owner`
      INSERT INTO api_token (id, hash, member_id, agency_id, name, expires_at)
      VALUES (gen_random_uuid(), ${hash}, ${account.id}, ${account.agency}, 'test', now() + interval '1 day')`
    expect(await identify({ kind: 'token', hash: digestOf('a token') })).not.toBeNull()
    await owner`UPDATE member SET status = 'deactivated' WHERE id = ${account.id}`
    expect(await identify({ kind: 'token', hash: digestOf('a token') })).toBeNull()
  })
})

describe('A08: a session ends on the server', () => {
  async function moved(session: string, column: 'last_seen_at' | 'expires_at', by: string): Promise<boolean> {
    await owner`UPDATE session SET ${owner(column)} = clock_timestamp() + ${by}::interval
      WHERE hash = ${Buffer.from(digestOf(session))}`
    return (await openedBy(session)) !== null
  }

  it('after 30 minutes without use', async () => {
    const session = await signedInAs(await accountOf(owner, harbour.agency.id))
    expect(await moved(session, 'last_seen_at', '-29 minutes')).toBe(true)
    expect(await moved(session, 'last_seen_at', '-31 minutes')).toBe(false)
  })

  it('after as many minutes as the agency says', async () => {
    const strict = await office(owner)
    await owner`UPDATE agency SET idle_minutes = 15 WHERE id = ${strict.agency.id}`
    const session = await signedInAs(await accountOf(owner, strict.agency.id))
    expect(await moved(session, 'last_seen_at', '-14 minutes')).toBe(true)
    expect(await moved(session, 'last_seen_at', '-16 minutes')).toBe(false)
  })

  it('after 12 hours, however busy', async () => {
    const session = await signedInAs(await accountOf(owner, harbour.agency.id))
    const [stored] = await owner<{ hours: number }[]>`
      SELECT extract(epoch FROM expires_at - created_at)::float / 3600 AS hours FROM session
      WHERE hash = ${Buffer.from(digestOf(session))}`
    expect(stored?.hours).toBeCloseTo(12, 3)
    expect(await moved(session, 'expires_at', '-1 second')).toBe(false)
  })

  it('by real time: the moved clock of a demonstration ends none', async () => {
    const session = await signedInAs(await accountOf(owner, harbour.agency.id))
    await owner`UPDATE installation SET demonstration = true, clock_offset_seconds = 90000`
    expect(await openedBy(session)).not.toBeNull()
    await owner`UPDATE installation SET clock_offset_seconds = 0, demonstration = false`
  })
})
