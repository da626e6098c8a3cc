import fc from 'fast-check'
import type postgres from 'postgres'
import { expect } from 'vitest'

import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { MOVER, nextBeforeBasis, nextState, nextUnanswered } from '@/lib/referrals/rules'
import type { Move, ReferralState } from '@/lib/referrals/schema'
import { signedAgreement } from '@/tests/factories/agreements'
import { listedService } from '@/tests/factories/directory'
import { office, outsider } from '@/tests/factories/office'
import { caseToRefer, MARKERS, pairOfAgencies, type Pair } from '@/tests/factories/referrals'
import { callApi, tokenFor } from './api'

/** Every role of every side. Two receive, each for their own agency; the rest has nothing to say to a referral's moves. */
const ACTORS = [
  'sender',
  'first receiver',
  'second receiver',
  'coordinator',
  'sender colleague',
  'sender supervisor',
  'sender administrator',
  'first colleague',
  'first supervisor',
  'first administrator',
  'second colleague',
  'second supervisor',
  'stranger',
  'auditor',
] as const
type ActorName = (typeof ACTORS)[number]
const RECEIVERS = ['first', 'second'] as const
type ReceiverName = (typeof RECEIVERS)[number]

export type Machine = {
  readonly owner: postgres.Sql
  readonly pair: Pair
  readonly tokens: Readonly<Record<ActorName, string>>
  /** Whom one can refer to: the agency's key, and its listed service. */
  readonly receivers: Readonly<Record<ReceiverName, { readonly agency: string; readonly service: string }>>
}

/** Three agencies under agreements, two of which receive, with tokens for members of every role. */
export async function referralMachine(owner: postgres.Sql): Promise<Machine> {
  const pair = await pairOfAgencies(owner)
  const { harbour, legalaid } = pair
  const network = { network: harbour.admin.network }
  const second = await office(owner, network)
  await signedAgreement([harbour, second], { categories: [...CATEGORY_KEYS] })
  const service = await listedService(second)
  const stranger = await office(owner, network)
  const members = {
    sender: harbour.caseworker,
    'first receiver': legalaid.caseworker,
    'second receiver': second.caseworker,
    coordinator: await outsider(owner, 'coordinator', network),
    'sender colleague': harbour.colleague,
    'sender supervisor': harbour.supervisor,
    'sender administrator': harbour.admin,
    'first colleague': legalaid.colleague,
    'first supervisor': legalaid.supervisor,
    'first administrator': legalaid.admin,
    'second colleague': second.colleague,
    'second supervisor': second.supervisor,
    stranger: stranger.caseworker,
    auditor: await outsider(owner, 'auditor', network),
  }
  const tokens: Partial<Record<ActorName, string>> = {}
  for (const name of ACTORS) tokens[name] = await tokenFor(owner, members[name])
  return {
    ...{ owner, pair },
    tokens: tokens as Record<ActorName, string>,
    receivers: {
      first: { agency: legalaid.agency.key, service: pair.service.code },
      second: { agency: second.agency.key, service: service.code },
    },
  }
}

const BODY: Readonly<Record<Move, Readonly<Record<string, unknown>>>> = {
  send: {},
  acknowledge: {},
  'request-info': { question: 'Is there a hearing soon?' },
  'answer-info': { answer: 'Next week.' },
  accept: {},
  decline: { declineReason: 'no_capacity' },
  start: {},
  confirm: {},
  complete: { outcome: 'partly' },
  decide: {},
  withdraw: {},
  close: { feedback: 'helped' },
}
/** An authority's decision, and the confirmation of a transfer, belong to other kinds of referral. */
const MOVES = (Object.keys(BODY) as Move[]).filter((one) => one !== 'decide' && one !== 'confirm')
/** Whoever may do something comes up more often: most sequences should get somewhere. */
const ACTING = ['sender', 'sender', 'first receiver', 'first receiver', 'second receiver'] as const

/** Whose door to the package is tried after each step; everybody's at the end. */
const CLOSE = ['sender', 'first receiver', 'second receiver', 'first colleague', 'coordinator'] as const

const move = (by: fc.Arbitrary<ActorName>) =>
  fc.record({ kind: fc.constant('move' as const), by, move: fc.constantFrom(...MOVES), which: fc.nat(3) })
const command = fc.oneof(
  { weight: 14, arbitrary: move(fc.constantFrom(...ACTING)) },
  { weight: 4, arbitrary: move(fc.constantFrom(...ACTORS)) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('reroute' as const),
      by: fc.constantFrom<ActorName>(
        'coordinator',
        'coordinator',
        'coordinator',
        'sender',
        'first receiver',
        'auditor',
      ),
      which: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('agree' as const), to: fc.constantFrom(...RECEIVERS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('take back' as const), to: fc.constantFrom(...RECEIVERS) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), hours: fc.constantFrom(3, 13, 30, 80) }) },
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

const LIVE: readonly ReferralState[] = ['sent', 'acknowledged', 'info_requested', 'accepted', 'in_service']
const WAITS: readonly ReferralState[] = ['sent', 'acknowledged', 'info_requested']

/** What a referral should be, told in the plainest way. */
type Model = {
  readonly code: string
  readonly to: ReceiverName
  readonly from: Model | null
  state: ReferralState
  before: ReferralState | null
  /** How long the clock has stood for a question, and whether one is open whose pause is over. */
  paused: number
  unanswered: boolean
  /** Whether anything of the person was shared with its receiver, and whether the package was. */
  shared: boolean
  opened: boolean
  answers: number
  waited: number
  sinceCompleted: number
}

type World = {
  readonly machine: Machine
  readonly case: string
  readonly need: string
  readonly referrals: Model[]
  /** The consent that stands for each receiver; null where none does. */
  readonly consents: Record<ReceiverName, string | null>
}

/** Runs random commands by random members of every role through the API, against a plain model. */
export async function runReferralMachine(machine: Machine, numRuns: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 16 }), async (commands) => {
      const world = await beginning(machine)
      for (const step of commands) {
        await take(world, step)
        await check(world, CLOSE)
      }
      await check(world, ACTORS)
    }),
    { numRuns, seed },
  )
}

async function beginning(machine: Machine): Promise<World> {
  const of = await caseToRefer(machine.owner, machine.pair, { answer: 'given' })
  const [consent] = await machine.owner<{ code: string }[]>`SELECT code FROM consent WHERE id = ${of.consent}`
  const made = await callApi('POST', '/referrals', {
    token: machine.tokens.sender,
    body: { case: of.case, needs: [of.need], directoryService: machine.receivers.first.service, urgency: 'urgent' },
  })
  expect(made.status).toBe(201)
  const first = modelOf(String(made.body['code']), 'first', null)
  return {
    ...{ machine, case: of.case, need: of.need },
    referrals: [first],
    consents: { first: consent?.code ?? null, second: null },
  }
}

function modelOf(code: string, to: ReceiverName, from: Model | null): Model {
  const state = from === null ? 'draft' : 'sent'
  return {
    ...{ code, to, from, state, before: null, paused: 0, unanswered: false },
    ...{ shared: false, opened: false, answers: 0, waited: 0, sinceCompleted: 0 },
  }
}

async function take(world: World, step: Command): Promise<void> {
  switch (step.kind) {
    case 'move':
      return takeMove(world, step)
    case 'reroute':
      return takeReroute(world, step)
    case 'agree':
      return agree(world, step.to)
    case 'take back':
      return takeBack(world, step.to)
    case 'time':
      return pass(world, step.hours)
  }
}

function chosen({ referrals }: World, which: number): Model {
  const model = referrals[which % referrals.length]
  if (model === undefined) throw new Error('A world has a referral')
  return model
}

/** A referral that a coordinator made and that its sender has shared nothing with. */
function awaits(model: Model): boolean {
  return model.from !== null && !model.shared
}

function nextOf(model: Model, move: Move): ReferralState | null {
  if (awaits(model)) return nextBeforeBasis(move, model.state)
  return model.unanswered ? nextUnanswered(move, model.state) : nextState(move, model.state, model.before)
}

async function takeMove(world: World, step: { by: ActorName; move: Move; which: number }): Promise<void> {
  const model = chosen(world, step.which)
  const mover = MOVER[step.move] === 'sender' ? 'sender' : `${model.to} receiver`
  const next = nextOf(model, step.move)
  const needsBasis = step.move === 'send' || step.move === 'accept' || step.move === 'start'
  const isMover = step.by === mover || (mover === 'sender' && step.by === 'sender supervisor')
  const isLegal = isMover && next !== null && (!needsBasis || world.consents[model.to] !== null)
  const { tokens } = world.machine
  const answer = await callApi('POST', `/referrals/${model.code}/${step.move}`, {
    token: tokens[step.by],
    body: BODY[step.move],
  })
  expect([step, answer.status === 200]).toEqual([step, isLegal])
  if (!isLegal) expect([403, 404, 409]).toContain(answer.status)
  if (!isLegal) return
  model.before = step.move === 'request-info' ? model.state : null
  model.paused = 0
  if (step.move === 'answer-info') model.unanswered = false
  model.state = next
  if (step.move === 'accept' || step.move === 'decline') model.answers += 1
  if (step.move === 'send') Object.assign(model, { shared: true, waited: 0 })
  if (step.move === 'send' && model.from !== null && WAITS.includes(model.from.state)) end(model.from)
  if (step.move === 'accept') {
    model.opened = true
    for (const other of world.referrals)
      if (other.from === model && awaits(other) && WAITS.includes(other.state)) end(other)
  }
}

function end(model: Model): void {
  model.state = 'withdrawn'
  model.before = null
}

async function takeReroute(world: World, step: { by: ActorName; which: number }): Promise<void> {
  const model = chosen(world, step.which)
  const { machine, referrals } = world
  const to: ReceiverName = model.to === 'first' ? 'second' : 'first'
  const isLegal = step.by === 'coordinator' && (await mayReroute(world, model))
  const answer = await callApi('POST', `/referrals/${model.code}/reroute`, {
    token: machine.tokens[step.by],
    body: { directoryService: machine.receivers[to].service },
  })
  expect([step, answer.status === 201]).toEqual([step, isLegal])
  if (isLegal) referrals.push(modelOf(String(answer.body['code']), to, model))
}

async function mayReroute({ machine, referrals, need }: World, model: Model): Promise<boolean> {
  const made = referrals.filter(({ from }) => from === model)
  if (WAITS.includes(model.state)) return made.every(({ state }) => !LIVE.includes(state))
  if (model.state !== 'declined' && model.state !== 'expired') return false
  const [row] = await machine.owner<{ state: string }[]>`SELECT state FROM need WHERE code = ${need}`
  const later = referrals.slice(referrals.indexOf(model) + 1)
  return row?.state === 'open' && made.length === 0 && later.every(({ shared }) => !shared)
}

async function agree(world: World, to: ReceiverName): Promise<void> {
  const answer = await callApi('POST', `/cases/${world.case}/consents`, {
    token: world.machine.tokens.sender,
    body: {
      ...{ purpose: 'sharing', agency: world.machine.receivers[to].agency, categories: ['legal'], identity: 'full' },
      endsOn: new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10),
    },
  })
  expect([answer.status, answer.text]).toEqual([201, expect.anything()])
  world.consents[to] = String(answer.body['code'])
}

async function takeBack(world: World, to: ReceiverName): Promise<void> {
  const consent = world.consents[to]
  if (consent === null) return
  const answer = await callApi('POST', `/consents/${consent}/withdraw`, {
    token: world.machine.tokens.sender,
    body: {},
  })
  expect(answer.status).toBe(200)
  world.consents[to] = null
  for (const model of world.referrals) if (model.to === to && LIVE.includes(model.state) && !awaits(model)) end(model)
}

/** Lets hours pass for all referrals of the case, and the job of the clock after them. */
async function pass({ machine, referrals, case: file }: World, hours: number): Promise<void> {
  await machine.owner`
    UPDATE referral SET clock_started_at = clock_started_at - h, acknowledge_half_at = acknowledge_half_at - h, acknowledge_by = acknowledge_by - h, acknowledge_late_at = acknowledge_late_at - h,
      decide_half_at = decide_half_at - h, decide_by = decide_by - h, decide_late_at = decide_late_at - h, expires_at = expires_at - h,
      paused_at = paused_at - h, pause_ends_at = pause_ends_at - h,
      pause_clock = (SELECT jsonb_object_agg(key, value::timestamptz - h) FROM jsonb_each_text(pause_clock)), completed_at = completed_at - h, next_at = next_at - h
    FROM (SELECT make_interval(hours => ${hours}) AS h) x WHERE case_id = (SELECT id FROM case_file WHERE code = ${file})`
  await runReferralClock()
  for (const model of referrals) {
    if (model.state === 'completed') model.sinceCompleted += hours
    if (model.state === 'completed' && model.sinceCompleted >= 14 * 24) model.state = 'closed'
    if (model.state === 'info_requested' && model.before !== null) {
      model.paused += hours
      // Urgent: after 24 hours the clock goes on by itself.
      if (model.paused < 24) continue
      Object.assign(model, {
        state: model.before,
        before: null,
        unanswered: true,
        waited: model.waited + model.paused - 24 - hours,
      })
    }
    if (model.state !== 'sent' && model.state !== 'acknowledged') continue
    model.waited += hours
    // Urgent: decided within 24 hours, expired after three times that.
    if (model.waited >= 72) model.state = 'expired'
  }
}

async function check(world: World, askers: readonly ActorName[]): Promise<void> {
  const { machine, referrals, consents } = world
  for (const model of referrals) {
    const seen = await callApi('GET', `/referrals/${model.code}`, { token: machine.tokens.sender })
    expect([model.code, seen.body['state']]).toEqual([model.code, model.state])
    const isOpen = (model.state === 'accepted' || model.state === 'in_service') && consents[model.to] !== null
    for (const name of askers) {
      const opened = await callApi('GET', `/referrals/${model.code}/package`, { token: machine.tokens[name] })
      // A unit's supervisor is of the team of its cases, on either side.
      const mayOpen = ['sender', 'sender supervisor'].includes(name)
        ? model.shared
        : isOpen && [`${model.to} receiver`, `${model.to} supervisor`].includes(name)
      expect([name, model, opened.status === 200]).toEqual([name, model, mayOpen])
      expect(opened.text.includes(MARKERS.name)).toBe(mayOpen)
    }
    const [counted] = await machine.owner<Record<string, number>[]>`
      SELECT (SELECT count(*)::int FROM audit_event WHERE subject = ${model.code} AND type IN ('referral.accepted', 'referral.declined')) AS answers,
        (SELECT count(*)::int FROM case_grant g JOIN referral r ON r.id = g.referral_id WHERE r.code = ${model.code} AND g.ended_at IS NULL) AS grants,
        (SELECT count(*)::int FROM disclosure WHERE subject = ${model.code} AND way = 'preview') AS previews,
        (SELECT count(*)::int FROM disclosure WHERE subject = ${model.code} AND way = 'package') AS packages,
        (SELECT count(*)::int FROM disclosure WHERE subject = ${model.code}) AS lines`
    expect(counted).toEqual({
      ...{ answers: model.answers, grants: isOpen ? 1 : 0 },
      ...{ previews: Number(model.shared), packages: Number(model.opened) },
      lines: Number(model.shared) + Number(model.opened),
    })
    expect(model.answers).toBeLessThanOrEqual(1)
  }
}
