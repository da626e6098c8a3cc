import { CATEGORY_KEYS, COORDINATION_PARAGRAPH } from '@/lib/mandate/categories'
import { paragraphOrder } from '@/lib/mandate/rules'

import type { CasesRow, Dashboard, OpenNeeds, OpenNeedsRow, PersonsRow } from './schema'

/** In these states a case is worked on. */
const OPEN: ReadonlySet<string> = new Set(['active', 'follow_up'])

/**
 * How many people had a service in the year: those under paragraph 9, where every record of assistance stands. Those
 * under the other paragraphs can't be added up, as a person may stand under several.
 */
export function personsOf(
  rows: readonly PersonsRow[],
  year: number,
): Pick<Dashboard, 'persons' | 'personsByParagraph'> & {
  readonly first: number | null
  readonly last: number | null
} {
  const all = rows.filter(({ paragraph }) => paragraph === COORDINATION_PARAGRAPH)
  const years = all.map((row) => row.year)
  return {
    persons: all.find((row) => row.year === year)?.n ?? 0,
    personsByParagraph: rows
      .filter((row) => row.year === year && row.paragraph !== COORDINATION_PARAGRAPH)
      .map(({ paragraph, n }) => ({ paragraph, persons: n }))
      .sort((a, b) => paragraphOrder(a.paragraph) - paragraphOrder(b.paragraph)),
    first: years.length === 0 ? null : Math.min(...years),
    last: years.length === 0 ? null : Math.max(...years),
  }
}

/** How many cases were opened in the year, whatever became of them, and how many are open now, whenever opened. */
export function casesOf(rows: readonly CasesRow[]): Pick<Dashboard, 'casesOpened' | 'casesOpen'> {
  return {
    casesOpened: rows.reduce((sum, { opened }) => sum + opened, 0),
    casesOpen: rows.reduce((sum, { status, n }) => sum + (OPEN.has(status) ? n : 0), 0),
  }
}

/** Living needs by category, most first, with equal ones in the usual order. A category without any has no line. */
export function openNeedsOf(rows: readonly OpenNeedsRow[]): OpenNeeds[] {
  return CATEGORY_KEYS.flatMap((category) => {
    const own = rows.filter((row) => row.category === category)
    if (own.length === 0) return []
    const of = (urgency: OpenNeedsRow['urgency']) =>
      own.filter((row) => row.urgency === urgency).reduce((sum, { n }) => sum + n, 0)
    const byUrgency = { emergency: of('emergency'), urgent: of('urgent'), routine: of('routine') }
    return [
      {
        category,
        byUrgency,
        n: byUrgency.emergency + byUrgency.urgent + byUrgency.routine,
        late: own.reduce((sum, { late }) => sum + late, 0),
      },
    ]
  }).sort((a, b) => b.n - a.n)
}
