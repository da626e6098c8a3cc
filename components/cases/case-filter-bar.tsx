import { getTranslations } from 'next-intl/server'
import { FilterBar, type Filter } from '@/components/ui/filter-bar'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { CASE_STATUSES, RISK_LEVELS, type CaseListView } from '@/lib/cases/schema'
import { caseListHref, type CaseListAddress } from './case-list-href'

type CaseFilterBarProps = { readonly address: CaseListAddress; readonly view: CaseListView }

/** Filters of the list of cases, its chips, and how many there are. */
export async function CaseFilterBar({ address, view }: CaseFilterBarProps) {
  const t = await getTranslations('cases')
  const filters = await filtersOf(address, view)
  const chips = filters.flatMap(({ name, label, value, options }) => {
    const chosen = options.find((option) => option.value === value)
    if (chosen === undefined || value === '') return []
    const without = name === 'status' ? ({ status: 'any' } as const) : { [name]: undefined }
    return [
      {
        label: t('list.chip', { filter: label, value: chosen.label }),
        href: caseListHref({ ...address, ...without, cursor: undefined }),
      },
    ]
  })
  const order = address.tab === 'mine' ? 'list.order_mine' : 'list.order_agency'
  return (
    <FilterBar
      action="/cases"
      filters={filters}
      {...(address.tab === 'mine' ? {} : { hidden: { tab: address.tab } })}
      chips={chips}
      clearHref={caseListHref({ tab: address.tab, status: 'any' })}
      count={t(order, { count: await countText(view) })}
    />
  )
}

type SelectFilter = Extract<Filter, { readonly options: unknown }>

async function filtersOf(address: CaseListAddress, view: CaseListView): Promise<readonly SelectFilter[]> {
  const t = await getTranslations('cases')
  const categories = await getTranslations('mandate.categories')
  const filters: readonly SelectFilter[] = [
    {
      name: 'status',
      label: t('list.status'),
      value: address.status === 'any' ? '' : address.status,
      options: [
        { value: 'open', label: t('status.open') },
        ...CASE_STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) })),
        { value: 'any', label: t('list.any') },
      ],
    },
    {
      name: 'risk',
      label: t('list.risk'),
      value: address.risk ?? '',
      options: [...RISK_LEVELS, 'none' as const].map((risk) => ({ value: risk, label: t(`risk.${risk}`) })),
    },
    {
      name: 'need',
      label: t('list.need'),
      value: address.need ?? '',
      options: CATEGORY_KEYS.map((category) => ({ value: category, label: categories(category) })),
    },
  ]
  if (address.tab === 'mine') return filters
  const workers = view.workers.map(({ handle, name }) => ({ value: handle, label: name }))
  const units = view.units.map(({ code, name }) => ({ value: code, label: name }))
  return [
    ...filters,
    ...(units.length === 0 ? [] : [{ name: 'unit', label: t('list.unit'), value: address.unit ?? '', options: units }]),
    { name: 'worker', label: t('list.worker'), value: address.worker ?? '', options: workers },
  ]
}

async function countText({ total }: CaseListView): Promise<string> {
  const t = await getTranslations('cases.list')
  if (total === null) return t('count_unknown')
  return t(total.isExact ? 'count' : 'count_about', { count: total.n })
}
