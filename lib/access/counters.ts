import { Prisma } from '@/generated/prisma/client'

/** A counter of tries before anybody is signed in: what it counts, and its keyed digest as hex. How many are free the database knows. */
export type Counter = {
  readonly kind:
    | 'device'
    | 'pair'
    | 'account'
    | 'network'
    | 'all'
    | 'factor'
    | 'reset'
    | 'reset-network'
    | 'reset-all'
    | 'complaint-code'
    | 'complaint-network'
    | 'complaint-all'
    | 'receipt-network'
    | 'receipt-all'
  readonly key: string
}

/** The keys of counters, as the database's functions take them. */
export function keysOf(counters: readonly Counter[]): Prisma.Sql {
  const keys = counters.map(({ key }) => key)
  return Prisma.sql`ARRAY(SELECT decode(k, 'hex') FROM unnest(${keys}::text[]) WITH ORDINALITY u(k, n) ORDER BY n)`
}

/** What each of the counters counts, in the order of their keys. */
export function kindsOf(counters: readonly Counter[]): string[] {
  return counters.map(({ kind }) => kind)
}
