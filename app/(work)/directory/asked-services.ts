import { findHelpInput, type FindHelpInput } from '@/lib/assistance/needs/schema'
import { searchDirectoryInput, type SearchDirectoryInput } from '@/lib/directory/schema'
import { CATEGORY_KEYS, isServiceTypeOf } from '@/lib/mandate/categories'
import { pick, type SearchParams } from '../services/address'

const FILTERS = ['kind', 'area', 'language', 'room', 'gender', 'age', 'stepFree', 'withChildren', 'all'] as const
export type AskedFilters = Partial<Record<(typeof FILTERS)[number], string>>

type Search = { readonly need: null; readonly input: SearchDirectoryInput }
type Help = { readonly need: string; readonly input: FindHelpInput }
export type AskedServices = { readonly filters: AskedFilters; readonly cursor: string | undefined } & (Search | Help)

/** What an address asks of the directory: what fits a need, or what fits these filters. Null when it asks for nothing that is. */
export function askedServices(params: SearchParams): AskedServices | null {
  const filters = pick(params, FILTERS)
  const { need, cursor } = pick(params, ['need', 'cursor'])
  const { kind, ...rest } = filters
  if (need !== undefined) {
    const { area, room, stepFree, withChildren, all } = filters
    const input = findHelpInput.safeParse({ need, area, room, stepFree, withChildren, all, cursor })
    return input.success ? { filters, cursor, need, input: input.data } : null
  }
  const help = kind === undefined ? {} : kindOf(kind)
  const input = searchDirectoryInput.safeParse({ ...rest, ...help, cursor })
  return help !== null && input.success ? { filters, cursor, need: null, input: input.data } : null
}

/** `legal` is a category, `legal.civil_documents` one of its types. */
function kindOf(kind: string): { readonly category: string; readonly type?: string } | null {
  const [key, type] = kind.split('.')
  const category = CATEGORY_KEYS.find((known) => known === key)
  if (category === undefined) return null
  if (type === undefined) return { category }
  return isServiceTypeOf(category, type) ? { category, type } : null
}
