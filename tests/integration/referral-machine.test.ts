import fc from 'fast-check'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { closeWorker } from '@/lib/platform/db/worker'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { MOVER, nextState } from '@/lib/referrals/rules'
import type { Move, ReferralState } from '@/lib/referrals/schema'
import { readPackage, viewReferral } from '@/lib/referrals/service'
import { valueOf } from '@/tests/factories/cases'
import { office, outsider, ownerOf } from '@/tests/factories/office'
import {
  agreedTo,
  caseToRefer,
  MARKERS,
  moved,
  pairOfAgencies,
  refer,
  takenBack,
  type Pair,
} from '@/tests/factories/referrals'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let actors: Readonly<Record<string, Actor>>

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  const { harbour, legalaid } = pair
  const options = { network: harbour.admin.network }
  const third = await office(owner, options)
  actors = {
    sender: harbour.caseworker,
    receiver: legalaid.caseworker,
    'sender colleague': harbour.colleague,
    'sender administrator': harbour.admin,
    'receiver colleague': legalaid.colleague,
    'receiver supervisor': legalaid.supervisor,
    'receiver administrator': legalaid.admin,
    'third agency': third.caseworker,
    coordinator: await outsider(owner, 'coordinator', options),
    auditor: await outsider(owner, 'auditor', options),
  }
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const DETAIL: Readonly<Record<Move, Readonly<Record<string, unknown>>>> = {
  send: {},
  acknowledge: {},
  'request-info': { question: 'Is there a hearing soon?' },
  'answer-info': { answer: 'Next week.' },
  accept: {},
  decline: { declineReason: 'no_capacity' },
  start: {},
  complete: { outcome: 'partly' },
  withdraw: {},
  close: { feedback: 'helped' },
}
const MOVES = Object.keys(DETAIL) as Move[]
/** Whoever may do something comes up more often: most sequences should get somewhere. */
const ACTING = ['sender', 'sender', 'sender', 'receiver', 'receiver', 'receiver', 'receiver'] as const
const command = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      by: fc.constantFrom(...ACTING),
      move: fc.constantFrom(...MOVES),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      by: fc.constantFrom(
        'sender colleague',
        'sender administrator',
        'receiver colleague',
        'receiver supervisor',
        'receiver administrator',
        'third agency',
        'coordinator',
        'auditor',
      ),
      move: fc.constantFrom(...MOVES),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw consent' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('agree' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), hours: fc.constantFrom(3, 13, 30, 80) }) },
)

const LIVE: readonly ReferralState[] = ['sent', 'acknowledged', 'info_requested', 'accepted', 'in_service']

/** What a referral should be, told in the plainest way. */
type Model = {
  state: ReferralState
  before: ReferralState | null
  consented: boolean
  answers: number
  hoursWaited: number
}

function afterMove(model: Model, move: Move): void {
  const next = nextState(move, model.state, model.before)
  if (next === null) throw new Error('The model made an illegal move')
  model.before = move === 'request-info' ? model.state : null
  if (move === 'accept' || move === 'decline') model.answers += 1
  if (move === 'send') model.hoursWaited = 0
  model.state = next
}

describe('any sequence of commands by anybody', () => {
  it('T13: makes no illegal move, no second answer, and opens no package without a living basis', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 14 }), async (commands) => {
        const of = await caseToRefer(owner, pair)
        const made = valueOf(
          await refer(pair.harbour.caseworker, {
            case: of.case,
            needs: [of.need],
            directoryService: pair.service.code,
          }),
        )
        const referral = made.code
        let consent = of.consent
        const model: Model = { state: 'draft', before: null, consented: true, answers: 0, hoursWaited: 0 }
        for (const step of commands) {
          if (step.kind === 'move') {
            const actor = actors[step.by]
            if (actor === undefined) throw new Error('An actor')
            const mayBe = step.by === MOVER[step.move] && nextState(step.move, model.state, model.before) !== null
            const needsBasis = step.move === 'send' || step.move === 'accept' || step.move === 'start'
            const expected = mayBe && (model.consented || !needsBasis)
            const result = await moved(actor, referral, step.move, DETAIL[step.move])
            expect([step, result.ok ? 'ok' : result.refusal, result.ok]).toEqual([step, expect.anything(), expected])
            if (expected) afterMove(model, step.move)
          } else if (step.kind === 'withdraw consent') {
            if (model.consented) await takenBack(owner, consent)
            model.consented = false
            if (LIVE.includes(model.state)) Object.assign(model, { state: 'withdrawn', before: null })
          } else if (step.kind === 'agree') {
            consent = await agreedTo(owner, of.case, pair.legalaid)
            model.consented = true
          } else {
            await owner`
              UPDATE referral SET acknowledge_half_at = acknowledge_half_at - h, acknowledge_by = acknowledge_by - h, acknowledge_late_at = acknowledge_late_at - h,
                decide_half_at = decide_half_at - h, decide_by = decide_by - h, decide_late_at = decide_late_at - h, expires_at = expires_at - h,
                completed_at = completed_at - h, next_at = next_at - h
              FROM (SELECT make_interval(hours => ${step.hours}) AS h) x WHERE code = ${referral}`
            await runReferralClock()
            if (model.state === 'sent' || model.state === 'acknowledged') model.hoursWaited += step.hours
            // Urgent: decided within 24 hours, expired after three times that.
            if ((model.state === 'sent' || model.state === 'acknowledged') && model.hoursWaited >= 72)
              model.state = 'expired'
          }
          await check(referral, model)
        }
      }),
      { numRuns: 25, seed: 58137 },
    )
  }, 180_000)

  async function check(referral: string, model: Model): Promise<void> {
    const seen = valueOf(await viewReferral(pair.harbour.caseworker, { referral }))
    expect(seen.state).toBe(model.state)
    const isOpen = (model.state === 'accepted' || model.state === 'in_service') && model.consented
    const opened = await readPackage(pair.legalaid.caseworker, { referral })
    expect(opened.ok).toBe(isOpen)
    if (opened.ok) expect(JSON.stringify(opened.value)).toContain(MARKERS.name)
    for (const name of ['receiver colleague', 'third agency', 'coordinator', 'auditor', 'receiver administrator']) {
      const actor = actors[name]
      if (actor !== undefined) expect((await readPackage(actor, { referral })).ok).toBe(false)
    }
    const [counted] = await owner<{ answers: number; grants: number }[]>`
      SELECT (SELECT count(*)::int FROM audit_event WHERE subject = ${referral} AND type IN ('referral.accepted', 'referral.declined')) AS answers,
        (SELECT count(*)::int FROM case_grant g JOIN referral r ON r.id = g.referral_id WHERE r.code = ${referral} AND g.ended_at IS NULL) AS grants`
    expect(counted).toEqual({ answers: model.answers, grants: isOpen ? 1 : 0 })
    expect(model.answers).toBeLessThanOrEqual(1)
  }
})
