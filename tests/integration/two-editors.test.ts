import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'

import { changeNeed, viewNeed } from '@/lib/assistance/needs/service'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { amendService } from '@/lib/assistance/services/amend-service'
import { viewService } from '@/lib/assistance/services/service'
import { changeCase, viewCase } from '@/lib/cases/service'
import { changePerson } from '@/lib/people/change-service'
import { registerPersonInput } from '@/lib/people/schema'
import { viewPerson } from '@/lib/people/service'
import type { Result } from '@/lib/platform/result'
import { loggedService, openNeed } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { callApi, tokenFor } from '@/tests/support/api'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const RUNS = process.env['AMPARO_FULL'] === '1' ? 150 : 8

let token: string
beforeAll(async () => {
  token = await tokenFor(owner, harbour.caseworker)
})

/** Something that two people may have open at once: a step of an edit is one of a few values. */
type Edited = {
  readonly make: () => Promise<string>
  readonly version: (code: string) => Promise<number>
  readonly edit: (code: string, version: number, step: number) => Promise<Result<unknown>>
}

const RISKS = ['high', 'medium', 'low'] as const
const URGENCIES = ['emergency', 'urgent', 'routine'] as const
const TYPES = ['transport', 'emergency_shelter', 'basic_needs'] as const

const RECORDS: Readonly<Record<string, Edited>> = {
  case: {
    make: async () => (await openedCase(harbour.caseworker)).code,
    version: async (code) => valueOf(await viewCase(harbour.caseworker, { case: code })).version,
    edit: (code, version, step) =>
      changeCase(harbour.caseworker, { case: code, version, risk: RISKS[step % RISKS.length] ?? 'low' }),
  },
  need: {
    make: async () => (await openNeed(harbour.caseworker, { case: (await openedCase(harbour.caseworker)).code })).code,
    version: async (code) => valueOf(await viewNeed(harbour.caseworker, { need: code })).version,
    edit: (code, version, step) =>
      changeNeed(harbour.caseworker, { need: code, version, urgency: URGENCIES[step % URGENCIES.length] ?? 'routine' }),
  },
  service: {
    make: async () => (await loggedService(harbour.caseworker)).code,
    version: async (code) => valueOf(await viewService(harbour.caseworker, { service: code })).version,
    edit: (code, version, step) =>
      amendService(
        harbour.caseworker,
        amendServiceInput.parse({
          service: code,
          version,
          reason: 'Another look',
          category: 'social',
          type: TYPES[step % TYPES.length] ?? 'transport',
        }),
      ),
  },
  person: {
    make: () => registeredPerson(harbour.caseworker, registerPersonInput.parse({ identity: { names: ['Name 0'] } })),
    version: async (code) => valueOf(await viewPerson(harbour.caseworker, { person: code })).version,
    edit: (code, version, step) =>
      changePerson(harbour.caseworker, {
        person: code,
        version,
        ...registerPersonInput.parse({ identity: { names: [`Name ${String(step)}`] } }),
      }),
  },
}

type Move = { readonly editor: number; readonly looks: boolean; readonly step: number }
const moves = fc.array(
  fc.record({ editor: fc.constantFrom(0, 1), looks: fc.boolean(), step: fc.integer({ min: 1, max: 90 }) }),
  { minLength: 3, maxLength: 8 },
)

describe('two people who edit one record (invariant 8, R03)', () => {
  it.each(Object.entries(RECORDS))(
    'never lose one’s change without a word, in whatever order they look and save: %s',
    async (_name, record) => {
      await fc.assert(
        fc.asyncProperty(moves, async (all: readonly Move[]) => {
          const code = await record.make()
          let now = await record.version(code)
          const known = [now, now]
          for (const { editor, looks, step } of all) {
            if (looks) known[editor] = await record.version(code)
            const saved = await record.edit(code, known[editor] ?? 0, step)
            // What was already so is no change, and says so; it may not hide that somebody else had saved.
            if (!saved.ok && saved.reason === 'nothing_changed') continue
            expect(saved.ok ? 'saved' : saved.refusal).toBe(known[editor] === now ? 'saved' : 'stale')
            if (saved.ok) now += 1
            expect(await record.version(code)).toBe(now)
            if (saved.ok) known[editor] = now
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      )
    },
    600_000,
  )

  it.each(Object.entries(RECORDS))(
    'at the same moment keep exactly one of both: %s',
    async (_name, record) => {
      for (let round = 0; round < RUNS; round += 1) {
        const code = await record.make()
        const version = await record.version(code)
        const both = await Promise.all([1, 2].map((step) => record.edit(code, version, step)))
        const ends = both.map((saved) => (saved.ok ? 'saved' : (saved.reason ?? saved.refusal))).sort()
        expect(['saved,stale', 'nothing_changed,saved']).toContain([...ends].sort().join())
        expect(await record.version(code)).toBe(version + 1)
      }
    },
    600_000,
  )
})

describe('a request that is repeated (invariant 8, trap T10)', () => {
  it('has no second effect, however often, whenever and beside whatever it is repeated', async () => {
    const on = (await openedCase(harbour.caseworker)).code
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 9 }),
        fc.boolean(),
        async (order, together) => {
          const run = Math.random().toString(36).slice(2)
          const before = await countOf(on)
          const send = (which: number) =>
            callApi('POST', `/cases/${on}/services`, {
              token,
              body: { category: 'social', type: TYPES[which % TYPES.length] ?? 'transport' },
              headers: { 'idempotency-key': `${run}-${String(which)}` },
            })
          const answers: { which: number; code: string }[] = []
          const keep = async (which: number) => {
            const answer = await send(which)
            expect(answer.status, answer.text).toBe(201)
            answers.push({ which, code: String(answer.body['code']) })
          }
          if (together) await Promise.all(order.map(keep))
          else for (const which of order) await keep(which)
          const different = new Set(order).size
          expect(new Set(answers.map(({ which, code }) => `${String(which)} ${code}`)).size).toBe(different)
          expect(new Set(answers.map(({ code }) => code)).size).toBe(different)
          expect(await countOf(on)).toBe(before + different)
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
  }, 600_000)
})

async function countOf(on: string): Promise<number> {
  const [row] = await owner<{ n: number }[]>`
    SELECT count(*)::int AS n FROM service s JOIN case_file c ON c.id = s.case_id WHERE c.code = ${on}`
  return row?.n ?? 0
}
