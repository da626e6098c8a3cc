import { z } from 'zod'

/** A year in an address; anything else counts as not given. */
export const figureYear = z.coerce.number().int().min(1990).max(2100)

/** Records of one month (1 to 12) of a year. */
export type FigureRow = {
  readonly paragraph: string
  readonly category: string
  readonly type: string
  readonly month: number
  readonly n: number
}

export type Figure = { readonly key: string; readonly services: number }

export type CategoryFigures = Figure & {
  /** Types of service with at least one record, most first. */
  readonly types: readonly Figure[]
  /** Records of each month of the year, January first. */
  readonly months: readonly number[]
}

/** A record of the viewer's agency, without anything about the person. */
export type LatestRecord = {
  readonly code: string
  readonly case: string
  readonly category: string
  readonly type: string
  readonly deliveredOn: string
}

/** What the viewer's agency did under a paragraph in a year; cases that are restricted are left out. */
export type ParagraphFigures = {
  readonly year: number
  /** The years to choose from, latest first; always holds `year`. */
  readonly years: readonly number[]
  readonly services: number
  /** How many people had a service. Null where parts are shown: a person may stand under several. */
  readonly persons: number | null
  readonly categories: readonly CategoryFigures[]
  /** For a paragraph with parts: how much under each of them. */
  readonly parts: readonly Figure[]
  readonly latest: readonly LatestRecord[]
}
