/** Repeatable chance: the same seed gives the same data on every computer. Not for anything that must be secret. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number from 0 up to, but not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number from 0 to `below` - 1. */
  readonly draw = (below: number): number => Math.floor(this.next() * below)

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.draw(to - from + 1)
  }

  /** True in this share of cases. */
  is(share: number): boolean {
    return this.next() < share
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.draw(from.length)]
    if (picked === undefined) throw new RangeError('Nothing to pick from')
    return picked
  }

  /** Several different ones, at most `most` and at least one, in the list's order. */
  several<T>(from: readonly T[], most: number): T[] {
    const wanted = this.between(1, Math.min(most, from.length))
    const chosen = new Set<number>()
    while (chosen.size < wanted) chosen.add(this.draw(from.length))
    return from.filter((_, index) => chosen.has(index))
  }

  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries<number>(weights) as [K, number][]
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      left -= weight
      if (left < 0) return key
    }
    return this.pick(entries.map(([key]) => key))
  }
}
