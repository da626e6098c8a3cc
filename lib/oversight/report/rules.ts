/** A count of people is told where it is of none or of so many (hard-parts 21). */
const LEAST = 11

type Counted<K> = { readonly key: K; readonly n: number }

/**
 * What complaints are about, as a report that leaves the body may say it. How many there are in all is told anyway, so
 * those that may not be told are together none or at least eleven: else the smallest of the others joins them.
 */
export function tellable<K>(counts: readonly Counted<K>[]): { readonly key: K; readonly n: number | null }[] {
  const hidden = new Set(counts.filter(({ n }) => n > 0 && n < LEAST).map(({ key }) => key))
  const sum = () => counts.filter(({ key }) => hidden.has(key)).reduce((total, { n }) => total + n, 0)
  const rest = counts.filter(({ n }) => n >= LEAST).sort((one, other) => one.n - other.n)
  // One alone would follow from the rest, however many it is of.
  while (hidden.size > 0 && (sum() < LEAST || hidden.size === 1)) {
    const next = rest.shift()
    if (next === undefined) break
    hidden.add(next.key)
  }
  return counts.map(({ key, n }) => ({ key, n: hidden.has(key) ? null : n }))
}
