import { readFile } from 'node:fs/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Chance } from '@/prisma/seed/random'
import {
  asSuperuser,
  compare,
  installation,
  storedOn,
  writeThroughKills,
  type Installation,
  type Kill,
} from '@/tests/support/kills'
import { overloaded } from '@/tests/support/overload'

const KINDS: readonly Kill[] = ['database', 'application', 'both']
const KILLS = 20
const WRITES = 5_000

let on: Installation

beforeAll(async () => {
  on = await installation()
}, 300_000)
afterAll(async () => {
  await on.remove()
}, 120_000)

/** What was found, for whoever runs this to read. */
function report(what: string, figures: object): void {
  process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`)
}

describe('five times the load, for long', () => {
  it('R07: takes no more memory the longer it goes on, and answers what it takes in', async () => {
    const headers = { authorization: `Bearer ${on.token}` }
    const memory: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const { statuses, errors, took } = await overloaded({
        url: `${on.origin}/api/v1/services?limit=50`,
        headers,
        answers: 1_000,
      })
      memory.push(await residentMegabytes(on.application().process.pid ?? 0))
      report('overload', {
        round,
        statuses: [...statuses],
        p50: at(took, 0.5),
        p95: at(took, 0.95),
        megabytes: memory.at(-1),
      })
      expect(errors).toBe(0)
      expect([...statuses.keys()].sort()).toEqual([200, 503])
    }
    // The first rounds fill what is kept for later requests.
    expect(memory.at(-1)).toBeLessThan((memory[2] ?? 0) * 1.25)
  }, 400_000)
})

/** What a share of the values lies below. */
function at(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)
}

async function residentMegabytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${String(pid)}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1024)
}

describe('twenty kills at random moments', () => {
  it('invariant 8, R01, R02, R04: lose none of five thousand acknowledged writes, double none, and leave a log whose seal holds', async () => {
    const chance = new Chance(4_711)
    const kills = Array.from({ length: KILLS }, () => chance.pick(KINDS))
    const written = await writeThroughKills(on, { kills, writes: WRITES, writers: 8, chance })
    const found = compare(written, await storedOn(on, written.cases))
    report('durable', { kills: KILLS, acknowledged: written.acknowledged.size, resent: written.resent, ...found })
    expect(written.unexpected).toEqual([])
    expect(written.acknowledged.size).toBeGreaterThanOrEqual(WRITES)
    expect(found).toEqual({ lost: 0, doubled: 0, surplus: 0 })
    // Everything once more, as senders do who can't know: the same records, and nothing new.
    let different = 0
    for (const [key, { path, code }] of [...written.acknowledged].filter((_, n) => n % 10 === 0)) {
      const body = path.endsWith('services')
        ? { category: 'social', type: 'transport' }
        : { kind: 'call', outcome: 'reached' }
      const again = await on.send(path, body, key)
      if (again.status !== 201 || again.code !== code) different += 1
    }
    expect(different).toBe(0)
    expect(await storedOn(on, written.cases)).toHaveLength(written.acknowledged.size)
    const verified = JSON.parse(await on.command('audit', 'verify')) as { readonly fault: unknown }
    report('seal', verified)
    expect(verified.fault).toBeNull()
  }, 1_800_000)

  it('R01: lose some where the database need not wait for its disk, or the test above would prove nothing', async () => {
    // Given to the role while the application runs: the start refuses one that has it.
    const leaveDurable = async () => {
      await asSuperuser(on, 'ALTER ROLE amparo_app SET synchronous_commit = off')
      await asSuperuser(on, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'amparo_app'`)
    }
    const beforeStart = () => asSuperuser(on, 'ALTER ROLE amparo_app RESET synchronous_commit')
    const chance = new Chance(815)
    let lost = 0
    for (let round = 0; round < 10 && lost === 0; round += 1) {
      await leaveDurable()
      const written = await writeThroughKills(on, { kills: ['both'], writes: 400, writers: 8, chance, beforeStart })
      lost = compare(written, await storedOn(on, written.cases)).lost
      report('not durable', { round, acknowledged: written.acknowledged.size, lost })
    }
    expect(lost).toBeGreaterThan(0)
  }, 900_000)
})
