import type postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { askReset } from '@/lib/auth/reset'
import { signIn } from '@/lib/auth/sign-in'
import { ok } from '@/lib/platform/result'
import { accountOf } from '@/tests/factories/accounts'
import { office, ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

const TRIES = 250

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

/** The chance that a time of one kind is longer than one of the other: a half where nothing can be told. */
function chanceOfLonger(one: readonly number[], other: readonly number[]): number {
  let longer = 0
  for (const a of one) for (const b of other) longer += a > b ? 1 : a === b ? 0.5 : 0
  return longer / (one.length * other.length)
}

/** Tries both kinds of address in turns, and fails when their times tell them apart. */
async function expectAlike(tryWith: (email: string) => Promise<void>): Promise<void> {
  const { agency } = await office(owner)
  const known = (await accountOf(owner, agency.id)).email
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  for (let n = 0; n < TRIES; n += 1) {
    // Turns change, so that whatever slows the machine down meets both alike.
    for (const kind of n % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
      await owner`DELETE FROM throttle`
      const email = kind === 'known' ? known : `nobody${String(n)}@test.example`
      const start = performance.now()
      await tryWith(email)
      times[kind].push(performance.now() - start)
    }
  }
  // Five standard deviations of what chance alone gives for this many tries of each.
  const spread = Math.sqrt((2 * TRIES + 1) / (12 * TRIES * TRIES))
  expect(Math.abs(chanceOfLonger(times.known, times.unknown) - 0.5)).toBeLessThan(5 * spread)
}

it('A06: over 500 tries the time of a refusal tells nothing about whether the address exists', async () => {
  await expectAlike(async (email) => {
    const input = { email, password: 'a wrong one, and long enough' }
    const result = await signIn(input, { origin: { networkPrefix: '203.0.113.0/24' } })
    expect(result).toEqual({ ok: false, refusal: 'forbidden', reason: 'sign_in_wrong' })
  })
}, 300_000)

it('A06: over 500 links asked for, nor does the time of that answer', async () => {
  await expectAlike(async (email) => {
    expect(await askReset(email, { networkPrefix: '203.0.113.0/24' })).toEqual(ok())
  })
}, 300_000)
