import { beforeEach, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { identify } from '@/lib/access/identify'
import { withActor } from '@/lib/access/with-actor'
import { createAgency } from '@/lib/agencies/administration-service'
import { changeMember, deactivateMember, inviteMember, reinviteMember } from '@/lib/agencies/member-service'
import { confirmWithPassword } from '@/lib/auth/confirm'
import { signIn } from '@/lib/auth/sign-in'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { ok } from '@/lib/platform/result'
import { accountOf, PASSWORD } from '@/tests/factories/accounts'
import { memberOf, outsider } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'
import { tokenFor } from '@/tests/support/api'

inOneOffice()

const HERE = { networkPrefix: '192.0.2.0/24', requestId: 'request-1' }
const REFUSED = { ok: false, refusal: 'step_up_required' }

beforeEach(async () => {
  await owner`DELETE FROM throttle`
})

async function opened(session: string): Promise<Actor> {
  const actor = await identify({ kind: 'session', hash: digestOf(session) }, HERE)
  if (actor === null) throw new Error('The session of a test did not open')
  return actor
}

async function signedInAdmin(): Promise<Actor> {
  const { email } = await accountOf(owner, harbour.agency.id, ['agency_admin'])
  const started = await signIn({ email, password: PASSWORD }, { origin: HERE })
  if (!started.ok) throw new Error('The sign-in of a test did not work')
  return opened(started.value.session)
}

/** As if the member had last shown six minutes ago that it is them. */
async function grownOld(actor: Actor): Promise<Actor> {
  await owner`UPDATE session SET proven_at = proven_at - interval '6 minutes' WHERE member_id = ${actor.member}`
  return actor
}

function isFresh(actor: Actor) {
  return withActor(actor, async (tx) => (await requireFresh(tx)) ?? ok())
}

describe('A11: showing anew who one is', () => {
  it('is not asked within five minutes of signing in, and is after them', async () => {
    const admin = await signedInAdmin()
    expect(await isFresh(admin)).toEqual(ok())
    expect(await isFresh(await grownOld(admin))).toEqual(REFUSED)
  })

  it('goes by the real clock: a moved one makes nothing old and nothing fresh', async () => {
    const admin = await signedInAdmin()
    await owner`UPDATE installation SET demonstration = true, clock_offset_seconds = 864000`
    try {
      expect(await isFresh(admin)).toEqual(ok())
      await owner`UPDATE installation SET clock_offset_seconds = -864000`
      expect(await isFresh(await grownOld(admin))).toEqual(REFUSED)
    } finally {
      await owner`UPDATE installation SET demonstration = false, clock_offset_seconds = 0`
    }
  })

  it('is always asked of a token, which can’t do it', async () => {
    const token = await tokenFor(owner, harbour.admin)
    const actor = await identify({ kind: 'token', hash: digestOf(token) })
    if (actor === null) throw new Error('The token of a test did not open')
    expect(await isFresh(actor)).toEqual(REFUSED)
  })

  it('is asked before any administration of members and agencies, which a fresh session may do', async () => {
    const admin = await memberOf(owner, harbour.agency.id, ['agency_admin'], null)
    const person = {
      email: `fresh${admin.member.slice(-6)}@test.example`,
      name: 'Newcomer',
      roles: ['caseworker' as const],
    }
    const invited = await inviteMember(admin, person)
    if (!invited.ok) throw new Error('A fresh administrator could not invite')
    const { member } = invited.value
    await grownOld(admin)
    const change = { member, name: 'Newcomer', roles: ['supervisor' as const], version: 1 }
    for (const answer of [
      await inviteMember(admin, { ...person, email: `x${person.email}` }),
      await changeMember(admin, change),
      await reinviteMember(admin, { member }),
      await deactivateMember(admin, { member }),
    ]) {
      expect(answer).toEqual(REFUSED)
    }
    const system = await grownOld(await outsider(owner, 'system_admin'))
    const agency = { key: 'stale', name: 'Stale', kind: 'ngo' as const, network: 'x', country: 'KE', timeZone: 'UTC' }
    const administrator = { email: 'stale@test.example', name: 'Stale' }
    expect(await createAgency(system, { ...agency, administrator })).toEqual(REFUSED)
    const [seen] = await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM audit_event
      WHERE actor_id = ${admin.member} AND type = 'access.refused' AND outcome = 'step_up_required'`
    expect(seen?.n).toBe(4)
  })

  it('is asked by the database as well, where the service forgot', async () => {
    const admin = await grownOld(await memberOf(owner, harbour.agency.id, ['agency_admin'], null))
    const answer = await withActor(admin, async (tx) =>
      ok(
        await tx.$queryRawUnsafe(
          `SELECT app.invite_member(gen_random_uuid(), '${harbour.agency.id}', 'x@test.example', 'X', '{caseworker}', NULL, '\\x01', '{}') AS answer`,
        ),
      ),
    )
    expect(answer).toEqual(ok([{ answer: 'not_found' }]))
  })
})

describe('A11: the password, entered once more', () => {
  it('A08: makes the session fresh under a new id, and the id from before opens nothing', async () => {
    const admin = await grownOld(await signedInAdmin())
    const confirmed = await confirmWithPassword(admin, PASSWORD, { origin: HERE })
    if (!confirmed.ok) throw new Error('A right password did not confirm')
    expect(await identify(admin.credential)).toBeNull()
    const renewed = await opened(confirmed.value.session)
    expect(await isFresh(renewed)).toEqual(ok())
    expect(renewed.expiresAt).toEqual(admin.expiresAt)
    const events = await owner<{ type: string }[]>`
      SELECT type FROM audit_event WHERE actor_id = ${admin.member} ORDER BY id DESC LIMIT 1`
    expect(events[0]?.type).toBe('session.confirmed')
  })

  it('A05: changes nothing when it is wrong, and slows down after a few of those', async () => {
    const admin = await grownOld(await signedInAdmin())
    const wrong = { refusal: 'invalid', errors: { password: ['auth.password.current_wrong'] } }
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await confirmWithPassword(admin, 'not this one at all', { origin: HERE })).toMatchObject(wrong)
    }
    expect(await confirmWithPassword(admin, PASSWORD, { origin: HERE })).toMatchObject({ refusal: 'too_many' })
    expect(await isFresh(admin)).toEqual(REFUSED)
  })

  it('makes no session fresh that has ended, and no token', async () => {
    const admin = await signedInAdmin()
    await owner`UPDATE session SET ended_at = now() WHERE member_id = ${admin.member}`
    expect((await confirmWithPassword(admin, PASSWORD, { origin: HERE })).ok).toBe(false)
    const token = await tokenFor(owner, harbour.admin)
    const actor = await identify({ kind: 'token', hash: digestOf(token) })
    if (actor === null) throw new Error('The token of a test did not open')
    expect(await confirmWithPassword(actor, PASSWORD, { origin: HERE })).toMatchObject({ refusal: 'forbidden' })
  })
})
