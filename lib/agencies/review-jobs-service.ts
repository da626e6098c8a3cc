import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'

/** Opens the access review of each quarter; returns how many. */
export async function openAccessReviews(): Promise<number> {
  const rows = await workerSql()<{ opened: number }[]>`SELECT app.open_access_reviews() AS opened`
  return rows[0]?.opened ?? 0
}

/** Raises the alarm for reviews that are late; returns how many. */
export async function alarmLateReviews(): Promise<number> {
  const rows = await workerSql()<{ alarmed: number }[]>`SELECT app.alarm_late_access_reviews() AS alarmed`
  return rows[0]?.alarmed ?? 0
}

/** Raises the alarm for changes of roles that nobody reviewed in time; returns how many. */
export async function alarmLateRoleReviews(): Promise<number> {
  const rows = await workerSql()<{ alarmed: number }[]>`SELECT app.alarm_late_role_reviews() AS alarmed`
  return rows[0]?.alarmed ?? 0
}

export const REVIEW_JOBS: readonly Job[] = [
  { name: 'access-review-open', everySeconds: 600, run: openAccessReviews },
  { name: 'access-review-late', everySeconds: 600, run: alarmLateReviews },
  { name: 'role-review-late', everySeconds: 300, run: alarmLateRoleReviews },
]
