import { createHash } from 'node:crypto'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { createToken } from '@/lib/agencies/account-service'
import { createInvitation } from '@/tests/factories/accounts'
import { removeProvider, setProvider, viewProvider } from '@/lib/agencies/provider-service'
import type { Journey, Purpose } from '@/lib/auth/provider/schema'
import {
  beginAsMember,
  beginAtProvider,
  beginToJoin,
  endAtProvider,
  joinsThroughProvider,
  unlinkProvider,
  viewOwnProvider,
} from '@/lib/auth/provider/service'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import type { Result } from '@/lib/platform/result'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { startForgedProvider, type ForgedProvider } from '@/tests/support/forged-provider'

const HERE = { networkPrefix: '192.0.2.0/24', requestId: 'request-1' }

let database: TestDatabase
let owner: postgres.Sql
let forged: ForgedProvider
let system: Actor
let harbour: Office
let clinic: Office

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  forged = await startForgedProvider('amparo')
  system = await outsider(owner, 'system_admin')
  harbour = await office(owner)
  clinic = await office(owner)
  for (const { agency } of [harbour, clinic]) expect(await set(agency.key)).toMatchObject({ ok: true })
})
afterAll(async () => {
  await forged.stop()
  await owner.end()
  await database.drop()
})

function set(agency: string, change: object = {}, version = 0) {
  return setProvider(system, {
    agency,
    version,
    issuer: forged.issuer,
    clientId: 'amparo',
    clientSecret: 'a-secret-of-a-test-0123456789',
    strongAcr: [],
    strongAmr: ['mfa'],
    ...change,
  })
}

async function journeyOf(begun: Promise<Result<Journey>>): Promise<Journey> {
  const result = await begun
  if (!result.ok) throw new Error(`The way did not begin: ${result.refusal} ${result.reason ?? ''}`)
  return result.value
}

/** Comes back from the provider as this subject. */
function backAs(
  subject: string,
  journey: Journey,
  given: { actor?: Actor; invitation?: string; claims?: object } = {},
) {
  forged.forge({ claims: (honest) => ({ ...honest, sub: subject, ...given.claims }) })
  const answer = forged.answerTo(journey.address)
  return endAtProvider({
    journey,
    answer,
    invitation: given.invitation ?? null,
    actor: given.actor ?? null,
    origin: HERE,
  })
}

async function link(actor: Actor, subject: string) {
  return backAs(subject, await journeyOf(beginAsMember(actor, 'link', '/')), { actor })
}

async function signInAs(subject: string, agency = harbour.agency.key, claims: object = {}) {
  return backAs(subject, await journeyOf(beginAtProvider(agency, 'sign_in', '/')), { claims })
}

async function sessionOf(session: string | undefined) {
  const rows = await owner<{ strength: number; member_id: string; ended_at: Date | null }[]>`
    SELECT strength, member_id, ended_at FROM session WHERE hash = ${createHash('sha256')
      .update(session ?? '')
      .digest()}`
  return rows[0]
}

describe('A10: an agency’s own place to sign in', () => {
  it('signs in whoever linked their account there, as strongly as the provider says', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    expect(await link(member, 'ana')).toEqual({ ok: true, value: {} })

    const plain = await signInAs('ana')
    const strong = await signInAs('ana', harbour.agency.key, { amr: ['pwd', 'mfa'] })
    if (!plain.ok || !strong.ok) throw new Error('The sign-in did not work')
    expect(await sessionOf(plain.value.session)).toMatchObject({ strength: 1, member_id: member.member })
    expect(await sessionOf(strong.value.session)).toMatchObject({ strength: 2, member_id: member.member })
    const actor = await identify({ kind: 'session', hash: digestOf(strong.value.session ?? '') })
    expect(actor?.agency).toBe(harbour.agency.id)
  })

  it('knows nobody by an e-mail address: an unlinked account is refused, whatever address it claims', async () => {
    const { email } = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    expect(await signInAs('stranger', harbour.agency.key, { email, email_verified: true })).toMatchObject({
      ok: false,
      refusal: 'forbidden',
      reason: 'nobody_linked',
    })
  })

  it('knows an account in the agency that it was linked in, and in no other, though both use one provider', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    await link(member, 'ben')
    expect(await signInAs('ben', clinic.agency.key)).toMatchObject({ ok: false, reason: 'nobody_linked' })
    expect((await signInAs('ben')).ok).toBe(true)
  })

  it('gives no account to two members', async () => {
    const [one, two] = [
      await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit),
      await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit),
    ]
    await link(one, 'carla')
    expect(await link(two, 'carla')).toMatchObject({ ok: false, refusal: 'conflict', reason: 'identity_taken' })
    const signedIn = await signInAs('carla')
    expect(signedIn.ok && (await sessionOf(signedIn.value.session))?.member_id).toBe(one.member)
  })

  it('lets nobody in whose membership has ended', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    await link(member, 'dora')
    await owner`UPDATE member SET status = 'deactivated' WHERE id = ${member.member}`
    expect(await signInAs('dora')).toMatchObject({ ok: false, reason: 'nobody_linked' })
  })

  it('joins an invited member without a password, once, and only in the agency that invites', async () => {
    const invitation = await createInvitation(owner, harbour.agency.id)
    expect(await joinsThroughProvider(invitation.secret)).toBe(true)
    const journey = await journeyOf(beginToJoin(invitation.secret))
    const elsewhere = await journeyOf(beginAtProvider(clinic.agency.key, 'join', '/'))
    expect(await backAs('eva', elsewhere, { invitation: invitation.secret })).toMatchObject({
      reason: 'invitation_gone',
    })
    const joined = await backAs('eva', journey, { invitation: invitation.secret })
    expect(joined.ok && (await sessionOf(joined.value.session))?.member_id).toBe(invitation.member)
    expect(await backAs('frida', journey, { invitation: invitation.secret })).toMatchObject({
      reason: 'invitation_gone',
    })
    expect((await signInAs('eva')).ok).toBe(true)
    expect(await owner`SELECT 1 FROM credential WHERE member_id = ${invitation.member}`).toHaveLength(0)
  })

  it('confirms a session under a new id, for its own member and nobody else’s proof', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    await link(member, 'gala')
    await owner`UPDATE session SET proven_at = clock_timestamp() - interval '1 hour' WHERE member_id = ${member.member}`
    const journey = () => journeyOf(beginAsMember(member, 'confirm', '/'))
    expect(await backAs('somebody-else', await journey(), { actor: member })).toMatchObject({ reason: 'proof_refused' })
    const confirmed = await backAs('gala', await journey(), { actor: member })
    if (!confirmed.ok) throw new Error('The confirmation did not work')
    const renewed = await identify({ kind: 'session', hash: digestOf(confirmed.value.session ?? '') })
    expect(renewed?.member).toBe(member.member)
    expect(await identify(member.credential as { kind: 'session'; hash: Uint8Array<ArrayBuffer> })).toBeNull()
  })

  it('confirms no strong session by a weaker proof', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    await link(member, 'hana')
    await owner`UPDATE session SET strength = 2 WHERE member_id = ${member.member}`
    const journey = () => journeyOf(beginAsMember(member, 'confirm', '/'))
    expect((await backAs('hana', await journey(), { actor: member })).ok).toBe(false)
    expect((await backAs('hana', await journey(), { actor: member, claims: { amr: ['mfa'] } })).ok).toBe(true)
  })

  it('links nobody whose session is not fresh, before the way and after it', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    const journey = await journeyOf(beginAsMember(member, 'link', '/'))
    await owner`UPDATE session SET proven_at = clock_timestamp() - interval '1 hour' WHERE member_id = ${member.member}`
    expect(await beginAsMember(member, 'link', '/')).toMatchObject({ ok: false, refusal: 'step_up_required' })
    expect(await backAs('ida', journey, { actor: member })).toMatchObject({ ok: false, refusal: 'step_up_required' })
  })

  it('takes a link off again, but never somebody’s only way in', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    await link(member, 'jana')
    expect(await unlinkProvider(member)).toMatchObject({ ok: false, reason: 'last_way_in' })
    await owner`INSERT INTO credential (member_id, agency_id, password_hash) VALUES (${member.member}, ${harbour.agency.id}, 'x')`
    expect((await unlinkProvider(member)).ok).toBe(true)
    expect(await signInAs('jana')).toMatchObject({ ok: false, reason: 'nobody_linked' })
    expect(await viewOwnProvider(member)).toMatchObject({ ok: true, value: { linkedAt: null, hasPassword: true } })
  })

  it('asks the same of a way that was begun for something else: a sign-in’s answer links nobody', async () => {
    const journey = await journeyOf(beginAtProvider(harbour.agency.key, 'sign_in', '/'))
    const other: Purpose = 'link'
    expect(await backAs('kim', { ...journey, purpose: other })).toMatchObject({ ok: false, reason: 'proof_refused' })
  })
})

describe('a token of somebody without a second factor of their own', () => {
  const tokenOf = async (session: string | undefined) => {
    const actor = await identify({ kind: 'session', hash: digestOf(session ?? '') })
    if (actor === null) throw new Error('The session opens nothing')
    const made = await createToken(actor, { name: 'laptop', days: 30 })
    if (!made.ok) throw new Error('No token was made')
    return identifyToken(made.value.token)
  }
  const identifyToken = (token: string) => identify({ kind: 'token', hash: digestOf(token) })

  async function strict() {
    const side = await office(owner)
    expect(await set(side.agency.key)).toMatchObject({ ok: true })
    const member = await memberOf(owner, side.agency.id, ['caseworker'], side.unit)
    const subject = `of ${side.agency.key}`
    expect(await link(member, subject)).toMatchObject({ ok: true })
    await owner`DELETE FROM second_factor_waiver WHERE agency_id = ${side.agency.id}`
    const strong = await signInAs(subject, side.agency.key, { amr: ['mfa'] })
    if (!strong.ok) throw new Error('The sign-in did not work')
    return { side, member, session: strong.value.session }
  }

  it('A01, hard-parts 28: carries the strong proof of the provider’s session that made it', async () => {
    const { member, session } = await strict()
    const opened = await tokenOf(session)
    expect(opened).toMatchObject({ member: member.member, strength: 1 })
  })

  it('A01: carries none that was made any other way, where the agency asks for one', async () => {
    const { side } = await strict()
    const [plain] = await owner<{ id: string }[]>`
      SELECT id FROM member WHERE agency_id = ${side.agency.id} AND 'supervisor' = ANY (roles) LIMIT 1`
    await owner`
      INSERT INTO api_token (id, hash, member_id, agency_id, name, expires_at)
      VALUES (gen_random_uuid(), ${digestOf('plain')}, ${plain?.id ?? ''}, ${side.agency.id}, 'plain', now() + interval '9 days')`
    expect(await identifyToken('plain')).toBeNull()
  })

  it('A07: ends when the link is taken off, when the provider goes, and when another proof counts as strong', async () => {
    for (const end of [
      (side: Office, member: string) =>
        owner`DELETE FROM member_identity WHERE agency_id = ${side.agency.id} AND member_id = ${member}`,
      (side: Office) => removeProvider(system, { agency: side.agency.key, version: 1 }),
      (side: Office) => set(side.agency.key, { strongAmr: ['hwk'] }, 1),
    ]) {
      const { side, member, session } = await strict()
      const actor = await identify({ kind: 'session', hash: digestOf(session ?? '') })
      const made = actor === null ? null : await createToken(actor, { name: 'laptop', days: 30 })
      const token = made?.ok === true ? made.value.token : ''
      expect(await identifyToken(token)).not.toBeNull()
      await end(side, member.member)
      expect(await identifyToken(token)).toBeNull()
    }
  })
})

describe('setting an agency’s place to sign in', () => {
  it('is the system administrator’s, with a fresh session, and says nothing to anyone else', async () => {
    const { agency, admin } = await office(owner)
    expect(await viewProvider(admin, agency.key)).toMatchObject({ ok: false, refusal: 'forbidden' })
    expect(await viewProvider(system, agency.key)).toMatchObject({ ok: true, value: { provider: null } })
    const stale = await outsider(owner, 'system_admin')
    await owner`UPDATE session SET proven_at = clock_timestamp() - interval '1 hour' WHERE member_id = ${stale.member}`
    const input = { agency: agency.key, version: 0, issuer: forged.issuer, clientId: 'a', strongAcr: [], strongAmr: [] }
    expect(await setProvider(stale, input)).toMatchObject({ ok: false, refusal: 'step_up_required' })
    expect((await setProvider(system, input)).ok).toBe(true)
  })

  it('keeps the secret sealed, shows it to nobody, and drops it with another issuer', async () => {
    const { agency } = await office(owner)
    await set(agency.key, { clientSecret: 'the-readable-secret' })
    const stored = await owner<
      { text: string }[]
    >`SELECT p::text AS text FROM identity_provider p WHERE agency_id = ${agency.id}`
    expect(stored[0]?.text).not.toContain(Buffer.from('the-readable-secret').toString('hex'))
    expect(JSON.stringify(await viewProvider(system, agency.key))).not.toContain('readable')
    await set(agency.key, { clientSecret: '' }, 1)
    expect(await viewProvider(system, agency.key)).toMatchObject({ value: { provider: { hasSecret: true } } })
    await set(agency.key, { clientSecret: '', issuer: 'https://login.example' }, 2)
    expect(await viewProvider(system, agency.key)).toMatchObject({ value: { provider: { hasSecret: false } } })
  })

  it('refuses an address that others could read along on, and a version that is not the last (R03)', async () => {
    const { agency } = await office(owner)
    expect(await set(agency.key, { issuer: 'http://login.example' })).toMatchObject({ ok: false, refusal: 'invalid' })
    await set(agency.key)
    expect(await set(agency.key)).toMatchObject({ ok: false, refusal: 'stale' })
  })

  it('ends the sessions of those who are linked when it is taken away, and nobody comes in that way any more', async () => {
    const { agency, unit } = await office(owner)
    await set(agency.key)
    const member = await memberOf(owner, agency.id, ['caseworker'], unit)
    await link(member, 'lena')
    const signedIn = await signInAs('lena', agency.key)
    expect((await removeProvider(system, { agency: agency.key, version: 1 })).ok).toBe(true)
    expect(signedIn.ok && (await sessionOf(signedIn.value.session))?.ended_at).not.toBeNull()
    expect(await beginAtProvider(agency.key, 'sign_in', '/')).toMatchObject({ ok: false, refusal: 'invalid' })
  })
})
