import type { Urgency } from '@/lib/assistance/needs/schema'
import type { LoadLine } from '@/lib/cases/today-schema'
import type { CategoryKey } from '@/lib/mandate/categories'

import type { CategoryFigures, Figure } from '../figures/schema'

/** How many people had a service under a paragraph in a year. */
export type PersonsRow = { readonly paragraph: string; readonly year: number; readonly n: number }

/** How many cases stand how, and how many of them were opened in the year. */
export type CasesRow = { readonly status: string; readonly n: number; readonly opened: number }

/** Living needs of a category and an urgency: how many, and how many are past the limit of their first contact. */
export type OpenNeedsRow = {
  readonly category: CategoryKey
  readonly urgency: Urgency
  readonly n: number
  readonly late: number
}

/** Living needs of one category, by urgency. */
export type OpenNeeds = {
  readonly category: CategoryKey
  readonly byUrgency: Readonly<Record<Urgency, number>>
  readonly n: number
  readonly late: number
}

/** An agency's year in figures, and how it stands now. Restricted cases are in none of these. */
export type Dashboard = {
  readonly year: number
  /** The years to choose from, latest first; always holds `year`. */
  readonly years: readonly number[]
  /** When it was looked at: the figures hold what was recorded until then. */
  readonly asOf: string
  readonly services: number
  /** People with at least one service in the year, each once. */
  readonly persons: number
  readonly casesOpened: number
  readonly casesOpen: number
  /** Services by category, each with its types and its months. */
  readonly categories: readonly CategoryFigures[]
  /** The most frequent types of service; `key` is `category.type`. */
  readonly types: readonly Figure[]
  /** People by paragraph, in the resolution's order; a person may stand under several. */
  readonly personsByParagraph: readonly { readonly paragraph: string; readonly persons: number }[]
  readonly needs: readonly OpenNeeds[]
  /** What each member of the unit carries; null for who leads none. */
  readonly load: readonly LoadLine[] | null
}
