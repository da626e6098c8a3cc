import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ownerOf } from '@/tests/factories/office'
import { compareSealed, stressLog } from '@/tests/support/seal-stress'
import { faultOf, sealAll, sealedLog, writeEvents, type SealedLog } from '@/tests/support/sealed-log'
import { tamperRandomly } from '@/tests/support/tampering'

let log: SealedLog
let owner: postgres.Sql

beforeAll(async () => {
  log = await sealedLog()
  owner = ownerOf(log)
  for (let batch = 0; batch < 10; batch += 1) {
    await writeEvents(owner, 12, `BATCH${String(batch)}`)
    await sealAll(owner)
  }
})
afterAll(async () => {
  await owner.end()
  await log.drop()
})

describe('the seal, at length', () => {
  it('L03, invariant 4: finds each of 1,000 random changes of sealed events, and names the place', async () => {
    expect(await tamperRandomly(owner, log, { rounds: 1_000, seed: 17 })).toEqual([])
  }, 600_000)

  it('L04: seals every committed event of 16 writers exactly once, and nobody waits', async () => {
    const { committed, waited, killed } = await stressLog(log, owner, { writers: 16, rounds: 150, seed: 99 })
    expect(killed).toBeGreaterThan(50)
    expect(waited).toEqual([])
    expect(await compareSealed(owner, committed)).toEqual({ lost: [], off: 0 })
    expect(await faultOf(log)).toBeNull()
  }, 600_000)
})
