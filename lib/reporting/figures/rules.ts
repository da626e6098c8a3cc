import type { CategoryFigures, Figure, FigureRow } from './schema'

/** Sums the rows of one paragraph into its categories, in the given order; months of the year stand from January on. */
export function categoriesOf(rows: readonly FigureRow[], order: readonly string[]): CategoryFigures[] {
  return order.flatMap((key) => {
    const own = rows.filter((row) => row.category === key)
    if (own.length === 0) return []
    const months = Array.from({ length: 12 }, (_, at) => total(own.filter((row) => row.month === at + 1)))
    return [{ key, services: total(own), types: sumBy(own, (row) => row.type), months }]
  })
}

/** Sums rows by what `keyOf` gives, most first; equal ones by key, so that the order is the same each time. */
export function sumBy(rows: readonly FigureRow[], keyOf: (row: FigureRow) => string): Figure[] {
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.n)
  return [...sums]
    .map(([key, services]) => ({ key, services }))
    .filter(({ services }) => services !== 0)
    .sort((a, b) => b.services - a.services || (a.key < b.key ? -1 : 1))
}

export function total(rows: readonly Pick<FigureRow, 'n'>[]): number {
  return rows.reduce((sum, row) => sum + row.n, 0)
}

/** The years to choose from, latest first: from the first with a record to this one, with the chosen one among them. */
export function yearsToChoose(first: number | null, last: number | null, chosen: number, current: number): number[] {
  const from = Math.min(first ?? current, chosen, current)
  const to = Math.max(last ?? current, chosen, current)
  // More than a working life of years would be a slip of the keyboard.
  return Array.from({ length: Math.min(to - from + 1, 60) }, (_, back) => to - back)
}
