import 'server-only'
import { Counter, Gauge, register } from 'prom-client'

import { settings } from '@/lib/platform/env'

import { readFigures, type Figures } from './data'

/**
 * The meter of this name, made when it isn't there yet: the server's own meters stand in the same list
 * (scripts/serve/watch.mjs), and Next.js loads this module once for each bundle.
 */
function gauge(name: string, help: string, labelNames: string[] = []): Gauge {
  const known = register.getSingleMetric(name)
  return known instanceof Gauge ? known : new Gauge({ name, help, labelNames })
}

/** Counts the turn of a periodic job, or a job of the queue, by what came of it. */
export function countTurn(job: string, outcome: 'done' | 'failed'): void {
  const name = 'amparo_job_turns_total'
  const known = register.getSingleMetric(name)
  const counter =
    known instanceof Counter
      ? known
      : new Counter({ name, help: 'Turns of background jobs in this process', labelNames: ['job', 'outcome'] })
  counter.inc({ job, outcome })
}

/**
 * Everything that is measured, as Prometheus reads it. What stands in the database is asked for now; while it does not
 * answer, `amparo_up` says so and the rest is what the process knows.
 */
export async function metricsText(): Promise<string> {
  const figures = await readFigures().catch(() => null)
  gauge('amparo_up', 'Whether the database answers').set(figures === null ? 0 : 1)
  if (figures !== null) setGauges(figures)
  return register.metrics()
}

export const METRICS_TYPE = register.contentType

function setGauges({ at, database, queue, jobs, seal, backups, keys, migrations }: Figures): void {
  const now = Date.parse(at)
  const since = (then: string | null): number => (then === null ? 0 : Math.max(0, (now - Date.parse(then)) / 1000))
  gauge('amparo_migrations', 'Migrations that the database has').set(migrations)
  gauge('amparo_database_connections', 'Connections to the database, of everybody').set(database.connections)
  gauge('amparo_database_connections_limit', 'As many as the server takes').set(database.mostConnections)
  gauge('amparo_database_bytes', 'Size of the database').set(database.bytes)
  gauge('amparo_pool_limit', 'Connections that this instance opens at most').set(settings.poolSize)
  for (const state of ['waiting', 'overdue', 'active', 'failed'] as const) {
    gauge('amparo_queue_jobs', 'Jobs of the queue by state', ['state']).set({ state }, queue[state])
  }
  for (const { job, succeededAt, error } of jobs) {
    gauge('amparo_job_seconds_since_success', 'Since a periodic job last succeeded', ['job']).set(
      { job },
      since(succeededAt),
    )
    gauge('amparo_job_failing', 'Whether its last turn failed', ['job']).set({ job }, error === null ? 0 : 1)
  }
  gauge('amparo_seal_waiting_events', 'Events of the log that are not sealed yet').set(seal.waiting)
  gauge('amparo_seal_lag_seconds', 'Age of the oldest of them').set(since(seal.waitingSince))
  gauge('amparo_seal_broken', 'Whether the last check found a fault').set(seal.fault === null ? 0 : 1)
  // Without a backup there is no age; one of ten years sets off every alarm that has a limit.
  const never = new Date(now - 10 * 365 * 86_400_000).toISOString()
  gauge('amparo_backup_age_seconds', 'Since the last good backup').set(since(backups.takenAt ?? never))
  gauge('amparo_rehearsal_age_seconds', 'Since a restore was last rehearsed').set(since(backups.rehearsedAt ?? never))
  gauge('amparo_backup_failing', 'Whether the last backup failed').set(backups.problem === null ? 0 : 1)
  gauge('amparo_key_changes', 'Changes of keys that run').set(keys.changing)
}
