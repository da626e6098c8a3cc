import { Matrix, solve } from 'ml-matrix'

import { normalTwoSided } from './distributions'
import type { Count } from './proportions'

/** People who are alike in all that the model looks at, as a level for each column. */
export type Pattern = Count & { readonly levels: readonly string[] }

export type Term = {
  readonly term: string
  /** In logits; null where the data can't tell it from the other terms. */
  readonly estimate: number | null
  readonly se: number | null
  readonly p: number | null
}

export const INTERCEPT = '(Intercept)'

/**
 * Logistic regression of an outcome on columns of levels, by iterated weighted least squares. Terms are named
 * `COLUMN=LEVEL`; the first level in alphabetical order is the base of its column. Null where some people's outcome
 * follows without exception from their levels, so that no finite estimate exists.
 */
export function logistic(columns: readonly string[], patterns: readonly Pattern[]): { readonly terms: Term[] } | null {
  const people = patterns.filter(({ n }) => n > 0)
  const names = termsOf(columns, people)
  const design = people.map(
    ({ levels }) => new Set([INTERCEPT, ...levels.map((level, at) => named(columns[at], level))]),
  )
  const rows = design.map((holds) => names.map((name) => (holds.has(name) ? 1 : 0)))
  const kept = independent(rows, names.length)
  const fitted = fit(new Matrix(rows.map((row) => kept.map((at) => row[at] ?? 0))), people)
  if (fitted === null) return null
  return {
    terms: names.map((term, at) => {
      const place = kept.indexOf(at)
      if (place < 0) return { term, estimate: null, se: null, p: null }
      const estimate = fitted.estimates[place] ?? 0
      const se = Math.sqrt(fitted.variances[place] ?? 0)
      return { term, estimate, se, p: normalTwoSided(estimate / se) }
    }),
  }
}

function termsOf(columns: readonly string[], people: readonly Pattern[]): string[] {
  const levels = columns.map((_, at) => [...new Set(people.map((one) => one.levels[at] ?? ''))].sort())
  return [INTERCEPT, ...levels.flatMap((all, at) => all.slice(1).map((level) => named(columns[at], level)))]
}

function named(column: string | undefined, level: string): string {
  return `${column ?? ''}=${level}`
}

const ALIASED = 1e-9

/** The columns, from the first on, that no earlier ones add up to. */
function independent(rows: readonly (readonly number[])[], width: number): number[] {
  const kept: number[] = []
  const basis: number[][] = []
  for (let at = 0; at < width; at += 1) {
    const column = rows.map((row) => row[at] ?? 0)
    const length = norm(column)
    // Twice, since once leaves rounding behind.
    const rest = lessBasis(lessBasis(column, basis), basis)
    if (length === 0 || norm(rest) / length < ALIASED) continue
    kept.push(at)
    basis.push(rest.map((value) => value / norm(rest)))
  }
  return kept
}

function lessBasis(column: readonly number[], basis: readonly (readonly number[])[]): number[] {
  return basis.reduce<number[]>(
    (rest, unit) => {
      const along = dot(rest, unit)
      return rest.map((value, row) => value - along * (unit[row] ?? 0))
    },
    [...column],
  )
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0)
}

function norm(column: readonly number[]): number {
  return Math.sqrt(dot(column, column))
}

const MOST_STEPS = 50
const SETTLED = 1e-12
/** A fitted chance nearer than this to 0 or 1 means that the estimates run away. */
const CERTAIN = 1e-8

type Fitted = { readonly estimates: readonly number[]; readonly variances: readonly number[] }

function fit(design: Matrix, people: readonly Pattern[]): Fitted | null {
  let estimates = Matrix.zeros(design.columns, 1)
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { gradient, information, certain } = slopes(design, people, estimates)
    if (certain) return null
    const change = solve(information, gradient)
    estimates = Matrix.add(estimates, change)
    const moved = Math.max(
      ...change.to1DArray().map((value, at) => Math.abs(value) / (1 + Math.abs(estimates.get(at, 0)))),
    )
    if (moved < SETTLED) {
      const last = slopes(design, people, estimates)
      const variances = solve(last.information, Matrix.eye(design.columns)).diagonal()
      return last.certain ? null : { estimates: estimates.to1DArray(), variances }
    }
  }
  return null
}

function slopes(design: Matrix, people: readonly Pattern[], estimates: Matrix) {
  const chances = design
    .mmul(estimates)
    .to1DArray()
    .map((logit) => 1 / (1 + Math.exp(-logit)))
  const weighted = design.clone()
  const residuals = people.map(({ n, events }, row) => {
    const chance = chances[row] ?? 0
    weighted.mulRow(row, n * chance * (1 - chance))
    return events - n * chance
  })
  return {
    gradient: design.transpose().mmul(Matrix.columnVector(residuals)),
    information: design.transpose().mmul(weighted),
    certain: chances.some((chance) => chance < CERTAIN || chance > 1 - CERTAIN),
  }
}
