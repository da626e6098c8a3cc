/** Times of single answers, in milliseconds. */
export class Samples {
  readonly #times: number[] = []

  add(milliseconds: number): void {
    this.#times.push(milliseconds)
  }

  get count(): number {
    return this.#times.length
  }

  /** The time that this share of answers stayed below (nearest rank). */
  percentile(share: number): number {
    const sorted = [...this.#times].sort((a, b) => a - b)
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  }
}

/** What a measurement came to. */
export type Measured = { readonly p50: number; readonly p95: number; readonly perSecond: number; readonly n: number }

export function measuredOf(samples: Samples, seconds: number): Measured {
  return {
    p50: rounded(samples.percentile(0.5)),
    p95: rounded(samples.percentile(0.95)),
    perSecond: rounded(samples.count / seconds),
    n: samples.count,
  }
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
