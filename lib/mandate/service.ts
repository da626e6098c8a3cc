import 'server-only'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import messages from '@/lib/i18n/messages/en/mandate.json'
import { ok, refuse, type Result } from '@/lib/platform/result'

import {
  CATEGORY_KEYS,
  CATEGORY_PARAGRAPH,
  COORDINATION_PARAGRAPH,
  SERVICE_TYPES,
  isCategoryKey,
  type CategoryKey,
} from './categories'
import { PARAGRAPHS, RESOLUTION, type ResolutionItem } from './resolution'
import { mandateLink, paragraphsFor } from './rules'
import type { CategoryView, ResolutionPartView, ResolutionView } from './schema'

/** The whole resolution as data. Refuses with `forbidden` whoever may not read it, which no role is today. */
export function viewResolution(actor: Actor): Promise<Result<ResolutionView>> {
  if (!holds(actor, 'mandate:read')) return Promise.resolve(refuse('forbidden'))
  return Promise.resolve(
    ok({
      symbol: RESOLUTION.symbol,
      title: RESOLUTION.title,
      adopted: RESOLUTION.adopted,
      note: 'zh is the text as distributed; en is a working rendering, not the official English text',
      paragraphs: PARAGRAPHS.map(({ number, zh, en, items }) => ({
        ...partView(number, zh, en),
        items: items.map((item) => itemView(number, item)),
      })),
    }),
  )
}

/** The six categories with their types, each with the paragraphs that its records stand under. */
export function listCategories(actor: Actor): Promise<Result<{ readonly items: readonly CategoryView[] }>> {
  if (!holds(actor, 'mandate:read')) return Promise.resolve(refuse('forbidden'))
  return Promise.resolve(ok({ items: CATEGORY_KEYS.map(categoryView) }))
}

/** One category; `not_found` for a key that is none. */
export function viewCategory(actor: Actor, key: string): Promise<Result<CategoryView>> {
  if (!holds(actor, 'mandate:read')) return Promise.resolve(refuse('forbidden'))
  return Promise.resolve(isCategoryKey(key) ? ok(categoryView(key)) : refuse('not_found'))
}

function categoryView(category: CategoryKey): CategoryView {
  const labels: Readonly<Record<string, string>> = messages.types[category]
  return {
    key: category,
    paragraphs: [CATEGORY_PARAGRAPH[category], COORDINATION_PARAGRAPH],
    types: SERVICE_TYPES[category].map((type) => ({
      key: type,
      label: labels[type] ?? type,
      paragraphs: paragraphsFor({ category, type }).map(({ paragraph }) => paragraph),
    })),
  }
}

function partView(paragraph: string, zh: string, en: string): Omit<ResolutionPartView, 'items'> {
  return { paragraph, href: mandateLink(paragraph).href, zh, en }
}

function itemView(above: string, { letter, zh, en, items }: ResolutionItem): ResolutionPartView {
  const paragraph = `${above}(${letter})`
  return { ...partView(paragraph, zh, en), items: items.map((item) => itemView(paragraph, item)) }
}
