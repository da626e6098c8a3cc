import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Actor, Role } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { withActor } from '@/lib/access/with-actor'
import { createToken, endOtherSessions } from '@/lib/agencies/account-service'
import {
  endMemberSession,
  resetFactors,
  setSecondFactor,
  viewMemberSecurity,
} from '@/lib/agencies/member-security-service'
import { changePassword } from '@/lib/auth/passwords'
import { beginApp, confirmApp, makeRecoveryCodes, removeFactor, showCode, signInState } from '@/lib/auth/factors'
import { showPasskey } from '@/lib/auth/passkeys'
import { confirmWithPassword } from '@/lib/auth/confirm'
import { appClient } from '@/lib/platform/db/client'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { ok } from '@/lib/platform/result'
import { accountOf, PASSWORD } from '@/tests/factories/accounts'
import { memberOf, office, outsider } from '@/tests/factories/office'
import { inOneOffice, owner } from '@/tests/support/one-office'
import { appAdded, passwordShown } from '@/tests/support/second-factor'
import { tokenFor } from '@/tests/support/api'
import { codeOf } from '@/tests/support/totp'

inOneOffice()

const HERE = { networkPrefix: '192.0.2.0/24', requestId: 'request-1' }
const REQUEST = { origin: HERE }
const WRONG = { refusal: 'invalid', errors: { code: ['auth.code.wrong'] } }

beforeEach(async () => {
  await owner`DELETE FROM throttle`
})

function opened(session: string) {
  return identify({ kind: 'session', hash: digestOf(session) }, HERE)
}

async function actorOf(session: string): Promise<Actor> {
  const actor = await opened(session)
  if (actor === null) throw new Error('The session of a test did not open')
  return actor
}

/** An agency that asks for a second factor, as all do with real data. */
async function strictOffice() {
  const { agency } = await office(owner)
  await owner`DELETE FROM second_factor_waiver WHERE agency_id = ${agency.id}`
  return { agency }
}

/** A member of an agency that asks for a second factor, with one. */
async function withFactor(roles: readonly Role[] = ['caseworker'], agency?: string) {
  const { agency: own } = agency === undefined ? await strictOffice() : { agency: { id: agency } }
  const account = await accountOf(owner, own.id, roles)
  const added = await appAdded(await passwordShown(account.email, PASSWORD))
  return { ...account, agency: own.id, ...added }
}

async function codeOfMember(id: string): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${id}`
  return row?.code ?? ''
}

async function kindsToldTo(member: string): Promise<string[]> {
  const rows = await owner<{ kind: string }[]>`SELECT kind FROM notice WHERE member_id = ${member} ORDER BY at, kind`
  return rows.map(({ kind }) => kind)
}

describe('A01: a password alone', () => {
  it('opens nothing where the agency asks for more, in the application and in the database', async () => {
    const { agency } = await strictOffice()
    const { email, id } = await accountOf(owner, agency.id)
    const session = await passwordShown(email, PASSWORD)
    expect(await opened(session)).toBeNull()
    expect(await signInState(session)).toMatchObject({ member: id, strength: 1, required: 2, enrol: 'ok' })
    const rows = await appClient().$queryRaw<unknown[]>`SELECT * FROM app.open_session(${digestOf(session)})`
    expect(rows).toEqual([])
  })

  it('opens everything where the agency does not, until the member adds a factor of their own', async () => {
    const { agency } = await office(owner)
    const { email } = await accountOf(owner, agency.id)
    expect(await actorOf(await passwordShown(email, PASSWORD))).toMatchObject({ strength: 1 })
    const { session } = await appAdded(await passwordShown(email, PASSWORD))
    expect(await actorOf(session)).toMatchObject({ strength: 2 })
    expect(await opened(await passwordShown(email, PASSWORD))).toBeNull()
  })

  it('keeps no form and gives none back', async () => {
    const { email, session } = await withFactor()
    const half = digestOf(await passwordShown(email, PASSWORD))
    const keep = (hash: Uint8Array<ArrayBuffer>) =>
      appClient().$queryRaw`SELECT app.keep_form(${hash}, gen_random_uuid(), '/profile', ${Buffer.from('x')}) AS done`
    expect(await keep(half)).toEqual([{ done: false }])
    expect(await keep(digestOf(session))).toEqual([{ done: true }])
    const take = (hash: Uint8Array<ArrayBuffer>) =>
      appClient().$queryRaw<unknown[]>`SELECT id FROM app.take_kept_form(${hash}, '/profile')`
    expect(await take(half)).toHaveLength(0)
    expect(await take(digestOf(session))).toHaveLength(1)
  })

  it('adds no second factor to a member who has one', async () => {
    const { email } = await withFactor()
    const half = await passwordShown(email, PASSWORD)
    expect(await beginApp(half)).toMatchObject({ refusal: 'forbidden' })
    expect(await signInState(half)).toMatchObject({ enrol: 'ended' })
  })

  it('confirms nothing for a member who has a second factor', async () => {
    const { session } = await withFactor()
    const actor = await actorOf(session)
    expect(await confirmWithPassword(actor, PASSWORD, REQUEST)).toMatchObject({ refusal: 'invalid' })
  })

  it('of fewer than 15 characters always asks for a second factor, whatever the agency says (A02)', async () => {
    const { agency } = await office(owner)
    const { email, id } = await accountOf(owner, agency.id)
    const { session } = await appAdded(await passwordShown(email, PASSWORD))
    const changed = await changePassword(
      await actorOf(session),
      { current: PASSWORD, password: 'otters eat 7' },
      REQUEST,
    )
    expect(changed).toEqual(ok())
    await owner`DELETE FROM second_factor WHERE member_id = ${id}`
    expect(await opened(await passwordShown(email, 'otters eat 7'))).toBeNull()
  })

  it('gives no token to a member without what the agency asks for', async () => {
    const { agency, caseworker } = await office(owner)
    const token = digestOf(await tokenFor(owner, caseworker))
    expect(await identify({ kind: 'token', hash: token })).not.toBeNull()
    await owner`DELETE FROM second_factor_waiver WHERE agency_id = ${agency.id}`
    expect(await identify({ kind: 'token', hash: token })).toBeNull()
    const { session } = await withFactor()
    const made = await createToken(await actorOf(session), { name: 'script', days: 1 })
    if (!made.ok) throw new Error('A member with a second factor could not make a token')
    expect(await identify({ kind: 'token', hash: digestOf(made.value.token) })).not.toBeNull()
  })
})

describe('A01: whether an agency asks for a second factor', () => {
  it('is for a system administrator to say, freshly shown, and is in the log', async () => {
    const { agency, admin, caseworker } = await office(owner)
    const system = await outsider(owner, 'system_admin')
    const input = { agency: agency.key, required: 'yes' as const }
    expect(await setSecondFactor(admin, input)).toMatchObject({ refusal: 'forbidden' })
    expect(await setSecondFactor(system, input)).toEqual(ok())
    expect(await identify(caseworker.credential)).toBeNull()
    await owner`UPDATE session SET proven_at = now() - interval '1 hour' WHERE member_id = ${system.member}`
    expect(await setSecondFactor(system, { ...input, required: 'no' })).toMatchObject({ refusal: 'step_up_required' })
    await owner`UPDATE session SET proven_at = now() WHERE member_id = ${system.member}`
    expect(await setSecondFactor(system, { ...input, required: 'no' })).toEqual(ok())
    const events = await owner<{ type: string }[]>`
      SELECT type FROM audit_event WHERE actor_id = ${system.member} AND subject = ${agency.key} ORDER BY id`
    expect(events.map(({ type }) => type)).toEqual(['agency.second-factor-required', 'agency.second-factor-waived'])
  })
})

describe('A04: a code of an authenticator app', () => {
  it('is taken once, and the one before or after it as well, for clocks that run apart', async () => {
    const { email, secret } = await withFactor()
    const half = await passwordShown(email, PASSWORD)
    // The code of this half minute was the one that added the app.
    expect(await showCode(half, codeOf(secret), REQUEST)).toMatchObject(WRONG)
    const later = codeOf(secret, 1)
    const shown = await showCode(half, later, REQUEST)
    if (!shown.ok) throw new Error('The next code was not taken')
    expect(await actorOf(shown.value.session)).toMatchObject({ strength: 2 })
    expect(await showCode(await passwordShown(email, PASSWORD), later, REQUEST)).toMatchObject(WRONG)
  })

  it('is taken once also when it comes twenty times at once', async () => {
    const { id, email, secret } = await withFactor()
    await owner`UPDATE second_factor SET last_step = NULL WHERE member_id = ${id}`
    const halves = []
    for (let n = 0; n < 5; n += 1) halves.push(await passwordShown(email, PASSWORD))
    const code = codeOf(secret)
    const answers = await Promise.all(halves.map((half) => showCode(half, code, REQUEST)))
    expect(answers.filter(({ ok: isOk }) => isOk)).toHaveLength(1)
  })

  it('is not taken when it is two half minutes old, or of another member', async () => {
    const { email, secret, id } = await withFactor()
    await owner`UPDATE second_factor SET last_step = NULL WHERE member_id = ${id}`
    const half = await passwordShown(email, PASSWORD)
    expect(await showCode(half, codeOf(secret, -3), REQUEST)).toMatchObject(WRONG)
    expect(await showCode(half, codeOf((await withFactor()).secret, 1), REQUEST)).toMatchObject(WRONG)
    expect(await showCode(half, 'nonsense', REQUEST)).toMatchObject(WRONG)
  })

  it('has to wait after five wrong ones, longer each time, and never for good', async () => {
    const { email, secret, id } = await withFactor()
    const half = await passwordShown(email, PASSWORD)
    for (let tries = 0; tries < 5; tries += 1) expect(await showCode(half, '000000', REQUEST)).toMatchObject(WRONG)
    expect(await showCode(half, codeOf(secret, 1), REQUEST)).toMatchObject({ refusal: 'too_many' })
    const [first] = await owner<{ wait: number }[]>`
      SELECT max(extract(epoch FROM open_at - now()))::float8 AS wait FROM throttle WHERE failures = 5`
    await owner`UPDATE throttle SET open_at = now() - interval '1 second'`
    expect(await showCode(half, '000000', REQUEST)).toMatchObject(WRONG)
    const [second] = await owner<{ wait: number; failures: number }[]>`
      SELECT max(extract(epoch FROM open_at - now()))::float8 AS wait, max(failures)::int AS failures
      FROM throttle WHERE failures = 6`
    expect(second?.wait).toBeGreaterThan(first?.wait ?? Number.POSITIVE_INFINITY)
    await owner`UPDATE throttle SET failures = 5000, open_at = now() + interval '900 seconds'`
    await owner`UPDATE throttle SET open_at = now() - interval '1 second'`
    const shown = await showCode(half, codeOf(secret, 1), REQUEST)
    expect(shown.ok).toBe(true)
    expect(await kindsToldTo(id)).toContain('account.factor-added')
  })

  it('comes from a secret that stands sealed in the database, bound to its row', async () => {
    const { id, secret } = await withFactor()
    const [row] = await owner<{ stored: string }[]>`
      SELECT encode(sealed, 'escape') AS stored FROM second_factor WHERE member_id = ${id}`
    expect(row?.stored).not.toContain(secret)
    const other = await withFactor()
    await owner`UPDATE second_factor SET sealed = (SELECT sealed FROM second_factor WHERE member_id = ${id})
      WHERE member_id = ${other.id}`
    const half = await passwordShown(other.email, PASSWORD)
    await expect(showCode(half, codeOf(secret, 1), REQUEST)).rejects.toThrow('did not open')
  })

  it('adds its app only when it fits, and of an app left halfway nothing is taken', async () => {
    const { agency } = await strictOffice()
    const { email, id } = await accountOf(owner, agency.id)
    const half = await passwordShown(email, PASSWORD)
    await beginApp(half)
    expect(await confirmApp(half, '000000', HERE)).toMatchObject(WRONG)
    expect(await signInState(half)).toMatchObject({ apps: 0 })
    const [row] = await owner<
      { confirmed_at: Date | null }[]
    >`SELECT confirmed_at FROM second_factor WHERE member_id = ${id}`
    expect(row?.confirmed_at).toBeNull()
    expect(await showCode(half, '000000', REQUEST)).toMatchObject(WRONG)
  })
})

describe('recovery codes', () => {
  it('are ten, take the place of the second factor once each, and their member is told', async () => {
    const { id, email, session } = await withFactor()
    const made = await makeRecoveryCodes(await actorOf(session))
    if (!made.ok) throw new Error('The codes were refused')
    const [first = '', second = ''] = made.value
    expect(new Set(made.value).size).toBe(10)
    const shown = await showCode(
      await passwordShown(email, PASSWORD),
      first.toLowerCase().replaceAll('-', ' '),
      REQUEST,
    )
    if (!shown.ok) throw new Error('A recovery code was not taken')
    expect(await actorOf(shown.value.session)).toMatchObject({ strength: 2 })
    expect(await showCode(await passwordShown(email, PASSWORD), first, REQUEST)).toMatchObject(WRONG)
    expect(await signInState(shown.value.session)).toMatchObject({ codesLeft: 9 })
    expect(await kindsToldTo(id)).toContain('account.recovery-code-used')
    await makeRecoveryCodes(await actorOf(shown.value.session))
    expect(await showCode(await passwordShown(email, PASSWORD), second, REQUEST)).toMatchObject(WRONG)
    const stored = await owner<{ all: string }[]>`SELECT string_agg(r::text, ' ') AS all FROM recovery_code r`
    expect(stored[0]?.all).not.toContain(second.replaceAll('-', ''))
  })

  it('are made only by whoever has just shown who they are', async () => {
    const { session, id } = await withFactor()
    await owner`UPDATE session SET proven_at = now() - interval '6 minutes' WHERE member_id = ${id}`
    expect(await makeRecoveryCodes(await actorOf(session))).toMatchObject({ refusal: 'step_up_required' })
  })
})

describe('A07: a change of the second factor', () => {
  it('ends the other sessions and all tokens, and goes on here under a new id (A08)', async () => {
    const { agency } = await office(owner)
    const account = await accountOf(owner, agency.id)
    const before = await passwordShown(account.email, PASSWORD)
    const elsewhere = await passwordShown(account.email, PASSWORD)
    const token = digestOf(await tokenFor(owner, await actorOf(before)))
    const { session } = await appAdded(before)
    for (const ended of [before, elsewhere]) expect(await opened(ended)).toBeNull()
    expect(await identify({ kind: 'token', hash: token })).toBeNull()
    const actor = await actorOf(session)

    const [factor] = await owner<{ id: string }[]>`SELECT id FROM second_factor WHERE member_id = ${account.id}`
    expect(await removeFactor(actor, { factor: factor?.id ?? '' })).toEqual(ok())
    const living = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM session WHERE member_id = ${account.id} AND ended_at IS NULL`
    expect(living[0]?.n).toBe(1)
    expect(await kindsToldTo(account.id)).toEqual(
      expect.arrayContaining(['account.factor-added', 'account.factor-removed']),
    )
  })

  it('removes neither the last one where it is required, nor any of somebody else', async () => {
    const { session } = await withFactor()
    const other = await withFactor()
    const actor = await actorOf(session)
    const [own] = await owner<{ id: string }[]>`SELECT id FROM second_factor WHERE member_id = ${actor.member}`
    const [foreign] = await owner<{ id: string }[]>`SELECT id FROM second_factor WHERE member_id = ${other.id}`
    expect(await removeFactor(actor, { factor: own?.id ?? '' })).toMatchObject({
      refusal: 'conflict',
      reason: 'last_factor',
    })
    expect(await removeFactor(actor, { factor: foreign?.id ?? '' })).toMatchObject({ refusal: 'not_found' })
    expect(await signInState(session)).toMatchObject({ apps: 1 })
  })
})

describe('a passkey', () => {
  it('that nobody asked, or whose answer is made up, shows nothing', async () => {
    const { email } = await withFactor()
    const half = await passwordShown(email, PASSWORD)
    for (const answer of ['{}', 'not json', '{"id":"AAAA","response":{}}']) {
      expect(await showPasskey(half, answer, HERE)).toMatchObject({ refusal: 'invalid', reason: 'passkey_wrong' })
    }
    expect(await opened(half)).toBeNull()
  })
})

describe('A12: sessions', () => {
  it('of one’s own are all ended but the present one', async () => {
    const { agency } = await office(owner)
    const { email } = await accountOf(owner, agency.id)
    const elsewhere = await passwordShown(email, PASSWORD)
    const here = await passwordShown(email, PASSWORD)
    expect(await endOtherSessions(await actorOf(here))).toEqual(ok())
    expect(await opened(elsewhere)).toBeNull()
    expect(await opened(here)).not.toBeNull()
  })

  it('of a colleague are seen and ended by their administrator, and by nobody of another agency', async () => {
    const harbour = await office(owner)
    const clinic = await office(owner)
    const member = await codeOfMember(harbour.caseworker.member)
    const seen = await viewMemberSecurity(harbour.admin, { member })
    if (!seen.ok) throw new Error('An administrator could not look')
    const [{ handle } = { handle: '' }] = seen.value.sessions
    for (const stranger of [clinic.admin, harbour.colleague, harbour.supervisor]) {
      expect((await viewMemberSecurity(stranger, { member })).ok).toBe(false)
      expect((await endMemberSession(stranger, { member, session: handle })).ok).toBe(false)
    }
    expect(await identify(harbour.caseworker.credential)).not.toBeNull()
    expect(await endMemberSession(harbour.admin, { member, session: handle })).toEqual(ok())
    expect(await identify(harbour.caseworker.credential)).toBeNull()
  })
})

describe('A13: a lost second factor', () => {
  it('is removed by two administrators, never by one, and its member is told each time', async () => {
    const { agency } = await strictOffice()
    const lost = await withFactor(['caseworker'], agency.id)
    const [first, second] = [
      await withFactor(['agency_admin'], agency.id),
      await withFactor(['agency_admin'], agency.id),
    ]
    const member = await codeOfMember(lost.id)
    const [one, two] = [await actorOf(first.session), await actorOf(second.session)]
    expect(await resetFactors(one, { member })).toEqual(ok('asked'))
    expect(await resetFactors(one, { member })).toMatchObject({ refusal: 'forbidden', reason: 'second_person' })
    expect(await opened(lost.session)).not.toBeNull()
    expect(await resetFactors(two, { member })).toEqual(ok('removed'))
    expect(await opened(lost.session)).toBeNull()
    const half = await passwordShown(lost.email, PASSWORD)
    expect(await signInState(half)).toMatchObject({ apps: 0, codesLeft: 0, enrol: 'ok' })
    expect(await kindsToldTo(lost.id)).toEqual(
      expect.arrayContaining(['account.factor-reset-asked', 'account.factors-reset']),
    )
    const events = await owner<{ type: string }[]>`
      SELECT type FROM audit_event WHERE subject = ${member} AND type LIKE 'member.factor%reset%' ORDER BY id`
    expect(events.map(({ type }) => type)).toEqual(['member.factor-reset-asked', 'member.factors-reset'])
  })

  it('is not removed by what was asked more than a day ago, by oneself, or for another agency’s member', async () => {
    const { agency } = await strictOffice()
    const lost = await withFactor(['caseworker'], agency.id)
    const [first, second] = [
      await withFactor(['agency_admin'], agency.id),
      await withFactor(['agency_admin'], agency.id),
    ]
    const [one, two] = [await actorOf(first.session), await actorOf(second.session)]
    const member = await codeOfMember(lost.id)
    expect(await resetFactors(one, { member })).toEqual(ok('asked'))
    await owner`UPDATE factor_reset SET asked_at = now() - interval '25 hours' WHERE member_id = ${lost.id}`
    expect(await resetFactors(two, { member })).toEqual(ok('asked'))
    expect(await resetFactors(two, { member: await codeOfMember(two.member) })).toMatchObject({ reason: 'own_record' })
    const stranger = await memberOf(owner, (await office(owner)).agency.id, ['agency_admin'], null)
    expect(await resetFactors(stranger, { member })).toMatchObject({ refusal: 'not_found' })
    expect(await opened(lost.session)).not.toBeNull()
  })
})

describe('sign-in alerts', () => {
  it('come for a network that was not seen for 90 days, and for no known one', async () => {
    const { agency } = await office(owner)
    const { email, id } = await accountOf(owner, agency.id)
    await passwordShown(email, PASSWORD)
    await passwordShown(email, PASSWORD)
    expect(await kindsToldTo(id)).toEqual([])
    await owner`UPDATE session SET created_at = now() - interval '91 days' WHERE member_id = ${id}`
    await passwordShown(email, PASSWORD)
    expect(await kindsToldTo(id)).toEqual(['account.new-network'])
  })
})

describe('what a half signed-in session may call', () => {
  it('A01: is no use case: every transaction of an actor is refused', async () => {
    const { email, session } = await withFactor()
    const whole = await actorOf(session)
    const half = await passwordShown(email, PASSWORD)
    const actor: Actor = { ...whole, credential: { kind: 'session', hash: digestOf(half) } }
    const work = vi.fn(() => Promise.resolve(ok()))
    await expect(withActor(actor, work)).rejects.toThrow('may no longer act')
    expect(work).not.toHaveBeenCalled()
  })
})
