import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openEmergency } from '@/lib/cases/emergency/service'
import { restrictCase, viewCase } from '@/lib/cases/service'
import { assignMember } from '@/lib/cases/team-service'
import { workerHandle } from '@/lib/cases/data'
import { readIdentity } from '@/lib/people/identity-service'
import { printLooksAt } from '@/lib/people/looks-service'
import { viewPerson } from '@/lib/people/service'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { memberOf, office, ownerOf, type Office } from '@/tests/factories/office'
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

const linesOf = async (person: string, by = harbour.caseworker) =>
  valueOf(await printLooksAt(by, { person })).looked.lines

describe('L07: who looked, printed for the person', () => {
  it('names each member with role and agency, what of the record, how often and why, a line for a day', async () => {
    const { caseworker, colleague } = harbour
    const person = await registeredPerson(caseworker)
    const { code } = await openedCase(caseworker, { person })
    valueOf(await viewPerson(caseworker, { person }))
    valueOf(await readIdentity(caseworker, { person }))
    valueOf(await viewCase(caseworker, { case: code }))
    valueOf(await openEmergency(colleague, { code, reason: 'danger', words: 'They rang the night line' }))
    valueOf(await viewPerson(colleague, { person }))

    const lines = await linesOf(person)
    const mine = lines.find(({ who }) => who === caseworker.displayName)
    expect(mine).toMatchObject({ agency: harbour.agency.name, roles: ['caseworker'], reason: 'casework' })
    expect(mine?.parts).toEqual(['record', 'identity', 'case'])
    expect(mine?.times).toBe(3)
    const night = lines.find(({ who }) => who === colleague.displayName)
    expect(night).toMatchObject({ reason: 'emergency', roles: ['caseworker'] })
    expect(night?.parts).toContain('record')
    expect(JSON.stringify(lines)).not.toMatch(/night line|EMG-|CAS-/)
  })

  it('is on the log as printed, and on the next list as a look at the log', async () => {
    const person = await registeredPerson(harbour.caseworker)
    await linesOf(person)
    const [event] = await owner`SELECT type, action, subject FROM audit_event ORDER BY id DESC LIMIT 1`
    expect(event).toEqual({ type: 'person.looks-printed', action: 'print', subject: person })
    const [line] = await linesOf(person)
    expect(line).toMatchObject({ parts: ['log'], reason: 'oversight', times: 1 })
  })

  it('is the team’s alone, and says nothing of a case that whoever prints it is not on', async () => {
    const { caseworker, colleague } = harbour
    const person = await registeredPerson(caseworker)
    const open = (await openedCase(caseworker, { person })).code
    expect(await printLooksAt(colleague, { person })).toMatchObject({ refusal: 'forbidden' })
    expect(await printLooksAt((await office(owner)).caseworker, { person })).toMatchObject({ refusal: 'not_found' })
    const hidden = (await openedCase(caseworker, { person })).code
    const other = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
    valueOf(await assignMember(caseworker, { case: hidden, member: workerHandle(other.member) }))
    valueOf(await restrictCase(caseworker, { case: hidden }))
    valueOf(await viewCase(other, { case: hidden }))
    expect((await linesOf(person)).map(({ who }) => who)).toContain(other.displayName)
    valueOf(await assignMember(caseworker, { case: open, member: workerHandle(colleague.member) }))
    const seen = await printLooksAt(colleague, { person })
    if (seen.ok) expect(seen.value.looked.lines.map(({ who }) => who)).not.toContain(other.displayName)
  })
})
