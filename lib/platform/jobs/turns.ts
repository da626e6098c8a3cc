import 'server-only'

import { workerSql } from '@/lib/platform/db/worker'
import { countTurn } from '@/lib/platform/watching/meters'

import { errorClassOf } from './error-class'
import { MUCH, type Job } from './loop'

/** How often a process asks whether a turn is due. */
const LONGEST_WAIT_SECONDS = 60

/**
 * The job with its turns shared among all processes: the database gives each turn to one of them, and remembers when
 * the last one was and what came of it.
 */
export function inTurns(job: Job): Job {
  return {
    name: job.name,
    everySeconds: Math.min(job.everySeconds, LONGEST_WAIT_SECONDS),
    run: () => takeTurn(job),
  }
}

async function takeTurn(job: Job): Promise<number> {
  const [turn] = await workerSql()<{ ours: boolean }[]>`
    SELECT app.begin_job_turn(${job.name}, ${job.everySeconds}) AS ours`
  if (turn?.ours !== true) return 0
  try {
    let done = await job.run()
    for (let more = done; more >= MUCH; done += more) more = await job.run()
    await endTurn(job.name, done, null)
    countTurn(job.name, 'done')
  } catch (error) {
    countTurn(job.name, 'failed')
    await endTurn(job.name, null, errorClassOf(error)).catch(() => undefined)
    throw error
  }
  return 0
}

async function endTurn(name: string, done: number | null, error: string | null): Promise<void> {
  await workerSql()`SELECT app.end_job_turn(${name}, ${done}, ${error})`
}
