import 'server-only'
import { z } from 'zod'

import { endpoint, type Endpoint } from '@/lib/api/endpoint'
import { listCategories, viewCategory, viewResolution } from '@/lib/mandate/service'

const item: z.ZodType = z.object({
  paragraph: z.string(),
  href: z.string(),
  zh: z.string(),
  en: z.string(),
  get items() {
    return z.array(item)
  },
})

const category = z.object({
  key: z.string(),
  paragraphs: z.array(z.string()),
  types: z.array(z.object({ key: z.string(), label: z.string(), paragraphs: z.array(z.string()) })),
})

export const viewMandateEndpoint = endpoint({
  method: 'GET',
  path: '/mandate',
  summary: 'General Assembly resolution 58/137, paragraph by paragraph',
  result: z.object({
    symbol: z.string(),
    title: z.object({ zh: z.string(), en: z.string() }),
    adopted: z.string(),
    note: z.string(),
    paragraphs: z.array(item),
  }),
  permission: 'mandate:read',
  run: (actor) => viewResolution(actor),
})

export const listCategoriesEndpoint = endpoint({
  method: 'GET',
  path: '/mandate/categories',
  summary: 'The six categories of assistance, their service types and the paragraphs they stand under',
  result: z.object({ items: z.array(category) }),
  permission: 'mandate:read',
  run: (actor) => listCategories(actor),
})

export const viewCategoryEndpoint = endpoint({
  method: 'GET',
  path: '/mandate/categories/{categoryKey}',
  summary: 'One category',
  params: z.object({ categoryKey: z.string() }),
  result: category,
  permission: 'mandate:read',
  run: (actor, { params }) => viewCategory(actor, params.categoryKey),
})

export const MANDATE_ENDPOINTS: readonly Endpoint[] = [
  viewMandateEndpoint,
  listCategoriesEndpoint,
  viewCategoryEndpoint,
]
