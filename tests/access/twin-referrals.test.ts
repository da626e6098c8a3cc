import { randomBytes } from 'node:crypto'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { CATALOGUE } from '@/lib/api/catalogue'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { newCode } from '@/lib/platform/ids'
import { closeWorker } from '@/lib/platform/db/worker'
import { rerouteReferral } from '@/lib/referrals/desk/service'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import type { Move } from '@/lib/referrals/schema'
import { signedAgreement } from '@/tests/factories/agreements'
import { loggedContact, loggedService, openNeed } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { consented } from '@/tests/factories/consents'
import { listedService } from '@/tests/factories/directory'
import { office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { agreedTo, moved, pairOfAgencies, refer, takenBack, type Pair } from '@/tests/factories/referrals'
import { handedOver } from '@/tests/factories/transfer'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

/** Every state that a referral of the first receiving agency can be in, and how it comes there. */
const STATES = {
  draft: [],
  sent: ['send'],
  acknowledged: ['send', 'acknowledge'],
  info_requested: ['send', 'acknowledge', 'request-info'],
  accepted: ['send', 'accept'],
  in_service: ['send', 'accept', 'start'],
  completed: ['send', 'accept', 'complete'],
  closed: ['send', 'accept', 'complete', 'close'],
  declined: ['send', 'decline'],
  withdrawn: ['send', 'accept', 'withdraw'],
  'without basis': ['send', 'accept'],
  expired: ['send'],
  rerouted: ['send', 'decline'],
  // Transfers of the lead, which go as soon as they are made.
  'transfer sent': [],
  'transfer accepted': ['acknowledge', 'accept'],
  led: ['accept', 'confirm'],
  'lead back': ['accept', 'confirm', 'complete'],
} as const satisfies Record<string, readonly Move[]>
type State = keyof typeof STATES
const DETAIL: Partial<Record<Move, object>> = {
  'request-info': { question: 'Which language?' },
  decline: { declineReason: 'no_capacity' },
  complete: { outcome: 'partly' },
}
const TRANSFERS: readonly State[] = ['transfer sent', 'transfer accepted', 'led', 'lead back']
/** Of a transfer nothing more is seen before the sending side has confirmed as well. */
const BEFORE_ACCEPTANCE: readonly State[] = [
  'sent',
  'acknowledged',
  'info_requested',
  'transfer sent',
  'transfer accepted',
]
const OPEN: readonly State[] = ['accepted', 'in_service', 'led']

/** What stands in one case's records and nowhere else. */
type Planted = {
  readonly state: State
  readonly referral: string
  /** What the coordinator made of it. */
  readonly made: string | null
  readonly codes: Readonly<Record<'person' | 'case' | 'need' | 'service' | 'contact' | 'consent', string>>
  /** Shared in full with the first receiver once it has accepted: who they are, and how to reach them safely. */
  readonly name: string
  readonly word: string
  /** Written to the first receiver with the referral. */
  readonly reason: string
  /** Shared with nobody. */
  readonly kept: readonly string[]
}

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let second: Office
let planted: Planted[]
const tokens = new Map<string, string>()

const STRANGERS = [
  'third agency, caseworker',
  'third agency, supervisor',
  'receiver, administrator',
  'sender, administrator',
  'coordinator',
  'auditor',
  'system administrator',
]

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  const { harbour, legalaid } = pair
  const network = { network: harbour.admin.network }
  second = await office(owner, network)
  await signedAgreement([harbour, second], { categories: [...CATEGORY_KEYS] })
  await signedAgreement([harbour, legalaid], { categories: [...CATEGORY_KEYS], purposes: ['transfer'] })
  const other = await listedService(second)
  const third = await office(owner, network)
  const coordinator = await outsider(owner, 'coordinator', network)
  const members = {
    receiver: legalaid.caseworker,
    'receiver, colleague': legalaid.colleague,
    'second receiver': second.caseworker,
    'third agency, caseworker': third.caseworker,
    'third agency, supervisor': third.supervisor,
    'receiver, administrator': legalaid.admin,
    'sender, administrator': harbour.admin,
    coordinator,
    auditor: await outsider(owner, 'auditor', network),
    'system administrator': await outsider(owner, 'system_admin'),
  }
  for (const [name, actor] of Object.entries(members)) tokens.set(name, await tokenFor(owner, actor))
  planted = []
  for (const state of Object.keys(STATES) as State[]) planted.push(await plant(state, coordinator, other.code))
}, 180_000)
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

async function plant(
  state: State,
  coordinator: Parameters<typeof rerouteReferral>[0],
  other: string,
): Promise<Planted> {
  // Letters alone: a row of digits would be taken for a number of somebody's.
  const mark = `Zq${randomBytes(5)
    .toString('hex')
    .replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))}`
  const sender = pair.harbour.caseworker
  const name = `Quillon${mark}`
  const word = `word ${mark}`
  const person = await registeredPerson(sender, {
    identity: { names: [{ value: name }] },
    safeContact: { channels: { text: { safe: true } }, codeWord: word },
  })
  const file = (await openedCase(sender, { person })).code
  const need = (await openNeed(sender, { case: file, urgency: 'urgent' })).code
  const kept = { note: `note ${mark}`, text: `text ${mark}`, wish: `wish ${mark}` }
  const service = (await loggedService(sender, { case: file, note: kept.note })).code
  const contact = (await loggedContact(sender, { case: file, outcome: 'reached', text: kept.text })).code
  const wish = { withheld: ['profile.gender'], withheldWhy: 'other', withheldWords: kept.wish } as const
  const consent = (
    await consented(sender, { case: file, agencyKind: 'intergovernmental', ...wish, withheld: [...wish.withheld] })
  ).code
  const isTransfer = TRANSFERS.includes(state)
  const agreed = await agreedTo(owner, file, pair.legalaid, isTransfer ? { purpose: 'transfer' } : {})
  const reason = `reason ${mark}`
  const to = { case: file, directoryService: pair.service.code, reason }
  const made = valueOf(isTransfer ? await handedOver(sender, to) : await refer(sender, { ...to, needs: [need] })).code
  for (const move of STATES[state]) {
    valueOf(await moved(moverOf(move), made, move, (DETAIL[move] ?? {}) as Record<string, unknown>))
  }
  if (state === 'without basis') await takenBack(owner, agreed)
  if (state === 'expired') {
    await owner`UPDATE referral SET expires_at = clock_timestamp() - interval '1 hour', next_at = clock_timestamp() - interval '1 hour' WHERE code = ${made}`
    await runReferralClock()
  }
  const rerouted =
    state === 'rerouted'
      ? valueOf(await rerouteReferral(coordinator, { referral: made, directoryService: other })).made
      : null
  return {
    ...{ state, referral: made, made: rerouted, name, word, reason },
    codes: { person, case: file, need, service, contact, consent },
    kept: Object.values(kept),
  }
}

/** Whoever sends a transfer doesn't confirm it. */
function moverOf(move: Move) {
  if (move === 'confirm') return pair.harbour.supervisor
  return move === 'send' || move === 'withdraw' || move === 'close' ? pair.harbour.caseworker : pair.legalaid.caseworker
}

const PARAMS: Readonly<Partial<Record<string, keyof Planted['codes']>>> = {
  personCode: 'person',
  caseCode: 'case',
  needCode: 'need',
  serviceCode: 'service',
  contactCode: 'contact',
  consentCode: 'consent',
}

/** The addresses of the API with the planted codes in place of their parts; those without any once. */
function addressesFor(
  of: Planted,
): readonly { readonly method: string; readonly path: string; readonly asked: readonly string[] }[] {
  return CATALOGUE.flatMap(({ method, path: pattern }) => {
    const asked: string[] = []
    const fill = (referral: string) =>
      pattern.replace(/\{(\w+)\}/g, (part, parameter: string) => {
        const kind = PARAMS[parameter]
        if (kind === undefined && parameter !== 'referralCode') return part
        const code = kind === undefined ? referral : of.codes[kind]
        asked.push(code)
        return code
      })
    const paths =
      pattern.includes('{referralCode}') && of.made !== null ? [fill(of.referral), fill(of.made)] : [fill(of.referral)]
    return paths.filter((path) => !path.includes('{')).map((path) => ({ method, path, asked: [...asked] }))
  })
}

const lists = ['/referrals?box=in&limit=200', '/referrals?box=out&limit=200', '/referrals?box=desk&limit=200']

async function ask(name: string, method: string, path: string) {
  const body = method === 'GET' ? {} : { body: {} }
  return callApi(method, path, { token: tokens.get(name) ?? '', headers: { 'if-match': '"1"' }, ...body })
}

/** What of the planted shows in bytes, besides what the address itself named. */
function shown(text: string, of: Planted, secrets: readonly string[], asked: readonly string[]): string[] {
  const bytes = asked.reduce((rest, code) => rest.replaceAll(code, ''), text).toLowerCase()
  return secrets.filter((secret) => bytes.includes(secret.toLowerCase())).map((secret) => `${of.state}: ${secret}`)
}
const allOf = (of: Planted) => [of.name, of.word, of.reason, ...of.kept, ...Object.values(of.codes)]

describe('what referrals in every state show', () => {
  it('T04, T18, trap T4, trap T17: holds no byte of the person for anybody whom nothing was shared with, at any address of the API', async () => {
    let calls = 0
    for (const name of STRANGERS) {
      for (const path of lists) {
        const { text } = await ask(name, 'GET', path)
        for (const of of planted) expect(shown(text, of, allOf(of), []), `${name} ${path}`).toEqual([])
      }
      for (const of of planted) {
        const all = addressesFor(of).filter(
          // What names no record, and what others' tests replay for each kind of record, is asked once.
          ({ path }) =>
            of === planted[0] || path.includes('/referrals/') || (path.includes('/cases/') && of.state === 'accepted'),
        )
        for (const { method, path, asked } of all) {
          const answer = await ask(name, method, path)
          calls += 1
          // An agency's own log has the codes that its own members asked for in vain, whether they exist or not.
          const secrets = path.startsWith('/audit/') ? [of.name, of.word, of.reason, ...of.kept] : allOf(of)
          expect(shown(answer.text, of, secrets, asked), `${name} ${method} ${path}`).toEqual([])
          const isSkeleton = name === 'coordinator' && /^\/referrals\/[^/]+$/.test(path) && of.state !== 'draft'
          if (asked.length > 0 && !isSkeleton)
            expect([403, 404, 422, 428], `${name} ${method} ${path} ${answer.text}`).toContain(answer.status)
        }
      }
    }
    expect(calls).toBeGreaterThan(1000)
  }, 180_000)

  it('T05: is for them the same nothing as a code that was never given', async () => {
    for (const of of planted)
      for (const name of ['third agency, caseworker', 'third agency, supervisor', 'auditor']) {
        const [here, nowhere] = [of.referral, newCode('REF')]
        for (const path of ['', '/package']) {
          const there = await ask(name, 'GET', `/referrals/${here}${path}`)
          const unknown = await ask(name, 'GET', `/referrals/${nowhere}${path}`)
          expect({ status: there.status, text: there.text }).toEqual({ status: unknown.status, text: unknown.text })
        }
      }
  }, 60_000)

  it('T12, trap T3: is for the receiver the words before acceptance, the name after it and in the package alone, and nothing after the end', async () => {
    for (const of of planted) {
      for (const { path, asked } of addressesFor(of).filter(({ method }) => method === 'GET')) {
        const answer = await ask('receiver', 'GET', path)
        const isOpen = OPEN.includes(of.state)
        const allowed = [
          ...(isOpen && path.endsWith('/package') ? [of.name, of.word, of.codes.case] : []),
          ...(isOpen && path.includes('/referrals') ? [of.codes.case, of.codes.need, of.reason] : []),
          ...(BEFORE_ACCEPTANCE.includes(of.state) && path.includes('/referrals') ? [of.reason] : []),
          // The records that it wrote itself, and the referral by which it knows the case.
          ...(STATES[of.state].includes('accept' as never) && of.state !== 'transfer accepted' ? [of.codes.case] : []),
        ]
        const secrets = allOf(of).filter((secret) => !allowed.includes(secret))
        expect(shown(answer.text, of, secrets, asked), `${of.state} ${path}`).toEqual([])
      }
      for (const code of [of.referral, of.made].filter((one) => one !== null)) {
        const opened = await ask('receiver', 'GET', `/referrals/${code}/package`)
        expect([of.state, opened.status]).toEqual([of.state, OPEN.includes(of.state) ? 200 : 404])
        if (opened.status === 200) expect(opened.text).toContain(of.name)
        // A colleague who answers for nothing, and the agency that was asked next, open nothing.
        for (const name of ['receiver, colleague', 'second receiver']) {
          const theirs = [
            await ask(name, 'GET', `/referrals/${code}`),
            await ask(name, 'GET', `/referrals/${code}/package`),
          ]
          expect(theirs[1]?.status, `${of.state} ${name}`).toBe(404)
          const text = theirs.map((answer) => answer.text).join('\n')
          const secrets =
            name === 'second receiver'
              ? [...allOf(of), ...(code === of.made ? [of.referral] : [])]
              : [of.name, of.word, of.reason, ...of.kept]
          expect(shown(text, of, secrets, [code]), `${of.state} ${name}`).toEqual([])
        }
      }
    }
  }, 120_000)
})
