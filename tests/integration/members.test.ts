import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor, Role } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { withActor } from '@/lib/access/with-actor'
import { createToken, endOwnSession, endToken, listTokens, viewAccount } from '@/lib/agencies/account-service'
import {
  createAgency,
  inviteAdministrator,
  listAdministeredAgencies,
  viewAdministeredAgency,
} from '@/lib/agencies/administration-service'
import { inviteMemberInput } from '@/lib/agencies/member-schema'
import {
  changeMember,
  deactivateMember,
  inviteMember,
  listMembers,
  reinviteMember,
  viewMember,
} from '@/lib/agencies/member-service'
import { acceptInvitation, changePassword, viewInvitation } from '@/lib/auth/passwords'
import { signIn } from '@/lib/auth/sign-in'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { newId } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { accountOf, PASSWORD } from '@/tests/factories/accounts'
import { memberOf, office, outsider, ownerOf, signedIn, type Office } from '@/tests/factories/office'
import { firstSignIn } from '@/tests/support/second-factor'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

const HERE = { networkPrefix: '192.0.2.0/24', requestId: 'request-1' }

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let clinic: Office
let system: Actor
let count = 0

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  clinic = await office(owner)
  system = await outsider(owner, 'system_admin')
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

function someone(roles: readonly Role[] = ['caseworker']) {
  count += 1
  return { email: `new${String(count)}@test.example`, name: `Newcomer ${String(count)}`, roles: [...roles] }
}

async function invited(admin: Actor, roles: readonly Role[] = ['caseworker']) {
  const person = someone(roles)
  const result = await inviteMember(admin, person)
  if (!result.ok) throw new Error(`The invitation of a test was refused: ${result.refusal}`)
  return { ...person, ...result.value }
}

async function codeOf(actor: Actor): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${actor.member}`
  return row?.code ?? ''
}

async function versionOf(actor: Actor): Promise<number> {
  const [row] = await owner<{ version: number }[]>`SELECT version FROM member WHERE id = ${actor.member}`
  return row?.version ?? 0
}

async function eventsAfter(before: string) {
  return owner<
    { type: string; subject: string | null; actor_id: string | null; agency_id: string | null; fields: string[] }[]
  >`
    SELECT type, subject, actor_id, agency_id, fields FROM audit_event WHERE id > ${before} ORDER BY id`
}

async function lastEvent(): Promise<string> {
  const [row] = await owner<{ id: string }[]>`SELECT coalesce(max(id), 0)::text AS id FROM audit_event`
  return row?.id ?? '0'
}

describe('joining by invitation', () => {
  it('makes a member who signs in with a password of their own', async () => {
    const { email, secret } = await invited(harbour.admin)
    expect(await viewInvitation(secret)).toMatchObject({ email, agencyName: harbour.agency.name })
    expect(await signIn({ email, password: PASSWORD }, { origin: HERE })).toMatchObject({ refusal: 'forbidden' })

    expect(await acceptInvitation(secret, { password: PASSWORD }, HERE)).toEqual(ok())
    const started = await signIn({ email, password: PASSWORD }, { origin: HERE })
    if (!started.ok) throw new Error('The newcomer could not sign in')
    const actor = await identify({ kind: 'session', hash: digestOf(started.value.session) })
    expect(actor).toMatchObject({ agency: harbour.agency.id, roles: ['caseworker'] })
  })

  it('A02: refuses passwords that are short, common, or made of what is known about the member', async () => {
    const { secret, email } = await invited(harbour.admin)
    for (const password of ['short but nice', 'passwordpassword', 'aaaaaaaaaaaaaaaaaaaa', `${email}${email}`]) {
      const result = await acceptInvitation(secret, { password }, HERE)
      expect(result).toMatchObject({ refusal: 'invalid' })
    }
    expect(await acceptInvitation(secret, { password: 'только тихие выдры знают' }, HERE)).toEqual(ok())
  })

  it('works once, for three days, and for the newest link only', async () => {
    const used = await invited(harbour.admin)
    await acceptInvitation(used.secret, { password: PASSWORD }, HERE)
    const old = await invited(harbour.admin)
    await owner`UPDATE invitation SET expires_at = now() - interval '1 second' WHERE hash = ${Buffer.from(digestOf(old.secret))}`
    const replaced = await invited(harbour.admin)
    const again = await reinviteMember(harbour.admin, { member: replaced.member })
    const removed = await invited(harbour.admin)
    await deactivateMember(harbour.admin, { member: removed.member })

    const gone = { ok: false, refusal: 'not_found', reason: 'invitation_gone' }
    for (const secret of [used.secret, old.secret, replaced.secret, removed.secret, 'no such secret']) {
      expect(await viewInvitation(secret)).toBeNull()
      expect(await acceptInvitation(secret, { password: PASSWORD }, HERE)).toEqual(gone)
    }
    if (!again.ok) throw new Error('The second invitation was refused')
    expect(await acceptInvitation(again.value.secret, { password: PASSWORD }, HERE)).toEqual(ok())
  })

  it('lets two who open the link at once not both set the password', async () => {
    const { secret } = await invited(harbour.admin)
    const results = await Promise.all([
      acceptInvitation(secret, { password: `${PASSWORD} one` }, HERE),
      acceptInvitation(secret, { password: `${PASSWORD} two` }, HERE),
    ])
    expect(results.filter((result) => result.ok)).toHaveLength(1)
  })

  it('stores the link as a digest, and the log names the member by code', async () => {
    const before = await lastEvent()
    const { secret, member } = await invited(harbour.admin)
    await acceptInvitation(secret, { password: PASSWORD }, HERE)
    const events = await eventsAfter(before)
    expect(events.map(({ type, subject }) => [type, subject])).toEqual([
      ['member.invited', member],
      ['member.joined', member],
    ])
    expect(member).toMatch(/^MBR-[0-9A-Z]{9}$/)
    const [anywhere] = await owner<
      { n: number }[]
    >`SELECT count(*)::int AS n FROM invitation i WHERE i::text LIKE ${`%${secret}%`}`
    expect(anywhere?.n).toBe(0)
  })
})

describe('administering members', () => {
  it('is the right of administrators, for their own agency', async () => {
    const list = await listMembers(harbour.admin)
    if (!list.ok) throw new Error('The administrator may list members')
    expect(list.value.members.map((member) => member.code)).toContain(await codeOf(harbour.caseworker))
    expect(list.value.members.map((member) => member.code)).not.toContain(await codeOf(clinic.caseworker))
    for (const actor of [harbour.caseworker, harbour.supervisor]) {
      expect(await listMembers(actor)).toEqual({ ok: false, refusal: 'forbidden' })
      expect(await inviteMember(actor, someone())).toEqual({ ok: false, refusal: 'forbidden' })
      const code = await codeOf(harbour.colleague)
      expect(await deactivateMember(actor, { member: code })).toEqual({ ok: false, refusal: 'forbidden' })
    }
  })

  it('T06: takes no agency from whoever asks, and puts the colleague into their own', async () => {
    expect(inviteMemberInput.safeParse({ ...someone(), agency: clinic.agency.key }).success).toBe(false)
    const { member } = await invited(harbour.admin)
    const [row] = await owner<{ agency_id: string }[]>`SELECT agency_id FROM member WHERE code = ${member}`
    expect(row?.agency_id).toBe(harbour.agency.id)
  })

  it('changes a colleague, and ends their sessions with it', async () => {
    const colleague = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    const before = await lastEvent()
    const changed = await changeMember(harbour.admin, {
      member: await codeOf(colleague),
      name: colleague.displayName,
      roles: ['caseworker', 'supervisor'],
      unit: harbour.unit,
      version: await versionOf(colleague),
    })
    expect(changed).toEqual(ok())
    expect(await identify(colleague.credential)).toBeNull()
    const events = await eventsAfter(before)
    expect(events.map(({ type, fields }) => [type, fields])).toEqual([
      ['role-review.opened', ['roles']],
      ['member.changed', ['roles', 'unit']],
    ])
  })

  it('leaves sessions alone when only the name changes', async () => {
    const colleague = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    const member = await codeOf(colleague)
    const version = await versionOf(colleague)
    expect(await changeMember(harbour.admin, { member, name: 'Another name', roles: ['caseworker'], version })).toEqual(
      ok(),
    )
    expect(await identify(colleague.credential)).not.toBeNull()
    expect(await changeMember(harbour.admin, { member, name: 'Later', roles: ['caseworker'], version })).toMatchObject({
      refusal: 'stale',
    })
  })

  it('trap T16: removes a colleague in one move, with sessions and tokens', async () => {
    const colleague = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    const made = await createToken(colleague, { name: 'reports', days: 30 })
    if (!made.ok) throw new Error('The token of a test was refused')
    const token = { kind: 'token', hash: digestOf(made.value.token) } as const
    expect(await identify(token)).not.toBeNull()
    expect(await deactivateMember(harbour.admin, { member: await codeOf(colleague) })).toEqual(ok())
    expect(await identify(colleague.credential)).toBeNull()
    expect(await identify(token)).toBeNull()
    await expect(withActor(colleague, () => Promise.resolve(ok()))).rejects.toThrow()
  })

  it('refuses roles that exclude each other and roles that the agency has no use for', async () => {
    const refused: Role[][] = [
      ['auditor', 'caseworker'],
      ['coordinator', 'supervisor'],
      ['system_admin'],
      ['auditor'],
      ['coordinator'],
      ['caseworker', 'caseworker'],
    ]
    for (const roles of refused) {
      expect(await inviteMember(harbour.admin, { ...someone(), roles })).toMatchObject({ refusal: 'invalid' })
    }
    await invited(harbour.admin, ['caseworker', 'supervisor'])
    await invited(harbour.admin, ['agency_admin', 'caseworker'])
  })

  it('refuses an address that a member has, and a unit of another agency', async () => {
    const { email } = await invited(harbour.admin)
    expect(await inviteMember(harbour.admin, { ...someone(), email: email })).toMatchObject({ reason: 'email_taken' })
    expect(await inviteMember(harbour.admin, { ...someone(), unit: clinic.unit })).toMatchObject({ reason: 'unit' })
  })
})

describe('trap T13: nobody raises their own role or moves agency', () => {
  it('not even an administrator, by any service', async () => {
    const member = await codeOf(harbour.admin)
    const version = await versionOf(harbour.admin)
    const self = { ok: false, refusal: 'forbidden', reason: 'own_record' }
    const roles: Role[] = ['agency_admin', 'caseworker']
    expect(await changeMember(harbour.admin, { member, name: 'Me', roles, version })).toEqual(self)
    expect(await deactivateMember(harbour.admin, { member })).toEqual(self)
    expect(await reinviteMember(harbour.admin, { member })).toEqual(self)
    const selfOfSystem = await codeOf(system)
    expect(
      await changeMember(system, { member: selfOfSystem, name: 'Me', roles: ['system_admin'], version: 1 }),
    ).toEqual(self)
  })

  it('nor anybody by writing the row: the database lets a member change own settings alone', async () => {
    const everyone = [harbour.caseworker, harbour.supervisor, harbour.admin, system]
    const writes = [
      `UPDATE member SET roles = '{agency_admin}' WHERE id = $1`,
      `UPDATE member SET agency_id = '${clinic.agency.id}' WHERE id = $1`,
      `UPDATE member SET unit_id = NULL WHERE id = $1`,
      `UPDATE member SET status = 'active' WHERE id = $1`,
      `UPDATE member SET email = 'x@test.example' WHERE id = $1`,
      `UPDATE credential SET password_hash = 'x'`,
      `INSERT INTO session (hash, member_id, agency_id, expires_at) SELECT '\\x00', id, agency_id, now() FROM member`,
    ]
    for (const actor of everyone) {
      for (const write of writes) {
        const attempt = withActor(actor, async (tx) => {
          await tx.$executeRawUnsafe(write.replace('$1', `'${actor.member}'`))
          return ok()
        })
        await expect(attempt).rejects.toThrow(/permission denied/)
      }
      const mine = await withActor(actor, async (tx) => ok(await tx.$executeRaw`UPDATE member SET theme = 'dark'`))
      expect(mine).toEqual(ok(1))
    }
  })

  it('nor across agencies: a member of another is answered like one that does not exist', async () => {
    const other = await codeOf(clinic.caseworker)
    const version = await versionOf(clinic.caseworker)
    const absent = { ok: false, refusal: 'not_found' }
    for (const member of [other, 'MBR-000000000', 'nonsense']) {
      const change = { member, name: 'X', roles: ['supervisor' as const], version }
      expect(await changeMember(harbour.admin, change)).toEqual(absent)
      expect(await deactivateMember(harbour.admin, { member })).toEqual(absent)
      expect(await reinviteMember(harbour.admin, { member })).toEqual(absent)
      expect(await viewMember(harbour.admin, { member })).toEqual(absent)
    }
    expect(await identify(clinic.caseworker.credential)).not.toBeNull()
  })

  it('nor with the functions of the database, called past the services', async () => {
    const calls = [
      `SELECT app.change_member('${harbour.caseworker.member}', 'X', '{agency_admin}', NULL, 1, '{}') AS answer`,
      `SELECT app.deactivate_member('${clinic.caseworker.member}', '{}') AS answer`,
      `SELECT app.invite_member(gen_random_uuid(), '${clinic.agency.id}', 'x@test.example', 'X', '{agency_admin}', NULL, '\\x01', '{}') AS answer`,
    ]
    for (const actor of [harbour.caseworker, harbour.supervisor]) {
      for (const call of calls) {
        const answer = await withActor(actor, async (tx) => ok(await tx.$queryRawUnsafe<{ answer: string }[]>(call)))
        expect(answer).toEqual(ok([{ answer: 'not_found' }]))
      }
    }
  })

  it('nor with a token: it administers nobody and makes no tokens', async () => {
    const admin = await memberOf(owner, harbour.agency.id, ['agency_admin'], null)
    const made = await createToken(admin, { name: 'script', days: 1 })
    if (!made.ok) throw new Error('The token of a test was refused')
    const byToken = await identify({ kind: 'token', hash: digestOf(made.value.token) })
    if (byToken === null) throw new Error('The token does not open')
    expect(await inviteMember(byToken, someone())).toEqual({ ok: false, refusal: 'forbidden' })
    expect(await createToken(byToken, { name: 'more', days: 1 })).toEqual({ ok: false, refusal: 'forbidden' })
    const call = `SELECT app.deactivate_member('${harbour.colleague.member}', '{}') AS answer`
    const answer = await withActor(byToken, async (tx) => ok(await tx.$queryRawUnsafe(call)))
    expect(answer).toEqual(ok([{ answer: 'not_found' }]))
  })
})

describe('agencies', () => {
  const plain = { name: 'New Path', kind: 'ngo', country: 'KE', timeZone: 'Africa/Nairobi' } as const

  async function networkKey(): Promise<string> {
    const [row] = await owner<{ key: string }[]>`SELECT key FROM network ORDER BY created_at LIMIT 1`
    return row?.key ?? ''
  }

  it('are made by a system administrator, with keys and a first administrator who can work', async () => {
    const administrator = { email: 'first@newpath.test.example', name: 'First One' }
    const made = await createAgency(system, { ...plain, key: 'newpath', network: await networkKey(), administrator })
    if (!made.ok) throw new Error(`The agency was refused: ${made.reason ?? made.refusal}`)
    await acceptInvitation(made.value.secret, { password: PASSWORD }, HERE)
    const admin = await firstSignIn(administrator.email, PASSWORD)
    expect(admin).toMatchObject({ agencyKey: 'newpath', roles: ['agency_admin'] })
    await invited(admin, ['caseworker', 'supervisor'])
    const keys = await owner<{ purpose: string }[]>`
      SELECT purpose FROM agency_key WHERE agency_id = ${admin.agency} ORDER BY purpose`
    expect(keys.map(({ purpose }) => purpose)).toEqual(['data', 'index'])
  })

  it('are made whole or not at all', async () => {
    const { email } = await invited(harbour.admin)
    const network = await networkKey()
    const taken = { email, name: 'Somebody' }
    const refused = await createAgency(system, { ...plain, key: 'halfway', network, administrator: taken })
    expect(refused).toMatchObject({
      refusal: 'conflict',
      errors: { 'administrator.email': ['agencies.member.email_taken'] },
    })
    const [row] = await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM agency WHERE key = 'halfway'`
    expect(row?.n).toBe(0)
    const free = { email: 'free@test.example', name: 'Free' }
    const again = { ...plain, key: harbour.agency.key, network, administrator: free }
    expect(await createAgency(system, again)).toMatchObject({ reason: 'key_taken' })
    expect(await createAgency(system, { ...again, key: 'x1', network: 'nowhere' })).toMatchObject({ reason: 'network' })
    expect(await createAgency(system, { ...again, key: 'x1', timeZone: 'Mars/Base' })).toMatchObject({ reason: 'zone' })
  })

  it('are nobody else’s to make or to list with their administrators', async () => {
    const administrator = { email: 'nobody@test.example', name: 'Nobody' }
    for (const actor of [harbour.admin, harbour.caseworker, await outsider(owner, 'auditor')]) {
      const input = { ...plain, key: 'forbidden', network: 'x', administrator }
      expect(await createAgency(actor, input)).toEqual({ ok: false, refusal: 'forbidden' })
      expect(await listAdministeredAgencies(actor)).toEqual({ ok: false, refusal: 'forbidden' })
      expect(await viewAdministeredAgency(actor, harbour.agency.key)).toEqual({ ok: false, refusal: 'forbidden' })
    }
  })

  it('get an administrator from outside only while they have none', async () => {
    const input = { agency: harbour.agency.key, email: 'outside@test.example', name: 'Outside' }
    expect(await inviteAdministrator(system, input)).toMatchObject({ reason: 'has_administrator' })
    const orphan = await office(owner)
    await owner`UPDATE member SET status = 'deactivated' WHERE id = ${orphan.admin.member}`
    const list = await listAdministeredAgencies(system)
    const found = list.ok ? list.value.agencies.find(({ key }) => key === orphan.agency.key) : undefined
    expect(found?.hasAdministrator).toBe(false)
    expect(await inviteAdministrator(system, { ...input, agency: orphan.agency.key })).toMatchObject({ ok: true })
  })

  it('keep their case members out of the system administrator’s hands', async () => {
    const member = await codeOf(clinic.caseworker)
    expect(await deactivateMember(system, { member })).toEqual({ ok: false, refusal: 'not_found' })
    const version = await versionOf(clinic.caseworker)
    expect(await changeMember(system, { member, name: 'X', roles: ['agency_admin'], version })).toMatchObject({
      refusal: 'not_found',
    })
    expect(await inviteMember(system, someone(['caseworker']))).toMatchObject({ refusal: 'invalid' })
    expect(await inviteMember(system, someone(['system_admin']))).toMatchObject({ ok: true })
  })
})

describe('one’s own account', () => {
  it('shows and ends one’s own sessions, and nobody else’s', async () => {
    const mine = await accountOf(owner, harbour.agency.id)
    const here = await signedIn(owner, harbour.agency.id, mine.id)
    const phone = await signedIn(owner, harbour.agency.id, mine.id)
    const account = await viewAccount(here)
    if (!account.ok) throw new Error('One may see one’s own account')
    expect(account.value.sessions).toHaveLength(2)
    expect(account.value.sessions.filter((session) => session.isThis)).toHaveLength(1)

    const other = account.value.sessions.find((session) => !session.isThis)
    const stranger = await endOwnSession(clinic.caseworker, { session: other?.handle ?? '' })
    expect(stranger).toEqual({ ok: false, refusal: 'not_found' })
    expect(await endOwnSession(here, { session: other?.handle ?? '' })).toEqual(ok())
    expect(await identify(phone.credential)).toBeNull()
    expect(await identify(here.credential)).not.toBeNull()
  })

  it('makes tokens that are stored as digests, end by themselves, and can be ended', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    const made = await createToken(member, { name: 'script', days: 2 })
    if (!made.ok) throw new Error('The token was refused')
    const credential = { kind: 'token', hash: digestOf(made.value.token) } as const
    expect(Buffer.from(made.value.token, 'base64url')).toHaveLength(32)
    expect(await identify(credential)).toMatchObject({ member: member.member })
    const [anywhere] = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM api_token t WHERE t::text LIKE ${`%${made.value.token}%`}`
    expect(anywhere?.n).toBe(0)

    const list = await listTokens(member)
    const id = list.ok ? (list.value[0]?.id ?? '') : ''
    expect(await endToken(clinic.caseworker, { token: id })).toEqual({ ok: false, refusal: 'not_found' })
    await owner`UPDATE api_token SET expires_at = now() - interval '1 second' WHERE id = ${id}`
    expect(await identify(credential)).toBeNull()
    await owner`UPDATE api_token SET expires_at = now() + interval '1 day' WHERE id = ${id}`
    expect(await endToken(member, { token: id })).toEqual(ok())
    expect(await identify(credential)).toBeNull()
  })

  it('trap T10: make no second token when the same form comes again', async () => {
    const member = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    const key = newId()
    expect(await createToken(member, { name: 'script', days: 2 }, key)).toMatchObject({ ok: true })
    expect(await createToken(member, { name: 'script', days: 2 }, key)).toMatchObject({ reason: 'made_already' })
    const list = await listTokens(member)
    expect(list.ok ? list.value.length : 0).toBe(1)
  })

  it('A07: changing the password ends every session and token, and asks for the present one', async () => {
    const account = await accountOf(owner, harbour.agency.id)
    const here = await signedIn(owner, harbour.agency.id, account.id)
    const phone = await signedIn(owner, harbour.agency.id, account.id)
    const made = await createToken(here, { name: 'script', days: 2 })
    const wrong = { current: 'not the present one', password: 'seven other otters borrowed boats' }
    expect(await changePassword(here, wrong, { origin: HERE })).toMatchObject({ refusal: 'invalid' })
    expect(await identify(phone.credential)).not.toBeNull()

    const right = { ...wrong, current: PASSWORD }
    expect(await changePassword(here, right, { origin: HERE })).toEqual(ok())
    expect(await identify(here.credential)).toBeNull()
    expect(await identify(phone.credential)).toBeNull()
    const token = made.ok ? digestOf(made.value.token) : digestOf('')
    expect(await identify({ kind: 'token', hash: token })).toBeNull()
    expect(await signIn({ email: account.email, password: PASSWORD }, { origin: HERE })).toMatchObject({ ok: false })
    expect(await signIn({ email: account.email, password: right.password }, { origin: HERE })).toMatchObject({
      ok: true,
    })
  })
})
