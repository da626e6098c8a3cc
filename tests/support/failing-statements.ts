import pg from 'pg'
import { vi } from 'vitest'

/** Statements of a transaction's frame; the work between them is what may fail here. */
const FRAME = /^\s*(begin|commit|rollback|start transaction)\b/i

/** Runs work whose n-th statement (counted from 1) fails on its way to the database; says whether it came to that. */
export async function failAtStatement(
  n: number,
  work: () => Promise<unknown>,
): Promise<{ readonly hasFailed: boolean }> {
  // Kept apart from its object on purpose: it is called with the client at hand as `this`.
  const original = Reflect.get(pg.Client.prototype, 'query') as (this: pg.Client, ...values: unknown[]) => unknown
  let count = 0
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...values: unknown[]
  ) {
    const [statement] = values
    const text = typeof statement === 'string' ? statement : (statement as { text?: string }).text
    if (text !== undefined && !FRAME.test(text)) {
      count += 1
      if (count === n) return Promise.reject(new Error(`Statement ${String(n)} failed on purpose`))
    }
    return original.apply(this, values)
  })
  try {
    await work().catch(() => undefined)
    return { hasFailed: count >= n }
  } finally {
    spy.mockRestore()
  }
}
