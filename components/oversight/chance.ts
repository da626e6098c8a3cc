/** A p-value as it is read: of very small ones it is enough to know that they are. */
export function chance(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}
