import { describe, expect, it } from 'vitest'

import type { InstallationFacts } from '@/lib/platform/watching/process-facts'

import { findingsOf } from './rules'
import { STATUS_PARTS, type StatusPart } from './schema'

const AT = '2026-11-25T12:00:00Z'
const minutesAgo = (minutes: number): string => new Date(Date.parse(AT) - minutes * 60_000).toISOString()

const WELL: InstallationFacts = {
  figures: {
    at: AT,
    demonstration: false,
    migrations: 20,
    database: { version: '18.4', connections: 12, mostConnections: 100, bytes: 2 ** 30 },
    queue: { waiting: 1, overdue: 0, active: 0, failed: 0 },
    jobs: [{ job: 'seal-log', startedAt: minutesAgo(1), succeededAt: minutesAgo(1), error: null }],
    seal: { size: 10, waiting: 1, waitingSince: minutesAgo(1), fault: null },
    backups: { takenAt: minutesAgo(60), rehearsedAt: minutesAgo(60), problem: null },
    factors: { waived: 0 },
    keys: { masterVersions: [1], changing: 0, oldest: minutesAgo(100) },
  },
  version: '0.1.0',
  migrationsExpected: 20,
  disk: { freeBytes: 50 * 2 ** 30, totalBytes: 100 * 2 ** 30 },
  clockSkew: 0,
  origin: 'https://amparo.example',
  masterVersions: [1],
}

type Figures = InstallationFacts['figures']

function found(part: StatusPart, facts: Partial<InstallationFacts> = {}, figures: Partial<Figures> = {}) {
  const all = findingsOf({ ...WELL, ...facts, figures: { ...WELL.figures, ...figures } })
  const one = all.find((finding) => finding.part === part)
  return one === undefined ? 'missing' : `${one.state} ${one.says}`
}

describe('the status of an installation', () => {
  it('R10: has each part once, all good where all is well', () => {
    const findings = findingsOf(WELL)
    expect(findings.map(({ part }) => part)).toEqual([...STATUS_PARTS])
    expect(findings.every(({ state }) => state === 'good')).toBe(true)
  })

  it('asks to mend what does not work', () => {
    const { seal, queue, backups, keys } = WELL.figures
    const job = { job: 'seal-log', startedAt: minutesAgo(1), succeededAt: null, error: 'TypeError' }
    expect(found('migrations', { migrationsExpected: 21 })).toBe('mend pending')
    expect(found('jobs', {}, { jobs: [job] })).toBe('mend failing')
    expect(found('jobs', {}, { jobs: [{ ...job, error: null, startedAt: minutesAgo(61) }] })).toBe('mend stopped')
    expect(found('jobs', {}, { jobs: [] })).toBe('mend stopped')
    expect(found('queue', {}, { queue: { ...queue, overdue: 1 } })).toBe('mend overdue')
    expect(found('seal', {}, { seal: { ...seal, fault: 'changed' } })).toBe('mend broken')
    expect(found('backups', {}, { backups: { ...backups, takenAt: null } })).toBe('mend never')
    expect(found('backups', {}, { backups: { ...backups, takenAt: minutesAgo(60 * 49) } })).toBe('mend old')
    expect(found('disk', { disk: { freeBytes: 2 ** 29, totalBytes: 2 ** 30 } })).toBe('mend full')
    expect(found('clock', { clockSkew: 6 })).toBe('mend apart')
    expect(found('keys', {}, { keys: { ...keys, masterVersions: [1, 2] } })).toBe('mend missing')
  })

  it('asks to look at what will not work for ever', () => {
    const { database, queue, seal, backups, keys } = WELL.figures
    expect(found('database', {}, { database: { ...database, connections: 90 } })).toBe('watch full')
    expect(found('queue', {}, { queue: { ...queue, failed: 2 } })).toBe('watch failed')
    expect(found('seal', {}, { seal: { ...seal, waitingSince: minutesAgo(6) } })).toBe('watch late')
    expect(found('backups', {}, { backups: { ...backups, problem: 'no_space' } })).toBe('watch failed')
    expect(found('backups', {}, { backups: { ...backups, rehearsedAt: null } })).toBe('watch unrehearsed')
    expect(found('disk', { disk: { freeBytes: 8 * 2 ** 30, totalBytes: 100 * 2 ** 30 } })).toBe('watch low')
    expect(found('clock', { clockSkew: 2 })).toBe('watch apart')
    expect(found('keys', { masterVersions: [1, 2] })).toBe('watch unfinished')
    expect(found('keys', {}, { keys: { ...keys, oldest: minutesAgo(60 * 24 * 366) } })).toBe('watch old')
  })

  it('asks for no backup of what was invented', () => {
    const backups = { takenAt: null, rehearsedAt: null, problem: null }
    expect(found('backups', {}, { demonstration: true, backups })).toBe('good demonstration')
  })

  it('A01, R10: asks to look where agencies with real data ask for a password only', () => {
    expect(found('factors')).toBe('good good')
    expect(found('factors', {}, { factors: { waived: 2 } })).toBe('watch waived')
    expect(found('factors', {}, { factors: { waived: 2 }, demonstration: true })).toBe('good demonstration')
  })

  it('counts a change of keys that runs as good', () => {
    expect(found('keys', { masterVersions: [1, 2] }, { keys: { ...WELL.figures.keys, changing: 1 } })).toBe(
      'good changing',
    )
  })
})
