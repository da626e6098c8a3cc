import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ActorEnded } from '@/lib/access/with-actor'
import { removeMember } from '@/lib/agencies/leaver-service'
import { ok } from '@/lib/platform/result'
import { memberOf, office, ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

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

describe('two administrators at once', () => {
  it('A07: who remove each other: one is removed, and their own act fails as that of somebody signed out', async () => {
    const side = await office(owner)
    const pair = [side.admin, await memberOf(owner, side.agency.id, ['agency_admin'], null)] as const
    const codes = await Promise.all(
      pair.map(({ member }) => owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${member}`),
    )
    const [first, second] = codes.map(([row]) => row?.code ?? '')
    // Each transaction also holds its own session, which the other wants to end.
    await owner`UPDATE session SET last_seen_at = now() - interval '2 minutes' WHERE agency_id = ${side.agency.id}`
    const ids = pair.map(({ member }) => member)
    const gate = await owner.reserve()
    await gate`BEGIN`
    await gate`SELECT 1 FROM member WHERE id = ANY (${ids}) FOR UPDATE`
    const both = Promise.allSettled([
      removeMember(pair[0], { member: second ?? '' }),
      removeMember(pair[1], { member: first ?? '' }),
    ])
    try {
      await expect
        .poll(async () => {
          const [row] = await owner<{ n: number }[]>`
            SELECT count(DISTINCT l.pid)::int AS n FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE NOT l.granted AND a.datname = current_database()`
          return row?.n
        })
        .toBeGreaterThanOrEqual(2)
    } finally {
      await gate`COMMIT`
      gate.release()
    }
    const answers = await both
    expect(answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value)).toEqual([ok()])
    const [lost] = answers.filter((answer) => answer.status === 'rejected')
    expect(lost?.reason).toBeInstanceOf(ActorEnded)
    const [row] = await owner<
      { n: number }[]
    >`SELECT count(*)::int AS n FROM member WHERE id = ANY (${ids}) AND status = 'active'`
    expect(row?.n).toBe(1)
  })
})
