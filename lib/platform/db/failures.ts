/**
 * What a failed statement was about, read from the error's own fields: Prisma wraps the driver's error, whose `code`
 * is the SQLSTATE, in one of its own.
 */
export function sqlStateOf(error: unknown): string | null {
  for (const candidate of errorsWithin(error)) {
    for (const field of ['originalCode', 'code'] as const) {
      const value: unknown = field in candidate ? (candidate as Record<string, unknown>)[field] : undefined
      if (typeof value === 'string' && /^[0-9A-Z]{5}$/.test(value) && !/^P\d{4}$/.test(value)) return value
    }
  }
  return null
}

/** Whether a statement gave up waiting for a lock (`lock_timeout`). */
export function isLockTimeout(error: unknown): boolean {
  return sqlStateOf(error) === '55P03'
}

/** SQLSTATE classes of a server that is going, coming, full or resolving a deadlock: asking again helps. */
const PASSING_STATES = /^(?:08|53|57P|40001$|40P01$|55P03$|57014$)/

/** Prisma's codes: server not reached, timed out, connection closed, pool or transaction not available, write conflict. */
const PASSING_PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'])

const PASSING_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT'])

/** What the adapter calls the same, which is all that a raw statement outside a transaction tells. */
const PASSING_KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'])

/** What the driver says of a connection that broke under a statement; these errors carry no code. */
const BROKEN =
  /Connection terminated|connection error and is not queryable|Client was closed and is not queryable|timeout exceeded when trying to connect/

/** Whether the database was not there or too busy, so that the same request may succeed in a moment. */
export function isPassing(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state !== null && PASSING_STATES.test(state)) return true
  return errorsWithin(error).some((candidate) => {
    const code: unknown = 'code' in candidate ? candidate.code : undefined
    if (candidate instanceof Error && BROKEN.test(candidate.message)) return true
    if ('kind' in candidate && typeof candidate.kind === 'string' && PASSING_KINDS.has(candidate.kind)) return true
    return (
      typeof code === 'string' && (PASSING_PRISMA.has(code) || (PASSING_SYSTEM.has(code) && 'syscall' in candidate))
    )
  })
}

/** The error, its causes, and what Prisma keeps of the driver's error in `meta`. */
function errorsWithin(error: unknown): object[] {
  const found: object[] = []
  const open: unknown[] = [error]
  while (open.length > 0 && found.length < 20) {
    const next = open.shift()
    if (typeof next !== 'object' || next === null || found.includes(next)) continue
    found.push(next)
    const parts = next as Record<string, unknown>
    open.push(parts['cause'], parts['meta'], parts['driverAdapterError'])
  }
  return found
}
