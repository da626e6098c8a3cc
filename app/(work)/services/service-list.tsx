import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { typeNames } from '@/components/assistance/category-choices'
import { ServiceTable } from '@/components/assistance/service-table'
import { EmptyState } from '@/components/ui/empty-state'
import { FilterBar } from '@/components/ui/filter-bar'
import {
  listServicesInput,
  SERVICE_STATUSES,
  type ListServicesInput,
  type ServicePage,
} from '@/lib/assistance/services/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS, SERVICE_TYPES } from '@/lib/mandate/categories'
import { addressOf, pick, type SearchParams } from './address'

const NAMES = ['category', 'type', 'status', 'from', 'to', 'cursor'] as const
type Asked = Partial<Record<(typeof NAMES)[number], string>>

export type AskedServices = { readonly asked: Asked; readonly input: ListServicesInput }

/** What an address asks of a list of services; null when no list has that. */
export function askedServices(params: SearchParams): AskedServices | null {
  const asked = pick(params, NAMES)
  const input = listServicesInput.safeParse(asked)
  return input.success ? { asked, input: input.data } : null
}

type ServiceListProps = AskedServices & {
  readonly page: ServicePage
  readonly path: string
  /** The reader's own agency. */
  readonly agency: string
  /** Whether they are of many people. */
  readonly withPerson?: boolean
  /** What starts the list where it is empty. */
  readonly act?: ReactNode
}

/** Services with their filters, a page at a time. */
export function ServiceList({ page, path, asked, input, agency, withPerson = false, act }: ServiceListProps) {
  return (
    <>
      <Filters path={path} asked={asked} input={input} shown={page.items.length} />
      <ServiceTable
        services={page.items}
        withPerson={withPerson}
        agency={agency}
        pages={pagesOf(path, asked, page)}
        empty={<Nothing isFiltered={Object.keys(asked).length > 0} act={act} />}
      />
    </>
  )
}

type FiltersProps = {
  readonly path: string
  readonly asked: Asked
  readonly input: ListServicesInput
  readonly shown: number
}

async function Filters({ path, asked, input, shown }: FiltersProps) {
  const t = await getTranslations()
  const name = await typeNames()
  const format = await getFormat()
  const { cursor: _cursor, ...filters } = asked
  const { category } = input
  const types =
    category === undefined ? [] : SERVICE_TYPES[category].map((type) => ({ value: type, label: name(category, type) }))
  const labels: Readonly<Record<keyof typeof filters, (value: string) => string>> = {
    category: () => (category === undefined ? '' : t(`mandate.categories.${category}`)),
    type: (value) => (category === undefined ? value : name(category, value)),
    status: () => (input.status === undefined ? '' : t(`assistance.service.status.${input.status}`)),
    from: (value) => `${t('assistance.service.list.from')} ${format.day(value)}`,
    to: (value) => `${t('assistance.service.list.to')} ${format.day(value)}`,
  }
  const chips = (Object.keys(filters) as (keyof typeof filters)[]).map((key) => ({
    label: labels[key](filters[key] ?? ''),
    // A type belongs to its category, so it goes with it.
    href: addressOf(path, { ...filters, [key]: undefined, ...(key === 'category' ? { type: undefined } : {}) }),
  }))
  return (
    <FilterBar
      action={path}
      filters={[
        {
          name: 'category',
          label: t('assistance.service.list.category'),
          value: filters.category ?? '',
          options: CATEGORY_KEYS.map((key) => ({ value: key, label: t(`mandate.categories.${key}`) })),
        },
        ...(types.length === 0
          ? []
          : [{ name: 'type', label: t('assistance.service.list.type'), value: filters.type ?? '', options: types }]),
        {
          name: 'status',
          label: t('assistance.service.list.status'),
          value: filters.status ?? '',
          options: SERVICE_STATUSES.map((key) => ({ value: key, label: t(`assistance.service.status.${key}`) })),
        },
      ]}
      more={[
        { kind: 'date', name: 'from', label: t('assistance.service.list.from'), value: filters.from ?? '' },
        { kind: 'date', name: 'to', label: t('assistance.service.list.to'), value: filters.to ?? '' },
      ]}
      chips={chips}
      clearHref={path}
      count={t('assistance.service.list.count', { count: shown })}
    />
  )
}

async function Nothing({ isFiltered, act }: { readonly isFiltered: boolean; readonly act: ReactNode }) {
  const t = await getTranslations('assistance.service.list')
  if (isFiltered) return <EmptyState title={t('empty_filtered')}>{t('empty_filtered_help')}</EmptyState>
  return (
    <EmptyState title={t('empty')} act={act}>
      {t('empty_help')}
    </EmptyState>
  )
}

function pagesOf(path: string, asked: Asked, page: ServicePage) {
  const at = (cursor: string | null) => (cursor === null ? undefined : addressOf(path, { ...asked, cursor }))
  return { earlier: at(page.previousCursor), later: at(page.nextCursor) }
}
