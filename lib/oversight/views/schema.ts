import { z } from 'zod'

import { oversightFilters } from '../log/schema'

/** So many views one member keeps. */
export const MOST_VIEWS = 30

const name = z
  .string({ error: 'oversight.views.errors.name' })
  .trim()
  .min(1, { error: 'oversight.views.errors.name' })
  .max(60, { error: 'oversight.views.errors.long' })
  .regex(/^\P{Cc}*$/u, { error: 'oversight.views.errors.name' })
const optional = (value: unknown) => (value === '' ? undefined : value)
const { view, type, subject, actor, agency, from, to } = oversightFilters.shape

/** The filters of the log as they stand in its address; a place in its pages is none. */
export const keptFilters = z.strictObject({
  view: z.preprocess(optional, view),
  type: z.preprocess(optional, type),
  subject: z.preprocess(optional, subject),
  actor: z.preprocess(optional, actor),
  agency: z.preprocess(optional, agency),
  from: z.preprocess(optional, from),
  to: z.preprocess(optional, to),
})
export type KeptFilters = z.output<typeof keptFilters>

export const keepViewInput = z.strictObject({ name, ...keptFilters.shape })
export type KeepViewInput = z.output<typeof keepViewInput>

const id = z.uuid()
export const renameViewInput = z.strictObject({ id, name })
export type RenameViewInput = z.output<typeof renameViewInput>
export const dropViewInput = z.strictObject({ id })

export type SavedView = { readonly id: string; readonly name: string; readonly filters: KeptFilters }
