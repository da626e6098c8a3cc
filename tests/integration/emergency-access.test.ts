import { beforeEach, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { emergencyOfSession } from '@/lib/access/emergency'
import { withActor } from '@/lib/access/with-actor'
import { readContactText } from '@/lib/assistance/contacts/service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { workerHandle } from '@/lib/cases/data'
import { alarmMissingReviews, endDueEmergencies } from '@/lib/cases/emergency/jobs-service'
import type { EmergencyFinding } from '@/lib/cases/emergency/schema'
import {
  endOwnEmergency,
  listEmergencyReviews,
  openEmergency,
  reviewEmergency,
  viewEmergency,
} from '@/lib/cases/emergency/service'
import { changeCase, closeCase, openCase, restrictCase, viewCase } from '@/lib/cases/service'
import { assignMember, unassignMember, viewCaseAccess } from '@/lib/cases/team-service'
import { runDueJobs } from '@/lib/jobs/registry'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { viewPerson } from '@/lib/people/service'
import { newCode } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { loggedContact, loggedService } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, restrictedCase, valueOf } from '@/tests/factories/cases'
import { memberOf, office, outsider, type Office } from '@/tests/factories/office'
import { inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const WORDS = 'They rang the night line and are afraid to go home'
const NOT_FOUND = { ok: false, refusal: 'not_found' }

let side: Office

beforeEach(async () => {
  side = await office(owner, { demonstration: true })
  await owner`UPDATE installation SET clock_offset_seconds = 0`
})

const ask = (actor: Actor, code: string) => openEmergency(actor, { code, reason: 'danger', words: WORDS })

/** Opens a case for a colleague; the code of the access. */
async function opened(actor: Actor, code: string): Promise<string> {
  const { access } = valueOf(await ask(actor, code))
  if (access === null) throw new Error('Nothing was opened')
  return access
}

async function advance(hours: number): Promise<void> {
  await owner`UPDATE installation SET clock_offset_seconds = clock_offset_seconds + ${Math.round(hours * 3600)}`
}

async function eventsOf(access: string) {
  return owner<{ type: string; basis: string; purpose: string; actor: string | null; sealed: boolean }[]>`
    SELECT type, basis, purpose, actor_id AS actor, reason IS NOT NULL AS sealed FROM audit_event
    WHERE subject = ${access} ORDER BY id`
}

async function told(access: string, kind: string): Promise<string[]> {
  const rows = await owner<{ member: string }[]>`
    SELECT member_id AS member FROM notice WHERE subject = ${access} AND kind = ${`emergency-access.${kind}`} ORDER BY 1`
  return rows.map(({ member }) => member)
}

const sorted = (...actors: readonly Actor[]) => actors.map(({ member }) => member).sort()

describe('emergency access (T15)', () => {
  it('T15, invariant 2: opens identity, notes and texts of one case to a caseworker off its team, each look with the access as its basis', async () => {
    const person = await registeredPerson(
      side.caseworker,
      registerPersonInput.parse({ identity: { names: ['Amina Otter'] } }),
    )
    const on = (await openedCase(side.caseworker, { person })).code
    const service = (await loggedService(side.caseworker, { case: on, note: 'Kind words' })).code
    const contact = (await loggedContact(side.caseworker, { case: on, text: 'Spoke briefly' })).code
    const { colleague } = side
    expect(await readIdentity(colleague, { person })).toMatchObject({ ok: false, refusal: 'forbidden' })

    const access = await opened(colleague, on)
    expect(valueOf(await readIdentity(colleague, { person })).names[0]?.value).toBe('Amina Otter')
    expect(valueOf(await readServiceNotes(colleague, { service }))).toHaveLength(1)
    valueOf(await readContactText(colleague, { contact }))
    expect(valueOf(await viewCase(colleague, { case: on })).content).not.toBeNull()
    const looks = await owner<{ type: string; basis: string; purpose: string }[]>`
      SELECT type, basis, purpose FROM audit_event WHERE actor_id = ${colleague.member} AND action = 'read'
        AND type <> 'emergency-access.viewed' ORDER BY id`
    expect(looks.length).toBeGreaterThanOrEqual(4)
    for (const look of looks) expect(look).toMatchObject({ basis: access, purpose: 'emergency' })

    const [began] = await eventsOf(access)
    expect(began).toEqual({
      type: 'emergency-access.opened',
      basis: 'danger',
      purpose: 'emergency',
      actor: colleague.member,
      sealed: true,
    })
    const [row] = await owner`SELECT encode(reason_text, 'escape') AS text FROM emergency_access WHERE code = ${access}`
    expect(row?.['text']).not.toContain('night line')
  })

  it('T15: tells the team and the supervisors at once, by the code of the access alone', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    expect(await told(access, 'opened')).toEqual(sorted(side.caseworker, side.supervisor))
    expect(await told(access, 'review-due')).toEqual([])
  })

  it('T05, invariant 5, trap T11: answers a wrong code, a foreign one and a restricted one alike, and by code alone', async () => {
    const other = await office(owner)
    const foreign = await openedCase(other.caseworker)
    const hidden = await restrictedCase(side.caseworker)
    for (const code of [
      newCode('CAS'),
      newCode('AMP'),
      foreign.code,
      foreign.person,
      hidden.code,
      hidden.person,
      'CAS-1',
      'x',
    ]) {
      expect(await ask(side.colleague, code), code).toEqual(NOT_FOUND)
    }
    expect(
      await owner`SELECT 1 FROM emergency_access WHERE agency_id IN (${side.agency.id}, ${other.agency.id})`,
    ).toHaveLength(0)
  })

  it('T15, hard part 3: opens a restricted case to a supervisor alone', async () => {
    const hidden = await restrictedCase(side.caseworker)
    expect(await viewCase(side.supervisor, { case: hidden.code })).toEqual(NOT_FOUND)
    const access = await opened(side.supervisor, hidden.code)
    expect(valueOf(await viewCase(side.supervisor, { case: hidden.code })).content).not.toBeNull()
    valueOf(await readIdentity(side.supervisor, { person: hidden.person }))
    valueOf(await endOwnEmergency(side.supervisor, { access }))
    expect(await viewCase(side.supervisor, { case: hidden.code })).toEqual(NOT_FOUND)
    expect(await viewPerson(side.supervisor, { person: hidden.person })).toEqual(NOT_FOUND)
  })

  it('T15: is nothing for administrators, coordinators and auditors, and for tokens', async () => {
    const on = (await openedCase(side.caseworker)).code
    const others = [
      side.admin,
      await outsider(owner, 'coordinator'),
      await outsider(owner, 'auditor'),
      await outsider(owner, 'system_admin'),
    ]
    for (const actor of others) expect(await ask(actor, on)).toMatchObject({ ok: false, refusal: 'forbidden' })
    const token = { ...side.colleague, credential: { kind: 'token', hash: new Uint8Array(32) } } as const
    await expect(ask(token, on)).rejects.toThrow()
  })

  it('T15, A11: wants whoever opens to have just shown that it is them, before the code is looked at', async () => {
    const on = (await openedCase(side.caseworker)).code
    await owner`UPDATE session SET proven_at = now() - interval '6 minutes' WHERE member_id = ${side.colleague.member}`
    const stale = await ask(side.colleague, on)
    expect(stale).toEqual({ ok: false, refusal: 'step_up_required' })
    expect(await ask(side.colleague, newCode('CAS'))).toEqual(stale)
    await owner`UPDATE session SET proven_at = now() WHERE member_id = ${side.colleague.member}`
    await opened(side.colleague, on)
  })

  it('gives whoever is on the team the way there and no access', async () => {
    const on = await openedCase(side.caseworker)
    const answer = valueOf(await ask(side.caseworker, on.code))
    expect(answer).toEqual({ access: null, address: `/cases/${on.code}`, endsAt: null })
    expect(await owner`SELECT 1 FROM emergency_access WHERE member_id = ${side.caseworker.member}`).toHaveLength(0)
  })

  it('opens a person by their code with all their cases, also one who has none', async () => {
    const on = await openedCase(side.caseworker)
    expect(valueOf(await ask(side.colleague, on.person)).address).toBe(`/persons/${on.person}`)
    expect(valueOf(await viewPerson(side.colleague, { person: on.person })).team).toBe(true)
    expect(valueOf(await viewCase(side.colleague, { case: on.code })).content).not.toBeNull()
    const alone = await registeredPerson(side.caseworker)
    await opened(side.colleague, alone)
    valueOf(await readIdentity(side.colleague, { person: alone }))
  })

  it('asks again for words that hold a number before it looks at the code, so that asking tells nothing', async () => {
    const on = (await openedCase(side.caseworker)).code
    const flagged = (code: string) =>
      openEmergency(side.colleague, { code, reason: 'danger', words: 'Call her on 0712 345 678 tonight' })
    expect(await flagged(on)).toMatchObject({ ok: false, refusal: 'invalid', reason: 'text_flagged' })
    expect(await flagged(newCode('CAS'))).toEqual(await flagged(on))
    const kept = await openEmergency(side.colleague, {
      code: on,
      reason: 'danger',
      words: 'Call her on 0712 345 678 tonight',
      wordsKept: 'the number of the police',
    })
    expect(kept.ok).toBe(true)
  })
})

describe('an emergency access ends (T15, trap T16)', () => {
  it('T15: by itself after four hours, with a stop event that comes once, and is never extended', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    await advance(3.9)
    expect(valueOf(await viewCase(side.colleague, { case: on })).content).not.toBeNull()
    expect(valueOf(await ask(side.colleague, on)).access).toBeNull()
    await advance(0.2)
    // Before any job has run: the clock of the database decides.
    expect(valueOf(await viewCase(side.colleague, { case: on })).content).toBeNull()
    await Promise.all([endDueEmergencies(), endDueEmergencies()])
    expect(await endDueEmergencies()).toBe(0)
    const stops = (await eventsOf(access)).filter(({ type }) => type === 'emergency-access.ended')
    expect(stops).toEqual([expect.objectContaining({ basis: 'time', actor: null })])
    const again = await opened(side.colleague, on)
    expect(again).not.toBe(access)
  })

  it('T15: is ended, its team told and its alarm raised by what does at once all that the clock made due', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    await advance(5)
    await runDueJobs()
    expect((await eventsOf(access)).map(({ type }) => type)).toContain('emergency-access.ended')
    await advance(14 * 24)
    await runDueJobs()
    expect((await eventsOf(access)).map(({ type }) => type)).toContain('emergency-access.review-missing')
  })

  it('T15: four hours are the most that the database stores, and no end is put off', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    await expect(
      owner`UPDATE emergency_access SET ends_at = ends_at + interval '1 hour' WHERE code = ${access}`,
    ).rejects.toThrow()
    await expect(
      owner`INSERT INTO emergency_access (id, person_id, case_id, holder_agency_id, agency_id, member_id, reason_code, opened_at, ends_at, review_due_at)
        SELECT gen_random_uuid(), person_id, case_id, holder_agency_id, agency_id, ${side.supervisor.member}, 'danger', now(), now() + interval '5 hours', now()
        FROM emergency_access WHERE code = ${access}`,
    ).rejects.toThrow(/emergency_access_hours/)
  })

  it('T15: when its member ends it, and nobody else can', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    expect(await endOwnEmergency(side.caseworker, { access })).toMatchObject({ ok: false, refusal: 'forbidden' })
    valueOf(await endOwnEmergency(side.colleague, { access }))
    expect(valueOf(await viewCase(side.colleague, { case: on })).content).toBeNull()
    expect(await endOwnEmergency(side.colleague, { access })).toMatchObject({ ok: false, refusal: 'conflict' })
    expect(await told(access, 'review-due')).toEqual(sorted(side.supervisor))
  })

  it('trap T16: when its member gets another role, unit, or leaves', async () => {
    const on = (await openedCase(side.caseworker)).code
    const changes = [
      (id: string) => owner`UPDATE member SET roles = '{supervisor}' WHERE id = ${id}`,
      (id: string) => owner`UPDATE member SET unit_id = NULL WHERE id = ${id}`,
      (id: string) => owner`UPDATE member SET status = 'deactivated' WHERE id = ${id}`,
    ]
    for (const change of changes) {
      const member = await memberOf(owner, side.agency.id, ['caseworker'], side.unit)
      const access = await opened(member, on)
      await change(member.member)
      const [row] = await owner`SELECT ended_at, end_reason FROM emergency_access WHERE code = ${access}`
      expect(row?.['end_reason']).toBe('member_changed')
      expect((await eventsOf(access)).map(({ type }) => type)).toContain('emergency-access.ended')
    }
  })

  it('invariant 5: for a caseworker when the case is restricted meanwhile', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    valueOf(await restrictCase(side.caseworker, { case: on }))
    expect(await viewCase(side.colleague, { case: on })).toEqual(NOT_FOUND)
    const [row] = await owner`SELECT end_reason FROM emergency_access WHERE code = ${access}`
    expect(row?.['end_reason']).toBe('restricted')
  })

  it('when its member is put on the team, who then needs it no longer', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    valueOf(await assignMember(side.caseworker, { case: on, member: workerHandle(side.colleague.member) }))
    const [row] = await owner`SELECT end_reason FROM emergency_access WHERE code = ${access}`
    expect(row?.['end_reason']).toBe('assigned')
    expect(valueOf(await viewCase(side.colleague, { case: on })).content).not.toBeNull()
  })
})

describe('whoever came in by an emergency', () => {
  it('helps: logs a service, which names the access', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    await loggedService(side.colleague, { case: on })
    const [event] =
      await owner`SELECT basis FROM audit_event WHERE actor_id = ${side.colleague.member} AND type = 'service.logged'`
    expect(event?.['basis']).toBe(access)
  })

  it('does not stay: changes no team, restricts, closes and opens no case', async () => {
    const { colleague } = side
    const on = await openedCase(side.caseworker)
    await opened(colleague, on.code)
    const mine = { case: on.code, member: workerHandle(colleague.member) }
    const refused = [
      await assignMember(colleague, mine),
      await unassignMember(colleague, { ...mine, member: workerHandle(side.caseworker.member) }),
      await restrictCase(colleague, { case: on.code }),
      await closeCase(colleague, { case: on.code, version: on.version, closureReason: 'other' }),
      await changeCase(colleague, { case: on.code, version: on.version, legalHold: true }),
      await openCase(colleague, { person: on.person }),
    ]
    for (const answer of refused) expect(answer).toMatchObject({ ok: false, refusal: 'forbidden' })
    const [file] = await owner<
      { id: string; person: string }[]
    >`SELECT id, person_id AS person FROM case_file WHERE code = ${on.code}`
    const caseId = file?.id ?? ''
    // The database says the same, whatever the services think.
    await expect(
      withActor(colleague, async (tx) => {
        await tx.$executeRaw`
          INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id)
          SELECT gen_random_uuid(), id, person_id, holder_agency_id, agency_id, ${colleague.member}::uuid FROM case_file WHERE id = ${caseId}::uuid`
        return ok()
      }),
    ).rejects.toThrow(/row-level security/)
    await expect(
      withActor(colleague, async (tx) => {
        await tx.$queryRaw`SELECT app.restrict_case(${caseId}::uuid, true)`
        return ok()
      }),
    ).rejects.toThrow(/restricts and closes no case/)
    await expect(
      withActor(colleague, async (tx) => {
        await tx.$executeRaw`UPDATE case_file SET closed_on = now() WHERE id = ${caseId}::uuid`
        return ok()
      }),
    ).rejects.toThrow(/restricts and closes no case/)
  })

  it('is among those who can read the case, until when, for the team to see', async () => {
    const on = (await openedCase(side.caseworker)).code
    await opened(side.colleague, on)
    const { audience } = valueOf(await viewCaseAccess(side.caseworker, { case: on }))
    const guest = audience.find(({ reason }) => reason === 'emergency')
    expect(guest?.name).toBe(side.colleague.displayName)
    expect(guest?.until).not.toBeNull()
  })

  it('has the bar on the pages of what is open, for this session and no other, and asking writes nothing', async () => {
    const on = await openedCase(side.caseworker)
    const { access, endsAt } = valueOf(await ask(side.colleague, on.code))
    const hashOf = ({ credential }: Actor) => (credential.kind === 'session' ? credential.hash : new Uint8Array(32))
    const before = await owner`SELECT count(*) AS n FROM audit_event`
    const bar = await emergencyOfSession(hashOf(side.colleague), on.code)
    expect(bar).toMatchObject({ code: access, reason: 'danger', reviewers: [side.supervisor.displayName] })
    expect(bar?.endsAt.toISOString()).toBe(endsAt)
    expect(bar?.secondsLeft).toBeGreaterThan(14_000)
    expect(await emergencyOfSession(hashOf(side.colleague), on.person)).not.toBeNull()
    expect(await emergencyOfSession(hashOf(side.colleague), access ?? '')).not.toBeNull()
    expect(await emergencyOfSession(hashOf(side.colleague), newCode('CAS'))).toBeNull()
    expect(await emergencyOfSession(hashOf(side.caseworker), on.code)).toBeNull()
    expect(await owner`SELECT count(*) AS n FROM audit_event`).toEqual(before)
    await advance(4.1)
    expect(await emergencyOfSession(hashOf(side.colleague), on.code)).toBeNull()
  })
})

describe('the review of an emergency access (T15)', () => {
  const finding: EmergencyFinding = 'justified:fits_reason'

  it('T15: is by a second person, after the end, once', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    expect(await reviewEmergency(side.supervisor, { access, finding })).toMatchObject({
      ok: false,
      refusal: 'conflict',
      reason: 'still_open',
    })
    valueOf(await endOwnEmergency(side.colleague, { access }))
    expect(await reviewEmergency(side.colleague, { access, finding })).toMatchObject({
      ok: false,
      refusal: 'forbidden',
    })
    expect(await reviewEmergency(side.caseworker, { access, finding })).toMatchObject({
      ok: false,
      refusal: 'forbidden',
    })
    valueOf(await reviewEmergency(side.supervisor, { access, finding }))
    expect(await reviewEmergency(side.supervisor, { access, finding: 'follow_up:ask_team' })).toMatchObject({
      ok: false,
      refusal: 'conflict',
    })
    const seen = valueOf(await viewEmergency(side.supervisor, { access }))
    expect(seen.review).toMatchObject({ by: side.supervisor.displayName, finding })
    expect((await eventsOf(access)).map(({ type, basis }) => `${type} ${basis}`)).toContain(
      `emergency-access.reviewed ${finding}`,
    )
  })

  it('T15: is never by the supervisor who opened it; where nobody else is, by who administers the installation, who sees no content', async () => {
    const hidden = await restrictedCase(side.caseworker)
    const system = await outsider(owner, 'system_admin')
    const access = await opened(side.supervisor, hidden.code)
    expect(await told(access, 'opened')).toContain(system.member)
    valueOf(await readIdentity(side.supervisor, { person: hidden.person }))
    valueOf(await endOwnEmergency(side.supervisor, { access }))
    expect(await reviewEmergency(side.supervisor, { access, finding })).toMatchObject({
      ok: false,
      refusal: 'forbidden',
    })
    const listed = valueOf(await listEmergencyReviews(system)).find(({ code }) => code === access)
    expect(listed).toMatchObject({ subject: null, looks: 1, agency: side.agency.name })
    const seen = valueOf(await viewEmergency(system, { access }))
    expect(seen).toMatchObject({ subject: null, words: null, may: { review: true } })
    expect(seen.looksAt.map(({ type }) => type)).toEqual(['identity.read'])
    const said = JSON.stringify(seen)
    for (const code of [hidden.code, hidden.person, WORDS]) expect(said).not.toContain(code)
    valueOf(await reviewEmergency(system, { access, finding }))
  })

  it('shows a supervisor off the team of a restricted case no code of it, and the team the reason in words', async () => {
    const second = await memberOf(owner, side.agency.id, ['supervisor'], side.unit)
    const hidden = await restrictedCase(side.caseworker)
    const access = await opened(side.supervisor, hidden.code)
    const said = JSON.stringify([
      valueOf(await viewEmergency(second, { access })),
      valueOf(await listEmergencyReviews(second)),
    ])
    for (const code of [hidden.code, hidden.person, WORDS]) expect(said).not.toContain(code)
    expect(said).toContain(access)
    expect(valueOf(await viewEmergency(side.caseworker, { access }))).toMatchObject({
      words: WORDS,
      subject: hidden.code,
      standing: 'team',
    })
    expect(valueOf(await viewEmergency(side.supervisor, { access }))).toMatchObject({ words: WORDS, standing: 'own' })
  })

  it('T05: is not there for anybody else', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    const other = await office(owner)
    const third = await memberOf(owner, side.agency.id, ['caseworker'], side.unit)
    for (const actor of [other.supervisor, other.admin, third, side.admin, await outsider(owner, 'auditor')]) {
      expect(await viewEmergency(actor, { access })).toEqual(NOT_FOUND)
      expect(await reviewEmergency(actor, { access, finding })).toEqual(NOT_FOUND)
      expect(await viewEmergency(actor, { access: newCode('EMG') })).toEqual(NOT_FOUND)
    }
  })

  it('T15: that stays away raises the alarm once, to the reviewers and the administrators, and is shown as late', async () => {
    const on = (await openedCase(side.caseworker)).code
    const access = await opened(side.colleague, on)
    valueOf(await endOwnEmergency(side.colleague, { access }))
    expect(valueOf(await listEmergencyReviews(side.supervisor))).toMatchObject([{ code: access, late: false }])
    await alarmMissingReviews()
    expect(await told(access, 'review-missing')).toEqual([])
    // Three working days are at most seven days where nothing else is closed.
    await advance(24 * 7)
    expect(await alarmMissingReviews()).toBeGreaterThan(0)
    expect(await alarmMissingReviews()).toBe(0)
    expect(await told(access, 'review-missing')).toEqual(sorted(side.supervisor, side.admin))
    expect((await eventsOf(access)).map(({ type }) => type)).toContain('emergency-access.review-missing')
    expect(valueOf(await listEmergencyReviews(side.supervisor))).toMatchObject([{ code: access, late: true }])
    expect(valueOf(await viewEmergency(side.admin, { access }))).toMatchObject({
      standing: 'oversee',
      subject: null,
      words: null,
    })
    valueOf(await reviewEmergency(side.supervisor, { access, finding: 'not_justified:team_reachable' }))
  })
})
