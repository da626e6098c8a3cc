import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'

import { alarmMissing, endDue } from './data'

/** Ends emergency accesses whose time has run out, with their stop events; returns how many. */
export function endDueEmergencies(): Promise<number> {
  return endDue(workerSql())
}

/** Tells of emergency accesses that nobody reviewed in time; returns how many. */
export function alarmMissingReviews(): Promise<number> {
  return alarmMissing(workerSql())
}

/** The jobs of emergency access, for the process that serves the application. */
export const EMERGENCY_JOBS: readonly Job[] = [
  { name: 'end-emergencies', everySeconds: 20, run: endDueEmergencies },
  { name: 'alarm-missing-reviews', everySeconds: 300, run: alarmMissingReviews },
]
