/** Someone who takes over cases, and how many open ones they have. */
export type Receiver = { readonly member: string; readonly load: number }

/**
 * Who gets which case: each goes to whoever has the fewest at that moment, the first named among equals. So a bulk
 * fills up those who carry little before it adds to those who carry much.
 */
export function shareOut(
  cases: readonly string[],
  receivers: readonly Receiver[],
): readonly { readonly case: string; readonly member: string }[] {
  const loads = receivers.map(({ member, load }) => ({ member, load }))
  const [first] = loads
  if (first === undefined) return []
  return cases.map((one) => {
    const least = loads.reduce((best, next) => (next.load < best.load ? next : best), first)
    least.load += 1
    return { case: one, member: least.member }
  })
}
