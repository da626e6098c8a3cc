import { z } from 'zod'

import { CATEGORY_KEYS, isServiceTypeOf } from './categories'

export const categoryKey = z.enum(CATEGORY_KEYS, { error: 'mandate.errors.category' })

/** A category and one of its own types; a type of another category is an error of the field `type`. */
export const categoryWithType = z
  .object({ category: categoryKey, type: z.string().max(60, { error: 'mandate.errors.type' }) })
  .refine(({ category, type }) => isServiceTypeOf(category, type), { path: ['type'], error: 'mandate.errors.type' })

/** A paragraph of the resolution as the API shows it: where its page is, and what to call it. */
export type MandateLink = { readonly symbol: string; readonly paragraph: string; readonly href: string }
