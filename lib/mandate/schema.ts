import { z } from 'zod'

import { CATEGORY_KEYS, isServiceTypeOf } from './categories'

export const categoryKey = z.enum(CATEGORY_KEYS, { error: 'mandate.errors.category' })

/** A category and one of its own types; a type of another category is an error of the field `type`. */
export const categoryWithType = z
  .object({ category: categoryKey, type: z.string().max(60, { error: 'mandate.errors.type' }) })
  .refine(({ category, type }) => isServiceTypeOf(category, type), { path: ['type'], error: 'mandate.errors.type' })

/** A paragraph of the resolution as the API shows it: where its page is, and what to call it. */
export type MandateLink = { readonly symbol: string; readonly paragraph: string; readonly href: string }

/** A paragraph or part of one, as the API shows it. */
export type ResolutionPartView = {
  readonly paragraph: string
  readonly href: string
  readonly zh: string
  readonly en: string
  readonly items: readonly ResolutionPartView[]
}

export type ResolutionView = {
  readonly symbol: string
  readonly title: { readonly zh: string; readonly en: string }
  readonly adopted: string
  readonly note: string
  readonly paragraphs: readonly ResolutionPartView[]
}

/** A category of assistance as the API shows it. Labels are English; screens have their own. */
export type CategoryView = {
  readonly key: string
  readonly paragraphs: readonly string[]
  readonly types: readonly { readonly key: string; readonly label: string; readonly paragraphs: readonly string[] }[]
}
