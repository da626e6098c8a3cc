import 'server-only'

import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'

import { fold, listDifferences, sweep } from './data'
import type { RollupDifference } from './schema'

/** Folds what has changed into the figures, as the worker; returns how many changes that were. */
export function foldRollups(): Promise<number> {
  return fold(workerSql())
}

/** Compares the figures with the records, as the worker: nothing when all is well. Reads every service once. */
export function checkRollups(): Promise<readonly RollupDifference[]> {
  return listDifferences(workerSql())
}

/** Takes away what has served its time; returns how many rows. */
export function sweepExpired(): Promise<number> {
  return sweep(workerSql())
}

/** The jobs of this part, for the process that serves the application. */
export const ROLLUP_JOBS: readonly Job[] = [
  { name: 'fold-rollups', everySeconds: 3, run: foldRollups },
  { name: 'sweep-expired', everySeconds: 600, run: sweepExpired },
]
