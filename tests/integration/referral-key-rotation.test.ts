import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { logServiceInput } from '@/lib/assistance/services/schema'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { logService } from '@/lib/assistance/services/service'
import { rotateKey } from '@/lib/oversight/keys/operator-service'
import { stepRotations } from '@/lib/oversight/keys/rotate-service'
import type { RotationTarget } from '@/lib/oversight/keys/schema'
import { searchPersons } from '@/lib/people/search-service'
import { closeWorker } from '@/lib/platform/db/worker'
import type { Result } from '@/lib/platform/result'
import { readPackage, viewReferral } from '@/lib/referrals/service'
import { ownerOf, type Office } from '@/tests/factories/office'
import { valueOf } from '@/tests/factories/cases'
import { MARKERS, moved, pairOfAgencies, sentReferral, type Pair } from '@/tests/factories/referrals'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { killedAfterFirstStep } from '@/tests/support/killed-rotation'

const MANY = 8
const NOTE = 'Felt heard for the first time'

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let known: readonly { readonly referral: string; readonly service: string }[]

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  const made: { referral: string; service: string }[] = []
  for (let n = 0; n < MANY; n += 1) {
    const { referral, case: on } = await sentReferral(owner, pair)
    valueOf(await moved(pair.legalaid.caseworker, referral, 'accept'))
    const entry = { category: 'legal', type: 'information_advice', case: on, note: NOTE }
    const { code: service } = valueOf(await logService(pair.legalaid.caseworker, logServiceInput.parse(entry)))
    made.push({ referral, service })
  }
  known = made
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

/** Both sides at work with everything that hangs on their keys, over and over, until the work between is done. */
async function underLoad(work: () => Promise<void>): Promise<{ readonly reads: number; readonly failures: string[] }> {
  const [harbour, legalaid] = [pair.harbour.caseworker, pair.legalaid.caseworker]
  const seen = { reads: 0, failures: new Array<string>() }
  let isOver = false
  const check = async (what: string, read: Promise<Result<unknown>>, expected: string) => {
    const text = await read.then((answer) => JSON.stringify(answer), String)
    if (!text.includes(expected)) seen.failures.push(`${what}: ${text.slice(0, 200)}`)
    seen.reads += 1
  }
  const reader = async (from: number) => {
    for (let round = from; !isOver; round += 1) {
      const { referral, service } = known[round % MANY] ?? { referral: '', service: '' }
      await check('package, received', readPackage(legalaid, { referral }), MARKERS.phone)
      await check('package, sent', readPackage(harbour, { referral }), MARKERS.name)
      await check('preview', viewReferral(legalaid, { referral }), 'Needs advice this week.')
      await check('note', readServiceNotes(legalaid, { service }), NOTE)
      await check('search', searchPersons(legalaid, { query: MARKERS.name }), referral)
    }
  }
  const readers = [reader(0), reader(MANY / 2)]
  try {
    await work()
    // Once more through everything under the key as it is now.
    const until = seen.reads + 5 * MANY
    while (seen.reads < until && seen.failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  } finally {
    isOver = true
    await Promise.all(readers)
  }
  return seen
}

const wrapsOf = async ({ agency }: Office) =>
  owner<{ part: string; v: number; n: number }[]>`
    SELECT part, wrap_version AS v, count(*)::int AS n FROM referral_key WHERE agency_id = ${agency.id} GROUP BY 1, 2 ORDER BY 1, 2`

describe('C03: while packages, notes and names are read on both sides', () => {
  it.each([
    ['sent', () => pair.harbour, ['package', 'preview']],
    ['received', () => pair.legalaid, ['notes', 'package', 'preview']],
  ] as const)(
    'the key of the agency that %s changes, is killed in the middle, goes on, and no read fails',
    async (_, of, parts) => {
      const target: RotationTarget = { kind: 'agency', agency: of().agency.key }
      const seen = await underLoad(async () => {
        await killedAfterFirstStep(database.ownerUrl, target, 3)
        expect(new Set((await wrapsOf(of())).map(({ v }) => v))).toContain(1)
        await rotateKey(database.ownerUrl, target, { resume: true, onProgress: () => undefined })
      })
      expect(seen.failures).toEqual([])
      expect(seen.reads).toBeGreaterThan(5 * MANY)
      expect(await wrapsOf(of())).toEqual(parts.map((part) => ({ part, v: 2, n: MANY })))
    },
  )

  it('and once the old keys are gone, everything opens still', async () => {
    await owner`UPDATE key_rotation SET moved_at = moved_at - interval '2 hours'`
    await stepRotations()
    const kept =
      await owner`SELECT 1 FROM agency_key WHERE version = 1 AND purpose = 'data' AND agency_id IN (${pair.harbour.agency.id}, ${pair.legalaid.agency.id})`
    expect(kept).toEqual([])
    const seen = await underLoad(() => Promise.resolve())
    expect(seen.failures).toEqual([])
  })
})
