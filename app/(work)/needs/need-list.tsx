import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { NeedTable } from '@/components/assistance/need-table'
import { EmptyState } from '@/components/ui/empty-state'
import { FilterBar } from '@/components/ui/filter-bar'
import { NEED_STATES, URGENCIES, type NeedPage } from '@/lib/assistance/needs/schema'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { addressOf } from '../services/address'
import { ANY, type Asked, type AskedNeeds } from './asked-needs'

type NeedListProps = AskedNeeds & {
  readonly page: NeedPage
  readonly path: string
  /** Whether they are of many people. */
  readonly withPerson?: boolean
  /** What starts the list where it is empty. */
  readonly act?: ReactNode
}

/** Needs with their filters, a page at a time. */
export async function NeedList({ page, path, asked, input, withPerson = false, act }: NeedListProps) {
  const t = await getTranslations('assistance.need.list')
  const at = (cursor: string | null) => (cursor === null ? undefined : addressOf(path, { ...asked, cursor }))
  const isFiltered = Object.values(asked).some((value) => value !== ANY)
  return (
    <>
      <Filters path={path} asked={asked} input={input} shown={page.items.length} />
      <NeedTable
        needs={page.items}
        withPerson={withPerson}
        pages={{ earlier: at(page.previousCursor), later: at(page.nextCursor) }}
        empty={
          <EmptyState title={t(isFiltered ? 'empty_filtered' : 'empty')} act={isFiltered ? undefined : act}>
            {t(isFiltered ? 'empty_filtered_help' : 'empty_help')}
          </EmptyState>
        }
      />
    </>
  )
}

type FiltersProps = {
  readonly path: string
  readonly asked: Asked
  readonly input: AskedNeeds['input']
  readonly shown: number
}

async function Filters({ path, asked, input, shown }: FiltersProps) {
  const t = await getTranslations()
  const { cursor: _cursor, ...filters } = asked
  const labels: Readonly<Record<keyof typeof filters, string>> = {
    category: input.category === undefined ? '' : t(`mandate.categories.${input.category}`),
    urgency: input.urgency === undefined ? '' : t(`assistance.need.urgency.short.${input.urgency}`),
    state: input.state === undefined ? '' : t(`assistance.need.state.${input.state}`),
  }
  return (
    <FilterBar
      action={path}
      filters={[
        {
          name: 'state',
          label: t('assistance.need.list.state'),
          value: filters.state === ANY ? '' : (filters.state ?? ''),
          options: (['living', ...NEED_STATES] as const).map((key) => ({
            value: key,
            label: t(`assistance.need.state.${key}`),
          })),
        },
        {
          name: 'urgency',
          label: t('assistance.need.list.urgency'),
          value: filters.urgency ?? '',
          options: URGENCIES.map((key) => ({ value: key, label: t(`assistance.need.urgency.short.${key}`) })),
        },
        {
          name: 'category',
          label: t('assistance.need.list.category'),
          value: filters.category ?? '',
          options: CATEGORY_KEYS.map((key) => ({ value: key, label: t(`mandate.categories.${key}`) })),
        },
      ]}
      chips={(Object.keys(filters) as (keyof typeof filters)[])
        .filter((key) => filters[key] !== ANY)
        .map((key) => ({
          label: labels[key],
          href: addressOf(path, { ...filters, [key]: key === 'state' ? ANY : undefined }),
        }))}
      clearHref={path}
      count={t('assistance.need.list.count', { count: shown })}
    />
  )
}
