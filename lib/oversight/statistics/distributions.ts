/*
 * The few distributions that the tests need, to about fourteen digits. Upper tails are computed as such, never as one
 * minus a lower tail, so that small p-values keep their digits.
 */

// Lanczos' series for the logarithm of the gamma function, g = 607/128 with fifteen terms (Godfrey's coefficients).
const LANCZOS_G = 607 / 128
const LANCZOS = [
  0.99999999999999709182, 57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978,
  0.33994649984811888699e-4, 0.46523628927048575665e-4, -0.98374475304879564677e-4, 0.15808870322491248884e-3,
  -0.21026444172410488319e-3, 0.2174396181152126432e-3, -0.16431810653676389022e-3, 0.84418223983852743293e-4,
  -0.2619083840158140867e-4, 0.36899182659531622704e-5,
] as const

/** The natural logarithm of the gamma function, for x > 0. */
export function logGamma(x: number): number {
  const series = LANCZOS.reduce((sum, term, at) => sum + (at === 0 ? term : term / (x - 1 + at)), 0)
  const base = x - 0.5 + LANCZOS_G
  return (x - 0.5) * Math.log(base) - base + Math.log(Math.sqrt(2 * Math.PI) * series)
}

/** The chance that a chi-square variable with `df` degrees of freedom exceeds x. */
export function chiSquareUpper(x: number, df: number): number {
  return x <= 0 ? 1 : gammaUpper(df / 2, x / 2)
}

/** The chance that a standard normal variable lies further from zero than z, on either side. */
export function normalTwoSided(z: number): number {
  return chiSquareUpper(z * z, 1)
}

/** The quantile of the standard normal distribution that 95 % intervals use. */
export const Z_95 = 1.959963984540054

const ENOUGH = 1e-16
const TERMS = 100_000

/** The regularised upper incomplete gamma function: a series below the mean, a continued fraction above it. */
function gammaUpper(a: number, x: number): number {
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a))
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x)
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < TERMS && term > sum * ENOUGH; n += 1) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

// Lentz's way to evaluate a continued fraction, which needs no guess of its length.
function upperFraction(a: number, x: number): number {
  const tiny = Number.MIN_VALUE / ENOUGH
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let value = d
  for (let n = 1; n < TERMS; n += 1) {
    const factor = -n * (n - a)
    b += 2
    d = 1 / notZero(factor * d + b, tiny)
    c = notZero(b + factor / c, tiny)
    const change = c * d
    value *= change
    if (Math.abs(change - 1) < ENOUGH) break
  }
  return value
}

function notZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value
}
