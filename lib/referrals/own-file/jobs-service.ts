import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'
import { MUCH } from '@/lib/platform/jobs/loop'

/** Looks again at what own files rest on, so that a consent that ran out is told of. Returns how many it looked at. */
export async function checkOwnFiles(): Promise<number> {
  const rows = await workerSql()<{ done: number }[]>`SELECT app.check_own_files(${MUCH}) AS done`
  return rows[0]?.done ?? 0
}
