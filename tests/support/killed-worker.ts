import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { notify } from '@/lib/notifications/service'
import { closeQueue, jobQueue } from '@/lib/platform/db/queue'
import { closeWorker } from '@/lib/platform/db/worker'
import { newCode } from '@/lib/platform/ids'
import { ok, refuse } from '@/lib/platform/result'
import { startMailSink } from '@/tests/support/mail-sink'

export type Killed = {
  /** How often the worker was killed while it had work. */
  readonly kills: number
  /** The mails that were to be sent, by their Message-ID. */
  readonly wanted: readonly string[]
  /** Those that the mail server took over, each time that it did. */
  readonly taken: readonly string[]
  /** How many deliveries are marked as sent, and how many jobs are neither done nor failed. */
  readonly sent: number
  readonly open: number
}

/**
 * Lets transactions tell members things, some of which are undone, while the process that sends the mails is killed
 * again and again: at the moment when the mail server has a mail and has not said so, just after it said so, and in
 * between. Then lets the last process finish.
 */
export async function killWorkers(owner: postgres.Sql, teller: Actor, to: Actor, times: number): Promise<Killed> {
  let child: ChildProcess | undefined
  let kills = 0
  let until = 2
  const sink = await startMailSink(async () => {
    until -= 1
    if (until > 0 || kills >= times) return
    kills += 1
    until = 1 + (kills % 3)
    const victim = child
    // In turn: before the server answers, just as it does, and when the next mail is under way.
    if (kills % 3 === 0) victim?.kill('SIGKILL')
    else setTimeout(() => victim?.kill('SIGKILL'), kills % 3 === 1 ? 0 : 15)
    if (kills % 3 === 0) await sleep(20)
  })
  // As it is, but for the waits: a job of a dead process comes back in seconds.
  await owner`
    UPDATE pgboss.queue SET expire_seconds = 4, retry_limit = 1000, retry_delay = 0, retry_backoff = false WHERE name = 'notice-mail'`
  const start = () =>
    spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'tests/support/worker-child.ts'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        AMPARO_SMTP_URL: sink.url,
        AMPARO_MAIL_FROM: 'amparo@harbour.example',
        AMPARO_LOG_LEVEL: 'silent',
      },
    })
  const end = new AbortController()
  const alive = (async () => {
    while (!end.signal.aborted) {
      child = start()
      await once(child, 'exit')
    }
  })()
  try {
    let told = 0
    for (let at = 0, isOver = false; !isOver; at += 1) {
      // Enough work for the kills to come, then what is left is done.
      if (kills < times && told - sink.received.length < 6) {
        await tell(teller, to, at % 4 === 3)
        told += at % 4 === 3 ? 0 : 1
        continue
      }
      await (await jobQueue()).maintain()
      const [left] = await owner<{ n: number }[]>`
        SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'notice-mail' AND state < 'completed'`
      isOver = kills >= times && left?.n === 0
      if (!isOver) await sleep(100)
    }
  } finally {
    end.abort()
    child?.kill('SIGKILL')
    await alive
    await sink.close()
    await closeQueue()
    await closeWorker()
  }
  const wanted = await owner<{ id: string; state: string }[]>`SELECT id, state FROM notice_delivery`
  const [open] = await owner<{ n: number }[]>`
    SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'notice-mail' AND state <> 'completed'`
  return {
    kills,
    wanted: wanted.map(({ id }) => id),
    taken: sink.received.map(({ id }) => id),
    sent: wanted.filter(({ state }) => state === 'sent').length,
    open: open?.n ?? 0,
  }
}

function tell(teller: Actor, to: Actor, isUndone: boolean): Promise<unknown> {
  return withActor(teller, async (tx) => {
    await notify(tx, { kind: 'task.assigned', to: [to.member], subject: newCode('TSK'), urgent: true })
    return isUndone ? refuse('conflict') : ok()
  })
}
