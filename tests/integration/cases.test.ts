import { describe, expect, it } from 'vitest'

import { viewCaseOverview } from '@/lib/cases/overview-service'
import { changeCase, closeCase, openCase, reopenCase, restrictCase, viewCase } from '@/lib/cases/service'
import { doneTask, listTasks, makeTask, snoozeTask } from '@/lib/cases/tasks/service'
import { assignMember, unassignMember, viewTeam } from '@/lib/cases/team-service'
import { workerHandle } from '@/lib/cases/data'
import { addDays, dayIn } from '@/lib/platform/zone'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { memberOf, office } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const today = () => dayIn('UTC', new Date())

async function eventsOf(code: string): Promise<string[]> {
  const rows = await owner<{ type: string }[]>`SELECT type FROM audit_event WHERE subject = ${code} ORDER BY id`
  return rows.map(({ type }) => type)
}

describe('opening a case', () => {
  it('puts whoever opens it on its team, as its lead, and writes one event', async () => {
    const opened = await openedCase(harbour.caseworker)
    expect(opened).toMatchObject({ number: 1, status: 'active', stage: 'presumed', risk: null, version: 1 })
    expect(opened.team).toMatchObject([{ name: harbour.caseworker.displayName, lead: true }])
    expect(opened.openedOn).toBe(today())
    expect(opened.content).toMatchObject({ wantsSupport: 'unknown', takesPart: 'unknown', identification: 'possible' })
    expect(await eventsOf(opened.code)).toEqual(['case.opened'])
  })

  it('works for a member without a unit, too', async () => {
    const newcomer = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    const opened = await openedCase(newcomer)
    expect(opened.team).toMatchObject([{ name: newcomer.displayName, lead: true }])
    expect(opened.content).not.toBeNull()
  })

  it('counts the cases of a person, also when two are opened at once', async () => {
    const person = await registeredPerson(harbour.caseworker)
    const opened = await Promise.all([1, 2, 3].map(() => openCase(harbour.caseworker, { person })))
    expect(opened.map((result) => valueOf(result).number).sort()).toEqual([1, 2, 3])
  })

  it.each([
    ['high', 7],
    ['medium', 14],
    ['low', 28],
  ] as const)('with %s risk plans a review in %i days', async (risk, days) => {
    const opened = await openedCase(harbour.caseworker, { risk })
    const due = addDays(today(), days)
    expect(opened.riskReviewDue).toBe(due)
    const overview = valueOf(await viewCaseOverview(harbour.caseworker, { case: opened.code }))
    expect(overview.due).toMatchObject([{ kind: 'risk_review', allDay: true, dueAt: `${due}T23:59:00.000Z` }])
  })

  it('is refused for a day to come, for an unknown person, and for a person one does not work with', async () => {
    const person = await registeredPerson(harbour.caseworker)
    expect(await openCase(harbour.caseworker, { person, openedOn: addDays(today(), 1) })).toMatchObject({
      refusal: 'invalid',
      errors: { openedOn: ['cases.errors.future'] },
    })
    expect(await openCase(harbour.caseworker, { person: 'AMP-000000000' })).toMatchObject({ refusal: 'not_found' })
    expect(await openCase(harbour.colleague, { person })).toMatchObject({ refusal: 'forbidden' })
    expect((await openCase(harbour.supervisor, { person })).ok).toBe(true)
  })
})

describe('changing a case', () => {
  it('changes what is named, and nothing else', async () => {
    const opened = await openedCase(harbour.caseworker)
    const changed = valueOf(
      await changeCase(harbour.caseworker, {
        case: opened.code,
        version: 1,
        stage: 'assessment',
        wantsSupport: 'yes',
        acts: ['Recruitment', 'Harbouring'],
        means: ['DebtBondage'],
        places: ['ER', 'SD-KH'],
      }),
    )
    expect(changed).toMatchObject({ stage: 'assessment', status: 'active', version: 2 })
    expect(changed.content).toMatchObject({
      wantsSupport: 'yes',
      dataUse: 'unknown',
      acts: ['Recruitment', 'Harbouring'],
      places: ['ER', 'SD-KH'],
      purposes: [],
    })
    expect(await eventsOf(opened.code)).toEqual(['case.opened', 'case.changed'])
    const [event] = await owner`
      SELECT fields FROM audit_event WHERE subject = ${opened.code} AND type = 'case.changed'`
    expect(event?.['fields']).toEqual(expect.arrayContaining(['stage', 'wantsSupport', 'acts']))
  })

  it('names the risk anew as its review: the old review ends, the next is planned', async () => {
    const opened = await openedCase(harbour.caseworker, { risk: 'high' })
    const changed = valueOf(await changeCase(harbour.caseworker, { case: opened.code, version: 1, risk: 'low' }))
    expect(changed.riskReviewDue).toBe(addDays(today(), 28))
    const overview = valueOf(await viewCaseOverview(harbour.caseworker, { case: opened.code }))
    expect(overview.due.filter(({ kind }) => kind === 'risk_review')).toHaveLength(1)
    const review = overview.due[0]?.code ?? ''
    expect(await doneTask(harbour.caseworker, { task: review })).toMatchObject({ reason: 'review_the_risk' })
  })

  it('needs the deciding body where somebody decided about identification', async () => {
    const opened = await openedCase(harbour.caseworker)
    const decided = { case: opened.code, version: 1, identification: 'not_a_victim' } as const
    expect(await changeCase(harbour.caseworker, decided)).toMatchObject({
      refusal: 'invalid',
      errors: { identifiedBy: ['cases.errors.identified_by'] },
    })
    const kept = valueOf(
      await changeCase(harbour.caseworker, { ...decided, identifiedBy: 'Police', identifiedOn: today() }),
    )
    expect(kept.content).toMatchObject({
      identification: 'not_a_victim',
      identifiedBy: 'Police',
      identifiedOn: today(),
    })
  })

  it('keeps the deciding body’s reason sealed, for the team, for as long as there is a decision', async () => {
    const opened = await openedCase(harbour.caseworker)
    const decided = { identification: 'not_a_victim', identifiedBy: 'Police', identifiedOn: today() } as const
    const change = (version: number, fields: object) =>
      changeCase(harbour.caseworker, { case: opened.code, version, ...fields })

    expect(await change(1, { identificationReason: 'Nobody decided' })).toMatchObject({
      refusal: 'invalid',
      errors: { identificationReason: ['cases.errors.no_decision'] },
    })
    const kept = valueOf(await change(1, { ...decided, identificationReason: 'The account was held to be unclear' }))
    expect(kept.content?.identificationReason).toBe('The account was held to be unclear')
    const stored = async () => {
      const [row] = await owner`
        SELECT identification_reason AS sealed FROM case_content k JOIN case_file c ON c.id = k.case_id
        WHERE c.code = ${opened.code}`
      return row?.['sealed'] as Buffer | null
    }
    expect((await stored())?.toString('latin1')).not.toContain('unclear')
    expect((await stored())?.length).toBeGreaterThan(30)

    // An edit of something else leaves it, one of the reason alone changes it alone.
    valueOf(await change(2, { stage: 'assessment' }))
    const changed = valueOf(await change(3, { identificationReason: 'On appeal' }))
    expect(changed.content).toMatchObject({ ...decided, identificationReason: 'On appeal' })
    const colleague = valueOf(await viewCase(harbour.colleague, { case: opened.code }))
    expect(colleague.content).toBeNull()

    const open = valueOf(await change(4, { identification: 'possible' }))
    expect(open.content?.identificationReason).toBeNull()
    expect(await stored()).toBeNull()
  })

  it('hard-parts 9: asks whoever types a reason that names the person; what they say to it is sealed with the event', async () => {
    const person = await registeredPerson(harbour.caseworker)
    const opened = valueOf(await openCase(harbour.caseworker, { person }))
    const decided = {
      case: opened.code,
      version: 1,
      identification: 'actual',
      identifiedBy: 'Police',
      identificationReason: 'Called +44 7700 900123',
    } as const
    expect(await changeCase(harbour.caseworker, decided)).toMatchObject({
      reason: 'text_flagged',
      errors: { identificationReason: ['people.flag.phone'] },
    })
    const kept = { ...decided, identificationReasonKept: 'The body’s own line' }
    valueOf(await changeCase(harbour.caseworker, kept))
    const [event] = await owner`
      SELECT fields, reason FROM audit_event WHERE subject = ${opened.code} AND type = 'case.changed'`
    expect(event?.['fields']).toEqual(['identification', 'identifiedBy', 'identificationReason'])
    expect((event?.['reason'] as Buffer).toString('latin1')).not.toContain('own line')
  })

  it('R03: refuses a stale version and overwrites nothing', async () => {
    const opened = await openedCase(harbour.caseworker)
    valueOf(await changeCase(harbour.caseworker, { case: opened.code, version: 1, stage: 'assessment' }))
    const late = await changeCase(harbour.supervisor, { case: opened.code, version: 1, stage: 'support_plan' })
    expect(late).toMatchObject({ ok: false, refusal: 'stale' })
    expect(valueOf(await viewCase(harbour.caseworker, { case: opened.code })).stage).toBe('assessment')
  })

  it('invariant 8: of two edits of one version at once exactly one is kept', async () => {
    const opened = await openedCase(harbour.caseworker)
    const edits = (['assessment', 'support_plan', 'follow_up', 'recovery_and_reflection'] as const).map((stage) =>
      changeCase(harbour.caseworker, { case: opened.code, version: 1, stage }),
    )
    const results = await Promise.all(edits)
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.filter((result) => !result.ok && result.refusal === 'stale')).toHaveLength(3)
    const won = results.find((result) => result.ok)
    const stage = won?.ok === true ? won.value.stage : null
    expect(valueOf(await viewCase(harbour.caseworker, { case: opened.code }))).toMatchObject({ version: 2, stage })
  })
})

describe('closing and reopening a case', () => {
  it('needs a coded reason, ends what waits, and leaves a case that is read only', async () => {
    const opened = await openedCase(harbour.caseworker, { risk: 'high' })
    expect(await changeCase(harbour.caseworker, { case: opened.code, version: 1, status: 'closed' })).toMatchObject({
      refusal: 'invalid',
      errors: { closureReason: ['cases.errors.closure_reason'] },
    })
    const closing = { case: opened.code, version: 1, closureReason: 'goals_reached' } as const
    const closed = valueOf(await closeCase(harbour.caseworker, closing))
    expect(closed).toMatchObject({ status: 'closed', closureReason: 'goals_reached', closedOn: today() })
    expect(closed.may).toMatchObject({ change: false, close: false, reopen: true })
    const overview = valueOf(await viewCaseOverview(harbour.caseworker, { case: opened.code }))
    expect(overview.due).toEqual([])
    const edit = { case: opened.code, version: 2, stage: 'assessment' } as const
    expect(await changeCase(harbour.caseworker, edit)).toMatchObject({ reason: 'case_closed' })
    const task = { case: opened.code, kind: 'call', dueOn: today() } as const
    expect(await makeTask(harbour.caseworker, task)).toMatchObject({ reason: 'case_closed' })
  })

  it('is undone by reopening, which keeps the history', async () => {
    const opened = await openedCase(harbour.caseworker, { risk: 'medium' })
    const closing = { case: opened.code, version: 1, closureReason: 'referred_to_other_agency' } as const
    expect(valueOf(await closeCase(harbour.caseworker, closing)).status).toBe('closed_referred')
    const again = valueOf(
      await reopenCase(harbour.caseworker, { case: opened.code, version: 2, reason: 'person_came_back' }),
    )
    expect(again).toMatchObject({ status: 'active', closedOn: null, closureReason: null })
    expect(again.riskReviewDue).toBe(addDays(today(), 14))
    expect(await eventsOf(opened.code)).toEqual(['case.opened', 'case.closed', 'case.reopened'])
  })
})

describe('the team of a case', () => {
  it('takes on a colleague and lets one go, whose tasks and lead pass on', async () => {
    const opened = await openedCase(harbour.caseworker)
    const colleague = workerHandle(harbour.colleague.member)
    const me = workerHandle(harbour.caseworker.member)
    valueOf(await assignMember(harbour.caseworker, { case: opened.code, member: colleague }))
    expect(await assignMember(harbour.caseworker, { case: opened.code, member: colleague })).toMatchObject({
      reason: 'already_on_team',
    })
    const task = valueOf(await makeTask(harbour.caseworker, { case: opened.code, kind: 'call', dueOn: today() }))
    valueOf(await unassignMember(harbour.caseworker, { case: opened.code, member: me }))
    const team = valueOf(await viewTeam(harbour.colleague, { case: opened.code }))
    expect(team.team).toMatchObject([{ handle: colleague, lead: true }])
    expect(team.former).toMatchObject([{ name: harbour.caseworker.displayName }])
    const tasks = valueOf(await listTasks(harbour.colleague, {}))
    expect(tasks.items.map(({ code }) => code)).toContain(task.code)
  })

  it('never loses its last member, also when two leave at once', async () => {
    const opened = await openedCase(harbour.caseworker)
    const [me, colleague] = [harbour.caseworker, harbour.colleague].map(({ member }) => workerHandle(member))
    if (me === undefined || colleague === undefined) throw new Error('no handles')
    expect(await unassignMember(harbour.caseworker, { case: opened.code, member: me })).toMatchObject({
      reason: 'last_member',
    })
    valueOf(await assignMember(harbour.caseworker, { case: opened.code, member: colleague }))
    const both = await Promise.all([
      unassignMember(harbour.caseworker, { case: opened.code, member: me }),
      unassignMember(harbour.colleague, { case: opened.code, member: colleague }),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('T06: takes nobody from another agency, whatever handle is sent', async () => {
    const clinic = await office(owner)
    const opened = await openedCase(harbour.caseworker)
    for (const member of [clinic.caseworker.member, harbour.admin.member]) {
      expect(await assignMember(harbour.caseworker, { case: opened.code, member: workerHandle(member) })).toMatchObject(
        { refusal: 'invalid' },
      )
    }
  })
})

describe('tasks', () => {
  it('are done once, put off to a day, and counted when late', async () => {
    const opened = await openedCase(harbour.caseworker)
    const made = valueOf(
      await makeTask(harbour.caseworker, { case: opened.code, kind: 'visit', dueOn: today(), dueTime: '23:58' }),
    )
    const snoozed = valueOf(await snoozeTask(harbour.caseworker, { task: made.code, by: 'three_days' }))
    expect(snoozed).toMatchObject({ dueAt: `${addDays(today(), 3)}T23:58:00.000Z`, allDay: false, state: 'soon' })
    expect(valueOf(await doneTask(harbour.caseworker, { task: made.code })).done).toBe(true)
    expect(valueOf(await doneTask(harbour.caseworker, { task: made.code })).done).toBe(true)
    expect(await snoozeTask(harbour.caseworker, { task: made.code, by: 'week' })).toMatchObject({
      reason: 'wrong_state',
    })
    expect(await eventsOf(made.code)).toEqual(['task.made', 'task.snoozed', 'task.done', 'access.refused'])
    await owner`UPDATE task SET due_at = now() - interval '1 day', done_at = NULL WHERE code = ${made.code}`
    const listed = valueOf(await listTasks(harbour.caseworker, {}))
    expect(listed.items[0]).toMatchObject({ code: made.code, state: 'late' })
    expect(listed.late).toBeGreaterThan(0)
  })

  it('are listed page by page, each once', async () => {
    const { caseworker } = await office(owner)
    const opened = await openedCase(caseworker)
    for (let n = 0; n < 5; n += 1) {
      valueOf(await makeTask(caseworker, { case: opened.code, kind: 'call', dueOn: today() }))
    }
    const first = valueOf(await listTasks(caseworker, { limit: 2 }))
    const second = valueOf(await listTasks(caseworker, { limit: 2, cursor: first.nextCursor ?? '' }))
    const third = valueOf(await listTasks(caseworker, { limit: 2, cursor: second.nextCursor ?? '' }))
    const codes = [first, second, third].flatMap(({ items }) => items.map(({ code }) => code))
    expect(new Set(codes).size).toBe(5)
    expect(third.nextCursor).toBeNull()
    expect(await listTasks(caseworker, { scope: 'team', cursor: first.nextCursor ?? '' })).toMatchObject({
      refusal: 'invalid',
    })
  })
})

describe('restricting a case', () => {
  it('hands tasks of whoever is not assigned to the lead, so that none is in nobody’s sight', async () => {
    const opened = await openedCase(harbour.caseworker)
    const task = valueOf(await makeTask(harbour.supervisor, { case: opened.code, kind: 'call', dueOn: today() }))
    valueOf(await restrictCase(harbour.supervisor, { case: opened.code }))
    const mine = valueOf(await listTasks(harbour.caseworker, {}))
    expect(mine.items.map(({ code }) => code)).toContain(task.code)
    expect(await restrictCase(harbour.caseworker, { case: opened.code })).toMatchObject({ reason: 'wrong_state' })
  })
})
