import { tmpdir } from 'node:os'

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { GET } from '@/app/api/metrics/route'
import type { Actor } from '@/lib/access/actor'
import { startRotation, viewKeys } from '@/lib/oversight/keys/service'
import { stepRotations } from '@/lib/oversight/keys/rotate-service'
import { STATUS_PARTS } from '@/lib/oversight/status/schema'
import { viewStatus } from '@/lib/oversight/status/service'
import { closeWorker } from '@/lib/platform/db/worker'
import { forgetEnv } from '@/lib/platform/env'
import { inTurns } from '@/lib/platform/jobs/turns'
import { outsider } from '@/tests/factories/office'
import { registeredPerson, valueOf } from '@/tests/factories/cases'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const MARKER = 'Quillon'
const TOKEN = 'a-token-of-sixteen-signs'

beforeAll(() => {
  process.env['AMPARO_DATA_DIR'] = tmpdir()
  forgetEnv()
})
afterAll(async () => {
  delete process.env['AMPARO_DATA_DIR']
  await closeWorker()
})

async function grownOld(actor: Actor): Promise<Actor> {
  await owner`UPDATE session SET proven_at = proven_at - interval '6 minutes' WHERE member_id = ${actor.member}`
  return actor
}

describe('the status page', () => {
  it('R10: tells a system administrator each part, and writes that they looked', async () => {
    const system = await outsider(owner, 'system_admin')
    const { findings } = valueOf(await viewStatus(system))
    expect(findings.map(({ part }) => part)).toEqual([...STATUS_PARTS])
    expect(findings.find(({ part }) => part === 'migrations')?.state).toBe('good')
    const [looked] = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM audit_event WHERE type = 'installation.viewed' AND actor_id = ${system.member}`
    expect(looked?.n).toBe(1)
  })

  it('T16: is not there for anybody else', async () => {
    for (const actor of [harbour.caseworker, harbour.supervisor, harbour.admin, await outsider(owner, 'auditor')]) {
      expect(await viewStatus(actor)).toMatchObject({ ok: false, refusal: 'not_found' })
      expect(await viewKeys(actor)).toMatchObject({ ok: false, refusal: 'not_found' })
      expect(await startRotation(actor, { kind: 'master' })).toMatchObject({ ok: false, refusal: 'not_found' })
    }
  })
})

describe('the page of keys', () => {
  it('C03: begins to change an agency’s key once, and the jobs finish it', async () => {
    const system = await outsider(owner, 'system_admin')
    await registeredPerson(harbour.caseworker)
    const { key } = harbour.agency
    expect(await startRotation(system, { kind: 'agency', agency: key })).toEqual({ ok: true, value: null })
    expect(await startRotation(system, { kind: 'agency', agency: key })).toMatchObject({
      refusal: 'conflict',
      reason: 'running',
    })
    expect(valueOf(await viewKeys(system)).agencies.find(({ agency }) => agency === key)).toMatchObject({
      version: 2,
      older: [1],
      isChanging: true,
    })
    await stepRotations()
    const { rotations } = valueOf(await viewKeys(system))
    expect(rotations[0]).toMatchObject({ kind: 'agency', subject: key, state: 'settling', done: 1, total: 1 })
  })

  it('A11: begins nothing for a session that has to show who it is', async () => {
    const system = await grownOld(await outsider(owner, 'system_admin'))
    for (const input of [{ kind: 'master' } as const, { kind: 'agency', agency: harbour.agency.key } as const]) {
      expect(await startRotation(system, input)).toMatchObject({ refusal: 'step_up_required' })
    }
  })

  it('says that nothing has to move, and knows no agency that is not there', async () => {
    const system = await outsider(owner, 'system_admin')
    expect(await startRotation(system, { kind: 'master' })).toMatchObject({ refusal: 'conflict', reason: 'current' })
    expect(await startRotation(system, { kind: 'agency', agency: 'nowhere' })).toMatchObject({ refusal: 'not_found' })
  })

  it('shows no change of a person’s key: whoever runs the installation knows no person', async () => {
    const code = await registeredPerson(harbour.caseworker)
    await owner`SELECT app.operator_key_rotation(gen_random_uuid(), 'person', ${code}, 0, NULL, NULL)`
    const view = JSON.stringify(valueOf(await viewKeys(await outsider(owner, 'system_admin'))))
    expect(view).not.toContain(code)
  })
})

describe('/api/metrics', () => {
  afterEach(() => {
    delete process.env['AMPARO_METRICS_TOKEN']
    forgetEnv()
  })

  const ask = (authorization?: string): Promise<Response> =>
    GET(new Request('http://localhost/api/metrics', authorization === undefined ? {} : { headers: { authorization } }))
  const withToken = (): void => {
    process.env['AMPARO_METRICS_TOKEN'] = TOKEN
    forgetEnv()
  }

  it('is not there without a token of its own, and closed without it in the request', async () => {
    expect((await ask(`Bearer ${TOKEN}`)).status).toBe(404)
    withToken()
    expect((await ask()).status).toBe(401)
    expect((await ask(`Bearer ${TOKEN}x`)).status).toBe(401)
    expect((await ask(`Bearer ${TOKEN}`)).status).toBe(200)
  })

  it('tells queue, jobs, seal and keys', async () => {
    withToken()
    await inTurns({ name: 'a-job', everySeconds: 1, run: () => Promise.resolve(1) }).run()
    const failing = inTurns({ name: 'another-job', everySeconds: 1, run: () => Promise.reject(new Error(MARKER)) })
    await expect(failing.run()).rejects.toThrow()
    const text = await (await ask(`Bearer ${TOKEN}`)).text()
    for (const line of [
      'amparo_up 1',
      'amparo_job_turns_total{job="a-job",outcome="done"} 1',
      'amparo_job_turns_total{job="another-job",outcome="failed"} 1',
      'amparo_job_failing{job="another-job"} 1',
      'amparo_queue_jobs{state="failed"} 0',
      'amparo_seal_broken 0',
    ])
      expect(text).toContain(`${line}\n`)
    expect(text).toMatch(/^amparo_seal_waiting_events \d+$/m)
  })

  it('L06: holds no code, name, address or agency in any label or value', async () => {
    withToken()
    const code = await registeredPerson(harbour.caseworker, {
      identity: { names: [{ value: `Marker ${MARKER}` }] },
    })
    const text = await (await ask(`Bearer ${TOKEN}`)).text()
    const { agency, caseworker } = harbour
    for (const secret of [MARKER, code, agency.id, agency.key, agency.name, caseworker.member, caseworker.email])
      expect(text).not.toContain(secret)
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|[A-Z]{3}-[0-9A-Z]{9}|@/)
  })
})
