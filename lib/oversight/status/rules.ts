import type { InstallationFacts } from '@/lib/platform/watching/process-facts'

import type { Finding } from './schema'

/** How commands begin that are typed where Amparo runs. */
const AMPARO = 'npm run -s amparo --'
const GIB = 2 ** 30
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const YEAR = 365 * DAY
/** A job that has not succeeded for so long is told, also when its last turn did not fail. */
const JOB_PATIENCE = 60 * MINUTE
const SEAL_PATIENCE = 5 * MINUTE

/** What follows from the facts, part by part: a state, and the act that mends it. */
export function findingsOf(facts: InstallationFacts): readonly Finding[] {
  return [
    version(facts),
    database(facts),
    migrations(facts),
    jobs(facts),
    queue(facts),
    seal(facts),
    backups(facts),
    disk(facts),
    clock(facts),
    origin(facts),
    factors(facts),
    keys(facts),
  ]
}

function version({ version: number, figures }: InstallationFacts): Finding {
  const says = figures.demonstration ? 'demonstration' : 'real'
  return { part: 'version', state: 'good', says, values: { version: number } }
}

function database({ figures: { database: found } }: InstallationFacts): Finding {
  const isFull = found.connections > found.mostConnections * 0.8
  return {
    part: 'database',
    state: isFull ? 'watch' : 'good',
    says: isFull ? 'full' : 'good',
    values: {
      version: found.version,
      connections: found.connections,
      most: found.mostConnections,
      size: gib(found.bytes),
    },
  }
}

function migrations({ figures, migrationsExpected }: InstallationFacts): Finding {
  const missing = migrationsExpected - figures.migrations
  return missing > 0
    ? { part: 'migrations', state: 'mend', says: 'pending', values: { missing } }
    : { part: 'migrations', state: 'good', says: 'good', values: { count: figures.migrations } }
}

function jobs({ figures }: InstallationFacts): Finding {
  const failing = figures.jobs.find(({ error }) => error !== null)
  if (failing !== undefined)
    return { part: 'jobs', state: 'mend', says: 'failing', values: { job: failing.job, error: failing.error ?? '' } }
  const late = figures.jobs.find(({ startedAt }) => age(figures.at, startedAt) > JOB_PATIENCE)
  if (figures.jobs.length === 0 || late !== undefined)
    return { part: 'jobs', state: 'mend', says: 'stopped', values: {}, command: `${AMPARO} worker` }
  return { part: 'jobs', state: 'good', says: 'good', values: { count: figures.jobs.length } }
}

function queue({ figures: { queue: found } }: InstallationFacts): Finding {
  const { waiting, overdue, failed } = found
  if (overdue > 0)
    return { part: 'queue', state: 'mend', says: 'overdue', values: { overdue }, command: `${AMPARO} worker` }
  if (failed > 0) return { part: 'queue', state: 'watch', says: 'failed', values: { failed } }
  return { part: 'queue', state: 'good', says: 'good', values: { waiting } }
}

function seal({ figures: { at, seal: found } }: InstallationFacts): Finding {
  const command = `${AMPARO} audit verify`
  if (found.fault !== null) return { part: 'seal', state: 'mend', says: 'broken', values: {}, command }
  const { size, waiting, waitingSince } = found
  const isLate = waitingSince !== null && age(at, waitingSince) > SEAL_PATIENCE
  return isLate
    ? { part: 'seal', state: 'watch', says: 'late', values: { waiting } }
    : { part: 'seal', state: 'good', says: 'good', values: { size } }
}

function backups({ figures: { at, demonstration, backups: found } }: InstallationFacts): Finding {
  const command = `${AMPARO} backup`
  const { takenAt, rehearsedAt, problem } = found
  // What was invented for a demonstration needs no copy.
  if (takenAt === null && demonstration) return { part: 'backups', state: 'good', says: 'demonstration', values: {} }
  if (takenAt === null) return { part: 'backups', state: 'mend', says: 'never', values: {}, command }
  const hours = Math.floor(age(at, takenAt) / (60 * MINUTE))
  if (hours >= 48) return { part: 'backups', state: 'mend', says: 'old', values: { hours }, command }
  if (problem !== null) return { part: 'backups', state: 'watch', says: 'failed', values: { hours }, command }
  const isRehearsed = rehearsedAt !== null && age(at, rehearsedAt) < 90 * DAY
  return isRehearsed
    ? { part: 'backups', state: 'good', says: 'good', values: { hours } }
    : { part: 'backups', state: 'watch', says: 'unrehearsed', values: { hours }, command: `${AMPARO} rehearse` }
}

function disk({ disk: { freeBytes, totalBytes } }: InstallationFacts): Finding {
  const values = { free: gib(freeBytes), percent: Math.floor((100 * freeBytes) / totalBytes) }
  if (freeBytes < GIB || values.percent < 3) return { part: 'disk', state: 'mend', says: 'full', values }
  if (values.percent < 10) return { part: 'disk', state: 'watch', says: 'low', values }
  return { part: 'disk', state: 'good', says: 'good', values }
}

function clock({ clockSkew }: InstallationFacts): Finding {
  const values = { seconds: Math.round(clockSkew) }
  if (clockSkew > 5) return { part: 'clock', state: 'mend', says: 'apart', values }
  if (clockSkew > 1) return { part: 'clock', state: 'watch', says: 'apart', values }
  return { part: 'clock', state: 'good', says: 'good', values: {} }
}

function origin({ origin: address }: InstallationFacts): Finding {
  const says = address.startsWith('https:') ? 'good' : 'local'
  return { part: 'origin', state: 'good', says, values: { address } }
}

/** An agency of real people that asks for a password only is one stolen password away from being read. */
function factors({ figures: { demonstration, factors: found } }: InstallationFacts): Finding {
  const { waived } = found
  if (waived === 0) return { part: 'factors', state: 'good', says: 'good', values: {} }
  if (demonstration) return { part: 'factors', state: 'good', says: 'demonstration', values: {} }
  return { part: 'factors', state: 'watch', says: 'waived', values: { waived } }
}

function keys({ figures, masterVersions }: InstallationFacts): Finding {
  const { masterVersions: used, changing, oldest } = figures.keys
  const missing = used.find((one) => !masterVersions.includes(one))
  if (missing !== undefined) return { part: 'keys', state: 'mend', says: 'missing', values: { version: missing } }
  if (changing > 0) return { part: 'keys', state: 'good', says: 'changing', values: { count: changing } }
  const newest = Math.max(...masterVersions)
  if (used.some((one) => one !== newest))
    return {
      part: 'keys',
      state: 'watch',
      says: 'unfinished',
      values: { version: newest },
      command: `${AMPARO} keys rotate master`,
    }
  if (oldest !== null && age(figures.at, oldest) > YEAR)
    return { part: 'keys', state: 'watch', says: 'old', values: {} }
  return { part: 'keys', state: 'good', says: 'good', values: { version: newest } }
}

function age(now: string, then: string): number {
  return Date.parse(now) - Date.parse(then)
}

function gib(bytes: number): number {
  return Math.round((10 * bytes) / GIB) / 10
}
