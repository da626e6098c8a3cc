import fc from 'fast-check'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addWorkingDays, isWorkingTime, nextWorkingMoment, type WorkingCalendar } from '@/lib/agencies/calendar-rules'
import { newId } from '@/lib/platform/ids'
import { workingCalendars } from '@/tests/factories/calendars'
import { ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let worker: postgres.Sql
const network = newId()

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  worker = ownerOf({ ownerUrl: database.workerUrl })
  await owner`INSERT INTO network (id, key, name, country, time_zone) VALUES (${network}, 'calendar', 'Calendar', 'XX', 'UTC')`
})
afterAll(async () => {
  await worker.end()
  await owner.end()
  await database.drop()
})

async function hasCalendar(calendar: WorkingCalendar): Promise<void> {
  await owner`
    UPDATE network SET time_zone = ${calendar.timeZone}, working_days = ${`{${calendar.workingDays.join(',')}}`}::text::int[],
      opens_minute = ${calendar.opensMinute}, closes_minute = ${calendar.closesMinute} WHERE id = ${network}`
  await owner`DELETE FROM network_holiday WHERE network_id = ${network}`
  await owner`
    INSERT INTO network_holiday (network_id, on_day, name)
    SELECT ${network}, day::date, 'A holiday' FROM jsonb_array_elements_text(${JSON.stringify([...calendar.holidays])}::text::jsonb) day`
}

type Asked = { readonly at: Date; readonly days: number }
type Answered = { readonly due: Date; readonly next: Date; readonly working: boolean }

/** Asks as the role of the jobs, which reads no table of networks itself. */
async function askDatabase(asked: readonly Asked[]): Promise<readonly Answered[]> {
  const rows = await worker<Answered[]>`
    SELECT app.add_working_days(${network}::uuid, a.at, a.days) AS due, app.next_working_moment(${network}::uuid, a.at) AS next,
      app.is_working_time(${network}::uuid, a.at) AS working
    FROM jsonb_array_elements(${JSON.stringify(asked)}::text::jsonb) WITH ORDINALITY AS j (q, place),
      LATERAL (SELECT (q ->> 'at')::timestamptz AS at, (q ->> 'days')::int AS days) a
    ORDER BY j.place`
  return [...rows]
}

describe('the working calendar in the database', () => {
  it('agrees with the rules in code, whatever the calendar, the zone and the moment, changes of the clock included', async () => {
    const at = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
    const asked = fc.array(fc.record({ at, days: fc.integer({ min: 0, max: 25 }) }), { minLength: 20, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(workingCalendars(), asked, async (calendar, questions) => {
        await hasCalendar(calendar)
        const told = await askDatabase(questions)
        const ruled = questions.map(({ at: from, days }) => ({
          due: addWorkingDays(calendar, from, days),
          next: nextWorkingMoment(calendar, from),
          working: isWorkingTime(calendar, from),
        }))
        expect(told).toEqual(ruled)
      }),
      { numRuns: 40 },
    )
  })

  it('agrees around every change of the clock, hour by hour', async () => {
    for (const [timeZone, change] of [
      ['Europe/London', '2026-03-29T01:00:00Z'],
      ['Europe/London', '2026-10-25T01:00:00Z'],
      ['America/Havana', '2026-03-08T05:00:00Z'],
      ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ] as const) {
      for (const opensMinute of [0, 90, 540]) {
        const calendar = {
          timeZone,
          workingDays: [1, 2, 3, 4, 5, 6, 7],
          opensMinute,
          closesMinute: opensMinute === 0 ? 1440 : 600,
          holidays: new Set<string>(),
        }
        await hasCalendar(calendar)
        const questions = Array.from({ length: 60 }, (_, step) => ({
          at: new Date(Date.parse(change) + (step - 30) * 1_200_000),
          days: step % 3,
        }))
        const ruled = questions.map(({ at, days }) => addWorkingDays(calendar, at, days))
        expect((await askDatabase(questions)).map(({ due }) => due)).toEqual(ruled)
      }
    }
  })

  it('refuses working days that are no days and hours that end before they begin', async () => {
    for (const wrong of [
      owner`UPDATE network SET working_days = '{}' WHERE id = ${network}`,
      owner`UPDATE network SET working_days = '{0,8}' WHERE id = ${network}`,
      owner`UPDATE network SET opens_minute = 600, closes_minute = 600 WHERE id = ${network}`,
      owner`UPDATE network SET closes_minute = 1441 WHERE id = ${network}`,
    ])
      await expect(wrong).rejects.toThrow(/network_working/)
  })

  it('is nobody’s working time where there is no such network', async () => {
    const [row] = await worker<{ working: boolean }[]>`SELECT app.is_working_time(${newId()}, now()) AS working`
    expect(row?.working).toBe(false)
  })
})
