import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { withActor } from '@/lib/access/with-actor'
import {
  makeAgency,
  makeSystemAdministrator,
  makeToken,
  moveClock,
  resetMemberFactors,
} from '@/lib/agencies/operator-service'
import { createAgency } from '@/lib/agencies/administration-service'
import { inviteMember } from '@/lib/agencies/member-service'
import { acceptInvitation } from '@/lib/auth/passwords'
import { findSignInPage } from '@/lib/auth/data'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { ok } from '@/lib/platform/result'
import { PASSWORD } from '@/tests/factories/accounts'
import { ownerOf } from '@/tests/factories/office'
import { firstSignIn } from '@/tests/support/second-factor'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

const FIRST = { email: 'first@operator.example', name: 'First', country: 'PT', timeZone: 'Europe/Lisbon' }

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const actors = new Map<string, Actor>()

/** Signs in once, with the second factor that real data ask for. */
async function actorOf(email: string): Promise<Actor> {
  const actor = actors.get(email) ?? (await firstSignIn(email, PASSWORD))
  actors.set(email, actor)
  return actor
}

describe('an installation from nothing', () => {
  it('gets its first administrator by command, who makes an agency whose administrator invites a caseworker', async () => {
    expect(await findSignInPage()).toMatchObject({ administered: false })
    const secret = await makeSystemAdministrator(database.ownerUrl, FIRST)
    expect(await acceptInvitation(secret, { password: PASSWORD }, {})).toEqual(ok())
    expect(await findSignInPage()).toMatchObject({ administered: true, demonstration: false, accounts: [] })

    const system = await actorOf(FIRST.email)
    expect(system).toMatchObject({ agencyKey: 'amparo', agencyKind: 'operator', roles: ['system_admin'] })
    const administrator = { email: 'admin@harbour.example', name: 'Office' }
    const harbour = {
      key: 'harbour',
      name: 'Harbour House',
      kind: 'ngo',
      network: 'main',
      country: 'PT',
      timeZone: 'Europe/Lisbon',
    }
    const made = await createAgency(system, { ...harbour, kind: 'ngo', administrator })
    if (!made.ok) throw new Error('The agency was refused')
    await acceptInvitation(made.value.secret, { password: PASSWORD }, {})
    const admin = await actorOf(administrator.email)
    const invited = await inviteMember(admin, { email: 'ana@harbour.example', name: 'Ana', roles: ['caseworker'] })
    if (!invited.ok) throw new Error('The caseworker was refused')
    await acceptInvitation(invited.value.secret, { password: PASSWORD }, {})
    expect(await actorOf('ana@harbour.example')).toMatchObject({ roles: ['caseworker'], timeZone: 'Europe/Lisbon' })
  })

  it('makes agencies and further administrators by command too, and refuses what is taken with one sentence', async () => {
    await makeSystemAdministrator(database.ownerUrl, { email: 'second@operator.example', name: 'Second' })
    const clinic = {
      key: 'clinic',
      name: 'Clinic',
      kind: 'ngo' as const,
      adminEmail: 'admin@clinic.example',
      adminName: 'Office',
    }
    await acceptInvitation(await makeAgency(database.ownerUrl, clinic), { password: PASSWORD }, {})
    expect(await actorOf(clinic.adminEmail)).toMatchObject({ agencyKey: 'clinic', roles: ['agency_admin'] })
    await expect(makeAgency(database.ownerUrl, clinic)).rejects.toThrow('There is an agency clinic already')
    await expect(makeSystemAdministrator(database.ownerUrl, FIRST)).rejects.toThrow('has this e-mail address already')
  })

  it('writes what the operator did into the log', async () => {
    const rows = await owner<
      { type: string }[]
    >`SELECT DISTINCT type FROM audit_event WHERE session = 'operator' ORDER BY type`
    expect(rows.map(({ type }) => type)).toEqual(['agency.created', 'key.created', 'member.invited', 'network.created'])
  })
})

describe('a token made by command', () => {
  it('opens what its member may, and is refused for anybody who is not active', async () => {
    const token = await makeToken(database.ownerUrl, { user: 'ANA@harbour.example', name: 'script', days: 3 })
    expect(await identify({ kind: 'token', hash: digestOf(token) })).toMatchObject({ email: 'ana@harbour.example' })
    const nobody = { user: 'second@operator.example', name: 'script', days: 3 }
    await expect(makeToken(database.ownerUrl, nobody)).rejects.toThrow('No active member has this e-mail address')
  })
})

describe('a second factor that was lost', () => {
  it('A01: leaves no token to a member until there is another one', async () => {
    expect(await resetMemberFactors(database.ownerUrl, 'ANA@harbour.example')).toMatch(/^MBR-/)
    await expect(
      makeToken(database.ownerUrl, { user: 'ana@harbour.example', name: 'script', days: 3 }),
    ).rejects.toThrow('has to set up a second factor first')
    await expect(resetMemberFactors(database.ownerUrl, 'ana@harbour.example')).rejects.toThrow('has no second factor')
    await expect(resetMemberFactors(database.ownerUrl, 'nobody@harbour.example')).rejects.toThrow('No active member')
    actors.delete('ana@harbour.example')
    const [last] = await owner<{ type: string; session: string; actor: string }[]>`
      SELECT type, session, m.email AS actor FROM audit_event e JOIN member m ON m.id = e.actor_id
      WHERE type = 'member.factors-reset'`
    expect(last).toEqual({ type: 'member.factors-reset', session: 'operator', actor: 'ana@harbour.example' })
    expect(await actorOf('ana@harbour.example')).toMatchObject({ strength: 2 })
  })
})

describe('the clock', () => {
  it('stands still on real data', async () => {
    await expect(moveClock(database.ownerUrl, 3600)).rejects.toThrow('this installation holds real data')
    expect((await moveClock(database.ownerUrl, 0)).offsetSeconds).toBe(0)
  })

  it('moves on demonstration data, for deadlines and not for sessions, and says so in the log', async () => {
    await owner`UPDATE installation SET demonstration = true`
    const actor = await actorOf('ana@harbour.example')
    await moveClock(database.ownerUrl, 90_000)
    await moveClock(database.ownerUrl, 3600)
    const seen = await withActor(actor, async (tx) => {
      const rows = await tx.$queryRaw<{ ahead: number }[]>`
        SELECT extract(epoch FROM app.now() - clock_timestamp())::int AS ahead`
      return ok(rows[0]?.ahead)
    })
    expect(seen).toEqual(ok(93_600))
    const [row] = await owner<
      { n: number }[]
    >`SELECT count(*)::int AS n FROM audit_event WHERE type = 'installation.clock-moved'`
    expect(row?.n).toBe(2)
  })
})
