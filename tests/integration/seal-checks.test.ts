import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { checkSeal } from '@/lib/audit/verify/check-service'
import { acknowledgeFault, askSealCheck, hasSealAlarm, viewSeal } from '@/lib/audit/state/service'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { sealAll, sealedLog, writeEvents, type SealedLog } from '@/tests/support/sealed-log'
import { withChanged } from '@/tests/support/tampering'

let log: SealedLog
let owner: postgres.Sql
let harbour: Office
let system: Actor
let auditor: Actor

beforeAll(async () => {
  log = await sealedLog()
  owner = ownerOf(log)
  harbour = await office(owner)
  system = await outsider(owner, 'system_admin')
  auditor = await outsider(owner, 'auditor')
  await writeEvents(owner, 5)
  await sealAll(owner)
})
afterAll(async () => {
  await owner.end()
  await log.drop()
})

async function stateOf(actor: Actor) {
  const found = await viewSeal(actor)
  return found.ok ? found.value : found.refusal
}

/** Has the log checked now, with its second event changed, and puts the event back. */
async function checkTampered(): Promise<string> {
  const [row] = await owner<{ id: string; code: string }[]>`
    SELECT id::text AS id, code FROM audit_event ORDER BY txid, id OFFSET 1 LIMIT 1`
  if (row === undefined) throw new Error('The log is empty')
  await askSealCheck(system)
  await withChanged(owner, [row.id], `UPDATE audit_event SET outcome = 'denied' WHERE id = ${row.id}`, checkSeal)
  return row.code
}

describe('checks of the seal that run by themselves', () => {
  it('are made at first, then once a day, and when somebody asks', async () => {
    expect(await stateOf(system)).toMatchObject({ state: 'not_checked', verification: null })
    expect(await checkSeal()).toBe(1)
    await sealAll(owner)
    expect(await stateOf(system)).toMatchObject({ state: 'complete', verification: { fault: null } })
    expect(await checkSeal()).toBe(0)
    expect((await askSealCheck(harbour.admin)).ok).toBe(true)
    expect(await askSealCheck(system)).toMatchObject({ refusal: 'conflict', reason: 'wrong_state' })
    expect(await stateOf(system)).toMatchObject({ checking: true })
    expect(await checkSeal()).toBe(1)
    expect(await stateOf(system)).toMatchObject({ checking: false })
  })

  it('L03: tell administrators and auditors at once of a fault, and warn until somebody has dealt with it', async () => {
    expect(await hasSealAlarm(system)).toBe(false)
    const code = await checkTampered()
    expect(await stateOf(system)).toMatchObject({
      state: 'broken',
      verification: { fault: { kind: 'changed', position: 2, code, acknowledgedAt: null } },
    })
    for (const actor of [system, harbour.admin, auditor]) expect(await hasSealAlarm(actor)).toBe(true)
    for (const actor of [harbour.caseworker, harbour.supervisor]) expect(await hasSealAlarm(actor)).toBe(false)
    const told = await owner<{ member: string }[]>`
      SELECT member_id AS member FROM notice WHERE kind = 'seal.broken' AND urgent`
    expect(told.map(({ member }) => member).sort()).toEqual(
      [system.member, harbour.admin.member, auditor.member].sort(),
    )
    const [event] = await owner`SELECT subject, fields FROM audit_event WHERE type = 'seal.fault-found'`
    expect(event).toEqual({ subject: code, fields: ['changed'] })

    // The same fault again tells nobody a second time.
    await checkTampered()
    const [again] = await owner`SELECT count(*)::int AS n FROM notice WHERE kind = 'seal.broken'`
    expect(again?.['n']).toBe(3)
  })

  it('A11: a fault is dealt with by whoever runs the installation, after showing that it is them', async () => {
    const seal = await stateOf(system)
    const check = typeof seal === 'string' ? '0' : (seal.check ?? '0')
    expect(await acknowledgeFault(harbour.admin, { check })).toMatchObject({ refusal: 'forbidden' })
    await owner`UPDATE session SET proven_at = clock_timestamp() - interval '1 hour' WHERE member_id = ${system.member}`
    expect(await acknowledgeFault(system, { check })).toMatchObject({ refusal: 'step_up_required' })
    await owner`UPDATE session SET proven_at = clock_timestamp() WHERE member_id = ${system.member}`
    expect((await acknowledgeFault(system, { check })).ok).toBe(true)
    expect(await acknowledgeFault(system, { check })).toMatchObject({ refusal: 'conflict' })
    expect(await hasSealAlarm(system)).toBe(false)
    // It stays broken, and a later check that finds the same goes on as dealt with.
    await checkTampered()
    expect(await stateOf(system)).toMatchObject({ state: 'broken' })
    expect(await hasSealAlarm(system)).toBe(false)
    const [event] = await owner`SELECT actor_id FROM audit_event WHERE type = 'seal.fault-acknowledged'`
    expect(event?.['actor_id']).toBe(system.member)
  })

  it('show nothing to caseworkers and coordinators, and by the API what anybody needs to verify the last checkpoint', async () => {
    const coordinator = await outsider(owner, 'coordinator')
    expect(await stateOf(harbour.caseworker)).toBe('forbidden')
    expect(await stateOf(coordinator)).toBe('forbidden')
    const token = await tokenFor(owner, await memberOf(owner, harbour.agency.id, ['agency_admin'], null))
    const answer = await callApi('GET', '/audit/verification', { token })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ state: 'broken', epoch: 1, verification: { fault: { kind: 'changed' } } })
    expect(answer.body).toMatchObject({ firstBad: { kind: 'changed', position: 2 } })
    expect(String(answer.body['lastCheckpoint'])).toContain(String(answer.body['size']))
    const ask = () => callApi('POST', '/audit/verification', { token, headers: { 'idempotency-key': 'check' } })
    expect((await ask()).body).toMatchObject({ checking: true })
    expect((await ask()).status).toBe(200)
    const refused = await callApi('GET', '/audit/verification', { token: await tokenFor(owner, harbour.caseworker) })
    expect(refused.status).toBe(403)
  })
})
