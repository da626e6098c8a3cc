/**
 * P-values adjusted for having looked at all of them, so that of what is called a difference at most the chosen share
 * is expected to be none (Benjamini and Hochberg 1995). In the order given.
 */
export function benjaminiHochberg(values: readonly number[]): number[] {
  const descending = values.map((p, at) => ({ p, at })).sort((a, b) => b.p - a.p)
  const adjusted = new Array<number>(values.length)
  let least = 1
  descending.forEach(({ p, at }, above) => {
    least = Math.min(least, (p * values.length) / (values.length - above))
    adjusted[at] = least
  })
  return adjusted
}
