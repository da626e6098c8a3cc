import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { listFailedJobs, listQueues, markForRetry } from '@/lib/jobs/data'
import { dropJob, retryJob, viewJobs } from '@/lib/jobs/service'
import { enqueue } from '@/lib/platform/db/enqueue'
import { closeQueue } from '@/lib/platform/db/queue'
import { closeWorker } from '@/lib/platform/db/worker'
import { fromQueue, QUEUE_JOBS } from '@/lib/platform/jobs/queue'
import { inTurns } from '@/lib/platform/jobs/turns'
import { ok, refuse } from '@/lib/platform/result'
import { valueOf } from '@/tests/factories/cases'
import { outsider } from '@/tests/factories/office'
import { database, harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

afterAll(async () => {
  await closeQueue()
  await closeWorker()
})

/** Makes a queue for one test, as a migration does. */
async function queueOf(name: string, retries = 2): Promise<string> {
  await owner`
    INSERT INTO pgboss.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds)
    VALUES (${name}, 'short', ${retries}, 0, false, 60)`
  return name
}

const jobsIn = (queue: string) =>
  owner<{ state: string; retry_count: number; output: unknown }[]>`
    SELECT state::text, retry_count, output FROM pgboss.job WHERE name = ${queue} ORDER BY created_on`

/** Does what waits in a queue, with what is given as the handler. */
async function drain(queue: string, handle: (payload: unknown) => Promise<void>): Promise<void> {
  const job = fromQueue({ queue, handle })
  while ((await job.run()) > 0);
}

describe('the queue', () => {
  it('R04: holds a job exactly when the transaction that caused it commits', async () => {
    const queue = await queueOf('of-one-transaction')
    const put = (n: number, fails: boolean) =>
      withActor(harbour.caseworker, async (tx) => {
        await enqueue(tx, queue, { payload: { n } })
        return fails ? refuse('conflict') : ok()
      })
    await put(1, true)
    expect(await jobsIn(queue)).toEqual([])
    await put(2, false)
    const seen: unknown[] = []
    await drain(queue, (payload) => Promise.resolve(void seen.push(payload)))
    expect(seen).toEqual([{ n: 2 }])
    expect(await jobsIn(queue)).toMatchObject([{ state: 'completed' }])
  })

  it('R04: makes one job of many of the same name while it waits, and a new one afterwards', async () => {
    const queue = await queueOf('of-one-name')
    const put = () =>
      withActor(harbour.caseworker, async (tx) =>
        ok([
          await enqueue(tx, queue, { payload: { n: 1 }, singleton: 'night' }),
          await enqueue(tx, queue, { payload: { n: 2 }, singleton: 'night' }),
        ]),
      )
    const first = await put()
    expect(first).toMatchObject({ ok: true, value: [expect.any(String), null] })
    await drain(queue, () => Promise.resolve())
    expect(await put()).toMatchObject({ ok: true, value: [expect.any(String), null] })
  })

  it('tries a failed job again, as often as the queue says, and keeps the kind of its error only', async () => {
    const queue = await queueOf('of-failures', 1)
    await withActor(harbour.caseworker, async (tx) => ok(await enqueue(tx, queue, { payload: { n: 1 } })))
    let tries = 0
    await drain(queue, () => {
      tries += 1
      return Promise.reject(new TypeError('Quillon was here'))
    })
    expect(tries).toBe(2)
    expect(await jobsIn(queue)).toMatchObject([{ state: 'failed', output: { error: 'TypeError' } }])
    // And a queue beside it that works goes on.
    const other = await queueOf('beside-failures')
    await withActor(harbour.caseworker, async (tx) => ok(await enqueue(tx, other, { payload: { n: 1 } })))
    await drain(other, () => Promise.resolve())
    expect(await jobsIn(other)).toMatchObject([{ state: 'completed' }])
  })

  it('R04: gives the job of a process that died to the next one', async () => {
    const queue = await queueOf('of-the-dead')
    await withActor(harbour.caseworker, async (tx) => ok(await enqueue(tx, queue, { payload: { n: 1 } })))
    await owner`UPDATE pgboss.job SET state = 'active', started_on = now() - interval '2 minutes' WHERE name = ${queue}`
    await QUEUE_JOBS[0]?.run()
    const seen: unknown[] = []
    await drain(queue, (payload) => Promise.resolve(void seen.push(payload)))
    expect(seen).toEqual([{ n: 1 }])
  })

  it('starts a job by domain time, also when the clock of demonstration data is moved', async () => {
    const queue = await queueOf('of-tomorrow')
    const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000)
    await withActor(harbour.caseworker, async (tx) =>
      ok(await enqueue(tx, queue, { payload: { n: 1 }, startAfter: tomorrow })),
    )
    const seen: unknown[] = []
    const look = () => drain(queue, (payload) => Promise.resolve(void seen.push(payload)))
    await look()
    expect(seen).toEqual([])
    await owner`UPDATE installation SET demonstration = true, clock_offset_seconds = 25 * 60 * 60`
    await look()
    expect(seen).toEqual([{ n: 1 }])
    await owner`UPDATE installation SET demonstration = false, clock_offset_seconds = 0`
  })

  it('refuses a queue that no migration made, and a payload that is more than a few ids', async () => {
    const queue = await queueOf('of-few-ids')
    const put = (name: string, note: string) =>
      withActor(harbour.caseworker, async (tx) => ok(await enqueue(tx, name, { payload: { note } })))
    await expect(put('of-nothing', 'x')).rejects.toThrow()
    await expect(put(queue, 'x'.repeat(5000))).rejects.toThrow()
    await expect(put(queue, 'x')).resolves.toMatchObject({ ok: true })
  })

  it('L02: is run by the worker, who makes no table and no queue and reads no table of ours', async () => {
    const worker = postgres(database.workerUrl, { max: 1, onnotice: () => undefined })
    try {
      await expect(worker`SELECT count(*) FROM pgboss.job`).resolves.toHaveLength(1)
      await expect(worker`CREATE TABLE pgboss.mine (id int)`).rejects.toThrow(/permission denied/)
      await expect(worker`INSERT INTO pgboss.queue (name) VALUES ('mine')`).rejects.toThrow(/permission denied/)
      await expect(worker`TRUNCATE pgboss.job`).rejects.toThrow(/permission denied/)
      const tables = await owner<{ name: string }[]>`
        SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`
      for (const { name } of tables)
        await expect(worker`SELECT 1 FROM ${worker(name)}`, name).rejects.toThrow(/permission denied/)
    } finally {
      await worker.end()
    }
  })
})

describe('a periodic job', () => {
  const runOf = async (job: string) => (await owner`SELECT * FROM job_run WHERE job = ${job}`)[0]

  it('has each turn in one process only, and is remembered', async () => {
    let turns = 0
    const job = inTurns({ name: 'count-turns', everySeconds: 600, run: () => Promise.resolve((turns += 1)) })
    await Promise.all([job.run(), job.run(), job.run()])
    expect(turns).toBe(1)
    expect(await runOf('count-turns')).toMatchObject({ done: 1, error: null, succeeded_at: expect.any(Date) as Date })
    await owner`UPDATE job_run SET started_at = started_at - interval '10 minutes' WHERE job = 'count-turns'`
    await job.run()
    expect(turns).toBe(2)
  })

  it('that failed has its next turn a minute later, and says the kind of the error only', async () => {
    let turns = 0
    const job = inTurns({
      name: 'fail-turns',
      everySeconds: 86_400,
      run: () => {
        turns += 1
        return turns === 1 ? Promise.reject(new RangeError('Quillon')) : Promise.resolve(0)
      },
    })
    await expect(job.run()).rejects.toThrow()
    expect(await runOf('fail-turns')).toMatchObject({ error: 'RangeError', succeeded_at: null })
    await job.run()
    expect(turns).toBe(1)
    await owner`UPDATE job_run SET finished_at = finished_at - interval '1 minute' WHERE job = 'fail-turns'`
    await job.run()
    expect(turns).toBe(2)
    expect(await runOf('fail-turns')).toMatchObject({ error: null })
  })
})

describe('the page of background jobs', () => {
  let system: Actor
  beforeAll(async () => {
    system = await outsider(owner, 'system_admin')
  })

  /** A job that failed for good, and its id. */
  async function failedJob(queue: string, payload: Record<string, string> = { n: '1' }): Promise<string> {
    const [row] = await owner<{ id: string }[]>`SELECT app.enqueue(${queue}, ${owner.json(payload)}) AS id`
    await owner`
      UPDATE pgboss.job SET state = 'failed', retry_count = retry_limit, completed_on = now(),
        output = '{"error": "Error ECONNREFUSED"}' WHERE id = ${row?.id ?? ''}`
    return row?.id ?? ''
  }

  it('shows the queues, what failed with the kind of its error, and the periodic jobs', async () => {
    const queue = await queueOf('of-the-page')
    const job = await failedJob(queue, { subject: 'Quillon' })
    const view = valueOf(await viewJobs(system))
    expect(view.queues).toContainEqual({ queue, waiting: 0, working: 0, failed: 1, oldest: null })
    expect(view.failed.find((one) => one.job === job)).toMatchObject({ queue, tries: 3, error: 'Error ECONNREFUSED' })
    expect(view.periodic.map((one) => one.job)).toContain('count-turns')
    expect(JSON.stringify(view)).not.toContain('Quillon')
  })

  it('T16: is for the system administrator alone, in the service and in the database', async () => {
    const queue = await queueOf('of-the-others')
    const input = { queue, job: await failedJob(queue) }
    for (const other of [harbour.caseworker, harbour.supervisor, harbour.admin, await outsider(owner, 'auditor')]) {
      for (const answer of [await viewJobs(other), await retryJob(other, input), await dropJob(other, input)])
        expect(answer).toMatchObject({ ok: false, refusal: 'forbidden' })
    }
    const seen = await withActor(harbour.admin, async (tx) =>
      ok([await listQueues(tx), await listFailedJobs(tx, 10), await markForRetry(tx, input.queue, input.job)]),
    )
    expect(seen).toMatchObject({ ok: true, value: [[], [], false] })
    expect(await jobsIn(queue)).toMatchObject([{ state: 'failed' }])
  })

  it('lets a failed job be tried once more, and records who did', async () => {
    const queue = await queueOf('of-second-tries')
    const input = { queue, job: await failedJob(queue) }
    valueOf(await retryJob(system, input))
    expect(await retryJob(system, input)).toMatchObject({ ok: false, refusal: 'conflict' })
    const seen: unknown[] = []
    await drain(queue, (payload) => Promise.resolve(void seen.push(payload)))
    expect(seen).toEqual([{ n: '1' }])
    const events = await owner`SELECT basis FROM audit_event WHERE type = 'job.retried' AND actor_id = ${system.member}`
    expect([...events]).toEqual([{ basis: `${queue} ${input.job}` }])
  })

  it('gives a failed mail up for good, and records who did', async () => {
    await owner`SELECT app.notify(ARRAY[${harbour.caseworker.member}]::uuid[], 'task.assigned', NULL, true)`
    const [waiting] = await owner<{ id: string; delivery: string }[]>`
      SELECT id, data ->> 'delivery' AS delivery FROM pgboss.job WHERE name = 'notice-mail'`
    await owner`UPDATE pgboss.job SET state = 'failed', completed_on = now() WHERE id = ${waiting?.id ?? ''}`
    const input = { queue: 'notice-mail', job: waiting?.id ?? '' }
    valueOf(await dropJob(system, input))
    expect(await dropJob(system, input)).toMatchObject({ ok: false, refusal: 'conflict' })
    const [delivery] = await owner`SELECT state FROM notice_delivery WHERE id = ${waiting?.delivery ?? ''}`
    expect(delivery).toEqual({ state: 'skipped' })
    const events = await owner`SELECT 1 FROM audit_event WHERE type = 'job.dropped' AND actor_id = ${system.member}`
    expect(events).toHaveLength(1)
  })
})
