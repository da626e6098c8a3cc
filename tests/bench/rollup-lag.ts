import { setTimeout as sleep } from 'node:timers/promises'

import type postgres from 'postgres'

import { rounded } from './samples'

/** How far the figures were behind the records while much was written; a page adds what waits, so none shows old figures. */
export type LagMeasured = {
  /** The longest that a change waited to be folded, in seconds. */
  readonly seconds: number
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
  let [longest, most] = [0, 0]
  while (!watch.isOver) {
    const [row] = await owner<{ first: string | null; last: string | null; n: number }[]>`
      SELECT min(id)::text AS first, max(id)::text AS last, count(*)::int AS n FROM rollup_delta`
    const { first: oldest, last: newest, n } = row ?? { first: null, last: null, n: 0 }
    const now = performance.now()
    if (oldest !== null && newest !== null) {
      const [first, last] = [BigInt(oldest), BigInt(newest)]
      seen.push({ upTo: last, at: now })
      while ((seen[0]?.upTo ?? last) < first) seen.shift()
      longest = Math.max(longest, now - (seen[0]?.at ?? now))
      most = Math.max(most, n)
    }
    await sleep(EVERY)
  }
  return { seconds: rounded(longest / 1000), waiting: most }
}

/** The result for people. */
export function lagLine({ seconds, waiting }: LagMeasured): string {
  return `While services were logged at 16 connections, a change waited at most ${seconds.toFixed(1)} s to be folded into the figures, ${waiting.toLocaleString('en')} changes at most at once.`
}
