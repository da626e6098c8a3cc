import { setTimeout as sleep } from 'node:timers/promises'

import type postgres from 'postgres'

import { rounded, Samples } from './samples'

/** How far the figures were behind the records while much was written; a page adds what waits, so none shows old figures. */
export type LagMeasured = {
  /** How long the oldest change had waited to be folded, looked at all the time: below this in 95 of 100 looks, and at most; in seconds. */
  readonly p95: number
  readonly longest: number
  /** The most changes that waited at once. */
  readonly waiting: number
}

const EVERY = 100

/** Does some work and watches meanwhile what waits to be folded into the figures. */
export async function lagWhile<T>(owner: postgres.Sql, work: () => Promise<T>): Promise<{ done: T; lag: LagMeasured }> {
  const watch = { isOver: false }
  const watching = watchLag(owner, watch)
  const done = await work().finally(() => (watch.isOver = true))
  return { done, lag: await watching }
}

async function watchLag(owner: postgres.Sql, watch: { readonly isOver: boolean }): Promise<LagMeasured> {
  const seen: { readonly upTo: bigint; readonly at: number }[] = []
  const ages = new Samples()
  let most = 0
  while (!watch.isOver) {
    const [row] = await owner<{ first: string | null; last: string | null; n: number }[]>`
      SELECT min(id)::text AS first, max(id)::text AS last, count(*)::int AS n FROM rollup_delta`
    const { first: oldest, last: newest, n } = row ?? { first: null, last: null, n: 0 }
    const now = performance.now()
    let age = 0
    if (oldest !== null && newest !== null) {
      const [first, last] = [BigInt(oldest), BigInt(newest)]
      seen.push({ upTo: last, at: now })
      while ((seen[0]?.upTo ?? last) < first) seen.shift()
      age = now - (seen[0]?.at ?? now)
      most = Math.max(most, n)
    }
    ages.add(age / 1000)
    await sleep(EVERY)
  }
  return { p95: rounded(ages.percentile(0.95)), longest: rounded(ages.percentile(1)), waiting: most }
}

/** The result for people. */
export function lagLine({ p95, longest, waiting }: LagMeasured): string {
  return `While services were logged at 16 connections, changes waited ${p95.toFixed(1)} s to be folded into the figures (p95), ${longest.toFixed(1)} s and ${waiting.toLocaleString('en')} changes at most.`
}
