import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ownerOf } from '@/tests/factories/office'
import { compareSealed, stressLog } from '@/tests/support/seal-stress'
import { faultOf, sealedLog, type SealedLog } from '@/tests/support/sealed-log'

let log: SealedLog
let owner: postgres.Sql

beforeAll(async () => {
  log = await sealedLog()
  owner = ownerOf(log)
})
afterAll(async () => {
  await owner.end()
  await log.drop()
})

describe('L04: sealing while many write', () => {
  it('seals every committed event exactly once, with aborted and killed writers among them, and nobody waits', async () => {
    const { committed, waited, aborted, killed } = await stressLog(log, owner, { writers: 16, rounds: 8, seed: 58137 })
    expect(aborted).toBeGreaterThan(0)
    expect(killed).toBeGreaterThan(0)
    expect(waited).toEqual([])
    expect(await compareSealed(owner, committed)).toEqual({ lost: [], off: 0 })
    expect(await faultOf(log)).toBeNull()
  })
})
