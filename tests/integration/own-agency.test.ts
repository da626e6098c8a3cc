import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { changeOwnAgencyInput } from '@/lib/agencies/own-agency-schema'
import { changeOwnAgency, viewOwnAgency } from '@/lib/agencies/own-agency-service'
import { ok, refuse } from '@/lib/platform/result'
import { valueOf } from '@/tests/factories/cases'
import { withToken } from '@/tests/factories/networks'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const settings = (version: number, over: Readonly<Record<string, unknown>> = {}) =>
  changeOwnAgencyInput.parse({ version, idleMinutes: '30', ...over })
const versionOf = async (actor: Actor) => valueOf(await viewOwnAgency(actor)).version

describe('what an agency sets for itself', () => {
  it('is changed by its administrator, holds for its members from then on, and is an event that names the fields', async () => {
    const change = { productName: 'Harbour desk', leaveUrl: 'https://weather.example/', idleMinutes: '15' }
    expect(await changeOwnAgency(harbour.admin, settings(await versionOf(harbour.admin), change))).toEqual(ok())
    const member = await identify(harbour.caseworker.credential)
    expect(member).toMatchObject({ productName: 'Harbour desk', leaveUrl: change.leaveUrl, idleMinutes: 15 })
    const [event] = await owner`
      SELECT type, subject, fields, actor_id AS by FROM audit_event WHERE agency_id = ${harbour.agency.id} AND type = 'agency.changed'`
    expect(event).toEqual({
      type: 'agency.changed',
      subject: harbour.agency.key,
      fields: ['productName', 'leaveUrl', 'idleMinutes'],
      by: harbour.admin.member,
    })
    expect(valueOf(await viewOwnAgency(harbour.admin)).lastChange?.by).toBe(harbour.admin.displayName)
  })

  it('R03: takes the first of two who save at once, and tells the second', async () => {
    const other = await memberOf(owner, harbour.agency.id, ['agency_admin'], null)
    const version = await versionOf(harbour.admin)
    const answers = await Promise.all([
      changeOwnAgency(harbour.admin, settings(version, { productName: 'One' })),
      changeOwnAgency(other, settings(version, { productName: 'Two' })),
    ])
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(answers.filter((answer) => !answer.ok)).toEqual([refuse('stale')])
    expect(await versionOf(harbour.admin)).toBe(version + 1)
  })

  it('A11: is changed only by whoever has just shown that it is them, in a session', async () => {
    const input = settings(await versionOf(harbour.admin))
    await owner`UPDATE session SET proven_at = now() - interval '6 minutes' WHERE member_id = ${harbour.admin.member}`
    expect(await changeOwnAgency(harbour.admin, input)).toEqual(refuse('step_up_required'))
    await owner`UPDATE session SET proven_at = now() WHERE member_id = ${harbour.admin.member}`
    expect(await changeOwnAgency(withToken(harbour.admin), input)).toEqual(refuse('forbidden'))
    expect(await changeOwnAgency(harbour.admin, input)).toEqual(ok())
  })

  it('T04: is no other agency’s and no other role’s', async () => {
    const other = await office(owner)
    expect(await changeOwnAgency(other.admin, settings(1, { productName: 'Other' }))).toEqual(ok())
    expect(valueOf(await viewOwnAgency(harbour.admin)).productName).toBeNull()
    for (const actor of [harbour.caseworker, harbour.supervisor, await outsider(owner, 'system_admin')]) {
      expect(await viewOwnAgency(actor)).toEqual(refuse('forbidden'))
      expect(await changeOwnAgency(actor, settings(1))).toEqual(refuse('forbidden'))
    }
  })

  it('takes a word in one line and an address of the web, and nothing else', () => {
    expect(changeOwnAgencyInput.safeParse({ version: 1, idleMinutes: '60' }).success).toBe(false)
    for (const over of [
      { productName: 'a\u202eb' },
      { leaveUrl: 'javascript:alert(1)' },
      { productName: 'x'.repeat(41) },
    ])
      expect(changeOwnAgencyInput.safeParse({ version: 1, idleMinutes: '15', ...over }).success).toBe(false)
  })
})
