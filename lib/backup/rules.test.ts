import { describe, expect, it } from 'vitest'

import { backupFileName, isBackupDue, isBackupLate, parseBackupName, surplusFiles } from './rules'

const DAY = 86_400_000
const KEEP = { daily: 7, weekly: 4, monthly: 6, keyDays: 7 }
const at = (text: string) => new Date(`${text}Z`)

/** One backup a day at three in the morning, the newest on this day. */
function daily(days: number, last: Date) {
  return Array.from({ length: days }, (_, index) => new Date(last.getTime() - index * DAY)).flatMap((takenAt) =>
    (['data', 'keys'] as const).map((part) => ({ name: backupFileName(takenAt, part), part, takenAt })),
  )
}

describe('the name of a backup', () => {
  it('tells when and which part, and nothing else is taken for one', () => {
    const takenAt = at('2026-11-25T03:00:07')
    expect(backupFileName(takenAt, 'data')).toBe('amparo-20261125T030007Z.data.age')
    expect(parseBackupName('amparo-20261125T030007Z.keys.age')).toMatchObject({ part: 'keys', takenAt })
    for (const name of ['amparo-20261125T030007Z.data.age.unfinished', 'x.age', 'amparo-20269925T030007Z.data.age'])
      expect(parseBackupName(name)).toBeNull()
  })
})

describe('retention', () => {
  it('keeps the data of seven days, four weeks and six months, and keys for seven days', () => {
    const now = at('2026-11-25T04:00:00')
    const files = daily(400, at('2026-11-25T03:00:00'))
    const gone = new Set(surplusFiles(files, KEEP, now))
    const kept = files.filter((file) => !gone.has(file))
    expect(kept.filter(({ part }) => part === 'keys')).toHaveLength(7)
    const days = kept.filter(({ part }) => part === 'data').map(({ takenAt }) => takenAt.toISOString().slice(0, 10))
    expect(days).toEqual([
      ...['2026-11-25', '2026-11-24', '2026-11-23', '2026-11-22', '2026-11-21', '2026-11-20', '2026-11-19'],
      ...['2026-11-15', '2026-11-08', '2026-10-31', '2026-09-30', '2026-08-31', '2026-07-31', '2026-06-30'],
    ])
  })

  it('C04: keeps no copy of the keys beyond its days but the newest, which is there to restore with', () => {
    const files = daily(3, at('2026-01-03T03:00:00'))
    const gone = surplusFiles(files, KEEP, at('2026-11-25T04:00:00'))
    const kept = files.filter((file) => !gone.includes(file) && file.part === 'keys')
    expect(kept.map(({ name }) => name)).toEqual(['amparo-20260103T030000Z.keys.age'])
  })

  it('never deletes the newest backup, even if nothing is to be kept', () => {
    const files = daily(2, at('2026-11-25T03:00:00'))
    const none = { daily: 0, weekly: 0, monthly: 0, keyDays: 0 }
    const gone = surplusFiles(files, none, at('2026-11-25T04:00:00'))
    expect(gone.map(({ takenAt }) => takenAt)).toEqual([at('2026-11-24T03:00:00'), at('2026-11-24T03:00:00')])
  })
})

describe('the schedule', () => {
  const state = { requested: false, madeAt: null, failedAt: null }

  it('wants a backup once its hour has come, and then not before the next day', () => {
    const madeAt = at('2026-11-24T03:00:02')
    expect(isBackupDue({ ...state, madeAt }, 3, at('2026-11-25T02:59:59'))).toBe(false)
    expect(isBackupDue({ ...state, madeAt }, 3, at('2026-11-25T03:00:00'))).toBe(true)
    expect(isBackupDue({ ...state, madeAt: at('2026-11-25T03:00:01') }, 3, at('2026-11-25T23:00:00'))).toBe(false)
  })

  it('makes up for the hour at which nothing ran, and tries again an hour after a failure', () => {
    expect(isBackupDue(state, 3, at('2026-11-25T01:00:00'))).toBe(true)
    const failedAt = at('2026-11-25T03:00:05')
    expect(isBackupDue({ ...state, failedAt }, 3, at('2026-11-25T03:30:00'))).toBe(false)
    expect(isBackupDue({ ...state, failedAt }, 3, at('2026-11-25T04:01:00'))).toBe(true)
  })

  it('does what an administrator asks for at once, also with the schedule off', () => {
    expect(isBackupDue({ ...state, requested: true }, 'off', at('2026-11-25T12:00:00'))).toBe(true)
    expect(isBackupDue(state, 'off', at('2026-11-25T12:00:00'))).toBe(false)
  })

  it('R06: calls a backup late when a whole day has passed without one, or there is none at all', () => {
    const now = at('2026-11-25T05:00:00')
    expect(isBackupLate(at('2026-11-25T03:00:00'), 3, now)).toBe(false)
    expect(isBackupLate(at('2026-11-24T03:00:00'), 3, now)).toBe(true)
    expect(isBackupLate(at('2026-11-24T23:00:00'), 3, now)).toBe(false)
    expect(isBackupLate(null, 3, now)).toBe(true)
  })
})
