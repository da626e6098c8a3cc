import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor, Role } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { CATALOGUE } from '@/lib/api/catalogue'
import { newCode, type CodePrefix } from '@/lib/platform/ids'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor, type ApiAnswer } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let agency: Office
let members: Record<Role, { readonly actor: Actor; readonly token: string }>

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  agency = await office(owner)
  const withToken = async (actor: Actor) => ({ actor, token: await tokenFor(owner, actor) })
  members = {
    caseworker: await withToken(agency.caseworker),
    supervisor: await withToken(agency.supervisor),
    agency_admin: await withToken(agency.admin),
    coordinator: await withToken(await outsider(owner, 'coordinator')),
    auditor: await withToken(await outsider(owner, 'auditor')),
    system_admin: await withToken(await outsider(owner, 'system_admin')),
  }
})

afterAll(async () => {
  await owner.end()
  await database.drop()
})

const PREFIXES: Readonly<Record<string, CodePrefix>> = {
  personCode: 'AMP',
  caseCode: 'CAS',
  needCode: 'NED',
  serviceCode: 'SVC',
  contactCode: 'CTC',
  taskCode: 'TSK',
  referralCode: 'REF',
  listedCode: 'DIR',
}

/** An address with invented codes in it. */
function addressOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const prefix = PREFIXES[name]
    return prefix === undefined ? 'nothing' : newCode(prefix)
  })
}

const ask = (method: string, path: string, token?: string): Promise<ApiAnswer> =>
  callApi(method, addressOf(path), {
    ...(token === undefined ? {} : { token }),
    ...(method === 'GET' ? {} : { body: {} }),
    headers: { 'if-match': '"1"' },
  })

describe('the API (T04, T16, W02: called without proxy.ts)', () => {
  it.each(CATALOGUE.map(({ method, path }) => [method, path] as const))(
    '%s %s is closed without a token',
    async (method, path) => {
      expect((await ask(method, path)).status).toBe(401)
    },
  )

  it.each(CATALOGUE.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s serves the roles of its permission and no others',
    async (_name, { method, path, permission }) => {
      for (const { actor, token } of Object.values(members)) {
        const { status } = await ask(method, path, token)
        const role = actor.roles.join()
        // A role without the permission may meet the check of the body first; it never gets further than that.
        if (permission !== null && !holds(actor, permission)) expect([403, 404, 422], role).toContain(status)
        else expect([200, 201, 404, 409, 412, 422], role).toContain(status)
        if (method === 'GET' && !path.includes('{') && permission !== null) {
          expect(status, role).toBe(holds(actor, permission) ? 200 : 403)
        }
      }
    },
  )

  it('gives a member who holds two roles what either may do', async () => {
    const both = await memberOf(owner, agency.agency.id, ['caseworker', 'agency_admin'], agency.unit)
    expect((await ask('GET', '/cases', await tokenFor(owner, both))).status).toBe(200)
  })
})
