import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { FilterBar } from '@/components/ui/filter-bar'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import type { DeskChoices, DeskFilters } from '@/lib/referrals/desk/schema'
import { REFERRAL_URGENCIES } from '@/lib/referrals/schema'

/** A page of the desk with these filters. */
export function deskHref(
  path: string,
  filters: DeskFilters,
  over: Readonly<Record<string, string | undefined>> = {},
): string {
  const said = Object.entries({ ...filters, ...over }).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return said.length === 0 ? path : `${path}?${new URLSearchParams(said).toString()}`
}

type DeskFilterBarProps = {
  readonly path: string
  readonly filters: DeskFilters
  readonly choices: DeskChoices
  readonly count: ReactNode
}

/** By what the desk is narrowed: kind of help, how urgent, which agency on either side, where. */
export function DeskFilterBar({ path, filters, choices: { agencies, areas }, count }: DeskFilterBarProps) {
  const t = useTranslations('desk.filter')
  const categories = useTranslations('mandate.categories')
  const urgencies = useTranslations('ui.urgency')
  const { category, urgency, agency, area } = filters
  const named = agencies.find(({ key }) => key === agency)?.name
  const where = areas.find(({ key }) => key === area)?.name
  return (
    <FilterBar
      action={path}
      filters={[
        {
          name: 'category',
          label: t('category'),
          value: category ?? '',
          options: CATEGORY_KEYS.map((value) => ({ value, label: categories(value) })),
        },
        {
          name: 'urgency',
          label: t('urgency'),
          value: urgency ?? '',
          options: REFERRAL_URGENCIES.map((value) => ({ value, label: urgencies(value) })),
        },
        {
          name: 'agency',
          label: t('agency'),
          value: agency ?? '',
          options: agencies.map(({ key, name }) => ({ value: key, label: name })),
        },
        ...(areas.length === 0
          ? []
          : [
              {
                name: 'area',
                label: t('area'),
                value: area ?? '',
                options: areas.map(({ key, name }) => ({ value: key, label: name })),
              },
            ]),
      ]}
      chips={[
        ...(category === undefined
          ? []
          : [{ label: categories(category), href: deskHref(path, filters, { category: undefined }) }]),
        ...(urgency === undefined
          ? []
          : [{ label: urgencies(urgency), href: deskHref(path, filters, { urgency: undefined }) }]),
        ...(named === undefined ? [] : [{ label: named, href: deskHref(path, filters, { agency: undefined }) }]),
        ...(where === undefined ? [] : [{ label: where, href: deskHref(path, filters, { area: undefined }) }]),
      ]}
      clearHref={path}
      count={count}
    />
  )
}
