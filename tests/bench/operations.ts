import type postgres from 'postgres'

import { identify } from '@/lib/access/identify'
import { sealSession, sessionCookieName } from '@/lib/auth/session-cookie'
import { viewCaseOverview } from '@/lib/cases/overview-service'
import { SERVICE_TYPES, type CategoryKey } from '@/lib/mandate/categories'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { newCode, newId } from '@/lib/platform/ids'
import { dayIn } from '@/lib/platform/zone'
import { deskFilters } from '@/lib/referrals/desk/schema'
import { viewDesk } from '@/lib/referrals/desk/service'
import { viewDashboard } from '@/lib/reporting/dashboard/service'
import { inventPerson } from '@/prisma/seed/demo/people'
import { Chance } from '@/prisma/seed/random'
import { callApi } from '@/tests/support/api'
import { captureStatements, withFresh, type Statement } from './capture'
import type { HttpRequest } from './drive'
import { signIn, type BenchMember, type Instance } from './instance'
import type { OperationName } from './options'
import { coordinatorOf, shareReferrals } from './referrals'

/** One kind of work: as requests to the server, and as the statements that it sends for them. */
export type Operation = {
  readonly name: OperationName
  readonly status: number
  readonly requests: readonly HttpRequest[]
  /** The statements of the next piece of work; what is made gets a new name each time. */
  readonly sql: () => readonly Statement[]
}

/** How many different records, names or filters an operation goes round. */
const VARIANTS = 50

export type Caller = {
  readonly member: BenchMember
  readonly token: string
  readonly session: string
  readonly cookie: string
  /** Open cases of this member's. */
  readonly cases: readonly string[]
}

/** Signs in, with a session and a token, as the caseworker who has the most open cases. */
export async function makeCaller({ owner }: Instance): Promise<Caller> {
  const [member] = await owner<BenchMember[]>`
    SELECT m.id, m.agency_id AS agency, m.email FROM assignment a JOIN case_file c ON c.id = a.case_id JOIN member m ON m.id = a.member_id
    WHERE a.ended_at IS NULL AND c.status = 'active' AND NOT c.restricted GROUP BY m.id ORDER BY count(*) DESC, m.id LIMIT 1`
  if (member === undefined) throw new Error('Nobody has an open case')
  const [session, token] = [newSecret(), newSecret()]
  await signIn(owner, member, { session: digestOf(session), token: digestOf(token) })
  const cases = await owner<{ code: string }[]>`
    SELECT c.code FROM assignment a JOIN case_file c ON c.id = a.case_id
    WHERE a.member_id = ${member.id} AND a.ended_at IS NULL AND c.status = 'active' AND NOT c.restricted
    ORDER BY c.id LIMIT ${VARIANTS}`
  const cookie = `${sessionCookieName()}=${await sealSession(session)}`
  return { member, token, session, cookie, cases: cases.map(({ code }) => code) }
}

/** Prepares an operation: every variant is done once in this process, to learn its statements. */
export async function prepareOperation(name: OperationName, caller: Caller, owner: postgres.Sql): Promise<Operation> {
  switch (name) {
    case 'list':
      return byApi(name, caller, listVariants())
    case 'search':
      return byApi(name, caller, searchVariants())
    case 'directory':
      return byApi(name, caller, directoryVariants())
    case 'desk':
      return desk(owner)
    case 'package':
      return packages(caller, owner)
    case 'create':
      return creating(caller, owner)
    case 'case-page':
      return casePage(caller)
    case 'dashboard':
      return dashboard(caller)
  }
}

type Variant = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: object }

function listVariants(): Variant[] {
  return (Object.keys(SERVICE_TYPES) as CategoryKey[]).flatMap((category) =>
    [0, 30, 90, 365].map((days) => ({
      method: 'GET' as const,
      path: `/services?category=${category}&to=${dayIn('UTC', new Date(Date.now() - days * 86_400_000))}&limit=50`,
    })),
  )
}

/** Searches of the directory as people make them: by kind and place, by language and age, and a few without any filter. */
function directoryVariants(): Variant[] {
  const filters = [
    'area=north',
    'area=east&language=tir',
    'language=ara&age=18-24',
    'gender=Feminine&room=yes',
    'all=yes',
  ]
  const kinds = (Object.keys(SERVICE_TYPES) as CategoryKey[]).flatMap((category) => [
    `category=${category}`,
    `category=${category}&type=${SERVICE_TYPES[category][0]}`,
  ])
  return ['', ...kinds].flatMap((kind) =>
    filters.map((filter) => ({
      method: 'GET' as const,
      path: `/directory?${kind}&${filter}&limit=50`.replace('?&', '?'),
    })),
  )
}

function searchVariants(): Variant[] {
  const chance = new Chance(1)
  return Array.from({ length: VARIANTS }, () => {
    const query = inventPerson(chance, new Date().getUTCFullYear()).input.identity?.names?.[0]?.value ?? ''
    return { method: 'POST' as const, path: '/persons/search', body: { query } }
  })
}

async function byApi(name: OperationName, caller: Caller, variants: readonly Variant[]): Promise<Operation> {
  const sets: (readonly Statement[])[] = []
  for (const variant of variants) sets.push(await captureStatements(() => call(caller, variant, 200)))
  return { name, status: 200, requests: variants.map((variant) => requestOf(caller, variant)), sql: inTurn(sets) }
}

async function creating(caller: Caller, owner: postgres.Sql): Promise<Operation> {
  const variants = caller.cases.map((code, index): Variant => {
    const category = (Object.keys(SERVICE_TYPES) as CategoryKey[])[index % 6] ?? 'social'
    const body = { category, type: SERVICE_TYPES[category][0], deliveredOn: dayIn('UTC', new Date()) }
    return { method: 'POST', path: `/cases/${code}/services`, body }
  })
  const sets: { readonly id: string; readonly code: string; readonly statements: readonly Statement[] }[] = []
  for (const variant of variants) {
    let code = ''
    const statements = await captureStatements(async () => {
      code = String((await call(caller, variant, 201))['code'])
    })
    const [row] = await owner<{ id: string }[]>`SELECT id FROM service WHERE code = ${code}`
    sets.push({ id: row?.id ?? '', code, statements })
  }
  const next = inTurn(sets)
  return {
    name: 'create',
    status: 201,
    requests: variants.map((variant) => requestOf(caller, variant)),
    sql: () => {
      const { id, code, statements } = next()
      return withFresh(
        statements,
        new Map([
          [id, newId()],
          [code, newCode('SVC')],
        ]),
      )
    },
  }
}

/** The coordinator's desk as a page, wide and narrowed, beside the statements of its service. */
async function desk(owner: postgres.Sql): Promise<Operation> {
  const { cookie, session } = await coordinatorOf(owner)
  const filters = ['', 'category=legal', 'urgency=emergency', 'agency=agency1', 'category=social&urgency=urgent']
  const sets: (readonly Statement[])[] = []
  for (const filter of filters)
    sets.push(
      await captureStatements(async () => {
        const actor = await identify({ kind: 'session', hash: digestOf(session) })
        const input = deskFilters.parse(Object.fromEntries(new URLSearchParams(filter)))
        const shown = actor === null ? null : await viewDesk(actor, input)
        if (shown?.ok !== true) throw new Error('The desk is out of sight')
      }),
    )
  const requests = filters.map((filter): HttpRequest => ({
    method: 'GET',
    path: `/desk?${filter}`,
    headers: { cookie },
  }))
  return { name: 'desk', status: 200, requests, sql: inTurn(sets) }
}

/** Packages as a receiver opens them: of referrals that the caller sent and another agency accepted. */
async function packages(caller: Caller, owner: postgres.Sql): Promise<Operation> {
  const shared = await shareReferrals(caller.member, caller.token, caller.cases, owner)
  const variants = shared.referrals.map((code): Variant => ({ method: 'GET', path: `/referrals/${code}/package` }))
  return byApi('package', { ...caller, token: shared.token }, variants)
}

async function casePage(caller: Caller): Promise<Operation> {
  const hash = digestOf(caller.session)
  const sets: (readonly Statement[])[] = []
  for (const code of caller.cases) {
    const statements = await captureStatements(async () => {
      const actor = await identify({ kind: 'session', hash })
      const shown = actor === null ? null : await viewCaseOverview(actor, { case: code })
      if (shown?.ok !== true) throw new Error('The case is out of sight')
    })
    sets.push(statements)
  }
  const requests = caller.cases.map((code): HttpRequest => ({
    method: 'GET',
    path: `/cases/${code}`,
    headers: { cookie: caller.cookie },
  }))
  return { name: 'case-page', status: 200, requests, sql: inTurn(sets) }
}

async function call(caller: Caller, { method, path, body }: Variant, status: number): Promise<Record<string, unknown>> {
  const answer = await callApi(method, path, { token: caller.token, ...(body === undefined ? {} : { body }) })
  if (answer.status !== status) throw new Error(`${method} ${path} answered ${String(answer.status)}`)
  return answer.body
}

function requestOf({ token }: Caller, { method, path, body }: Variant): HttpRequest {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  return { method, path: `/api/v1${path}`, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
}

function inTurn<T>(items: readonly T[]): () => T {
  let next = 0
  return () => items[next++ % items.length] as T
}

/** The year of an agency in figures as a page, beside the statements of its service; three years in turn. */
async function dashboard(caller: Caller): Promise<Operation> {
  const current = new Date().getUTCFullYear()
  const years = [current, current - 1, current - 2]
  const sets: (readonly Statement[])[] = []
  for (const year of years)
    sets.push(
      await captureStatements(async () => {
        const actor = await identify({ kind: 'session', hash: digestOf(caller.session) })
        const shown = actor === null ? null : await viewDashboard(actor, { year })
        if (shown?.ok !== true) throw new Error('The figures are out of sight')
      }),
    )
  const requests = years.map((year): HttpRequest => ({
    method: 'GET',
    path: `/reports?year=${String(year)}`,
    headers: { cookie: caller.cookie },
  }))
  return { name: 'dashboard', status: 200, requests, sql: inTurn(sets) }
}
