import type { KeptFilters } from '@/lib/oversight/views/schema'

const PATH = '/oversight/log'

/** The address of the log with these filters. */
export function logAddress({ view, type, subject, actor, agency, from, to }: KeptFilters): string {
  const pairs = Object.entries({ view, type, subject, actor, agency, from, to }).filter(
    (pair): pair is [string, NonNullable<(typeof pair)[1]>] => pair[1] !== undefined,
  )
  const query = new URLSearchParams(pairs).toString()
  return query === '' ? PATH : `${PATH}?${query}`
}
