import pg from 'pg'
import { describe, expect, it, vi } from 'vitest'

import { addNeed } from '@/lib/assistance/needs/service'
import { identify } from '@/lib/access/identify'
import { viewTimeline } from '@/lib/cases/log-service'
import { listCases } from '@/lib/cases/list-service'
import { viewCaseOverview } from '@/lib/cases/overview-service'
import { changeCase } from '@/lib/cases/service'
import { makeTask } from '@/lib/cases/tasks/service'
import { viewToday } from '@/lib/cases/today-service'
import { readIdentity } from '@/lib/people/identity-service'
import { changePerson } from '@/lib/people/change-service'
import { dayIn } from '@/lib/platform/zone'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { consented, withdrawn } from '@/tests/factories/consents'
import { office } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const today = () => dayIn('UTC', new Date())

/** The statements that the driver sent while `work` ran, but for the transaction's own brackets. */
async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    const texts = spy.mock.calls.map(([query]: readonly unknown[]) =>
      typeof query === 'string' ? query : String((query as { readonly text?: unknown }).text),
    )
    return texts.filter((text) => !/^(BEGIN|COMMIT)/.test(text))
  } finally {
    spy.mockRestore()
  }
}

describe('the page of a case', () => {
  it('takes at most twelve statements, from finding out who asks to the last', async () => {
    const person = await registeredPerson(harbour.caseworker, {
      identity: { names: [{ value: 'Selam Haile' }] },
      safeContact: { channels: { text: { safe: true } }, neverContact: [] },
    })
    const opened = await openedCase(harbour.caseworker, { person, risk: 'high' })
    for (const category of ['legal', 'medical'] as const) {
      valueOf(await addNeed(harbour.caseworker, { case: opened.code, category, urgency: 'urgent' }))
    }
    valueOf(await readIdentity(harbour.caseworker, { person }))
    const { credential } = harbour.caseworker
    // The first look also unwraps the agency's keys, which then stay in memory.
    valueOf(await viewCaseOverview(harbour.caseworker, { case: opened.code }))
    const sent = await statementsOf(async () => {
      const actor = await identify(credential)
      if (actor === null) throw new Error('The session did not open')
      const overview = valueOf(await viewCaseOverview(actor, { case: opened.code }))
      expect(overview.needs).toHaveLength(2)
      expect(overview.due).toHaveLength(3)
      expect(overview.lastLook).toMatchObject({ isMe: true })
      expect(overview.person?.safeContact.state).toBe('rules')
      expect(overview.audience).toEqual({
        team: 1,
        supervisors: 1,
        cover: 0,
        standIns: 0,
        emergency: 0,
        restricted: false,
      })
    })
    expect(sent.length, sent.join('\n')).toBeLessThanOrEqual(12)
    expect(sent.join('\n')).not.toContain('read_identity')
  })

  it('shows what happened by its true date, page by page, and filtered by kind', async () => {
    const opened = await openedCase(harbour.caseworker)
    const found = ['2026-01-05', '2026-03-01', '2026-02-01']
    await owner`UPDATE case_file SET opened_on = '2026-01-01' WHERE code = ${opened.code}`
    for (const foundOn of found) {
      valueOf(await addNeed(harbour.caseworker, { case: opened.code, category: 'social', urgency: 'routine', foundOn }))
    }
    const all = valueOf(await viewTimeline(harbour.caseworker, { case: opened.code }))
    expect(all.items.map(({ kind, what }) => (kind === 'need' ? kind : what))).toEqual([
      'case.opened',
      'need',
      'need',
      'need',
    ])
    const needs = valueOf(await viewTimeline(harbour.caseworker, { case: opened.code, kind: 'need' }))
    expect(needs.items.map(({ day }) => day)).toEqual(['2026-03-01', '2026-02-01', '2026-01-05'])
  })

  it('tells what the person agreed to and took back, to the team alone', async () => {
    const { code } = await openedCase(harbour.caseworker)
    const consent = await consented(harbour.caseworker, { case: code, agencyKind: 'ngo' })
    valueOf(await withdrawn(harbour.caseworker, { consent: consent.code }))
    const asked = { case: code, kind: 'consent' } as const
    const lines = valueOf(await viewTimeline(harbour.caseworker, asked)).items
    expect(lines.map(({ code: of, what, state }) => [of, what, state])).toEqual([
      [consent.code, 'sharing', 'withdrawn'],
      [consent.code, 'sharing', 'given'],
    ])
    expect(await viewTimeline(harbour.colleague, asked)).toMatchObject({ ok: false, refusal: 'forbidden' })
  })
})

describe('a first page', () => {
  it('shows a member their own late and due tasks, and their cases with the next date first', async () => {
    const { caseworker, supervisor } = await office(owner)
    expect(valueOf(await viewToday(caseworker))).toMatchObject({ late: [], dueToday: [], team: null })
    const first = await openedCase(caseworker, { risk: 'low' })
    const second = await openedCase(caseworker, { risk: 'high' })
    const task = valueOf(await makeTask(caseworker, { case: first.code, kind: 'call', dueOn: today() }))
    const view = valueOf(await viewToday(caseworker))
    expect(view.dueToday.map(({ code }) => code)).toEqual([task.code])
    expect(view.cases.items.map(({ code }) => code)).toEqual([first.code, second.code])
    expect(view.cases.items[0]?.next).toMatchObject({ kind: 'call', state: 'today' })

    await owner`UPDATE task SET due_at = now() - interval '2 days' WHERE code = ${task.code}`
    const late = valueOf(await viewToday(caseworker))
    expect(late.late).toMatchObject([{ code: task.code, state: 'late', lateDays: 2 }])
    const team = valueOf(await viewToday(supervisor)).team
    expect(team?.late.map(({ code }) => code)).toEqual([task.code])
    expect(team?.lateTotal).toBe(1)
    expect(team?.load.find(({ name }) => name === caseworker.displayName)).toMatchObject({
      cases: 2,
      highRisk: 1,
      late: 1,
    })
  })

  it('tells a supervisor how much is late in the team, also where the page shows the first of it only', async () => {
    const { caseworker, supervisor } = await office(owner)
    const { code } = await openedCase(caseworker, { risk: 'low' })
    for (let made = 0; made < 18; made++) {
      valueOf(await makeTask(caseworker, { case: code, kind: 'call', dueOn: today() }))
    }
    valueOf(await makeTask(supervisor, { case: code, kind: 'call', dueOn: today() }))
    await owner`UPDATE task SET due_at = now() - interval '2 days'
      WHERE kind = 'call' AND case_id = (SELECT id FROM case_file WHERE code = ${code})`
    const { team, lateTotal } = valueOf(await viewToday(supervisor))
    expect(team?.late.length).toBeLessThan(18)
    expect({ team: team?.lateTotal, own: lateTotal }).toEqual({ team: 18, own: 1 })
  })

  it('writes one event for the list of tasks and one for the list of cases', async () => {
    const { caseworker } = await office(owner)
    valueOf(await viewToday(caseworker))
    const events = await owner<{ type: string }[]>`
      SELECT type FROM audit_event WHERE actor_id = ${caseworker.member} AND type <> 'session.started' ORDER BY id`
    expect(events.map(({ type }) => type)).toEqual(['task.listed', 'case.listed'])
  })
})

describe('invariant 7', () => {
  it('identification, cooperation and residency status change no order, no task, no button and no count', async () => {
    const { caseworker } = await office(owner)
    const codes: { readonly code: string; readonly person: string }[] = []
    for (let n = 0; n < 4; n += 1) codes.push(await openedCase(caseworker, { risk: 'medium' }))
    const seen = async () => {
      const mine = valueOf(await listCases(caseworker, {}))
      const today = valueOf(await viewToday(caseworker))
      const acts = []
      for (const { code } of codes) {
        acts.push(valueOf(await viewCaseOverview(caseworker, { case: code })).case.may)
      }
      return [
        mine.items.map(({ code, next }) => [code, next]),
        mine.total,
        today.cases.items.map(({ code }) => code),
        acts,
      ]
    }
    const before = await seen()
    const statuses = ['not_a_victim', 'actual', 'possible', 'not_a_victim'] as const
    const migration = ['Irregular', 'Citizen', 'AsylumSeeker', 'StatelessPerson'] as const
    for (const [index, { code, person }] of codes.entries()) {
      valueOf(
        await changeCase(caseworker, {
          case: code,
          version: 1,
          identification: statuses[index] ?? 'possible',
          identifiedBy: 'Police',
          takesPart: index % 2 === 0 ? 'no' : 'yes',
          wantsSupport: 'yes',
        }),
      )
      const value = migration[index] ?? 'Other'
      valueOf(
        await changePerson(caseworker, { person, version: 1, profile: { migration: { state: 'stated', value } } }),
      )
    }
    expect(await seen()).toEqual(before)
  })
})
