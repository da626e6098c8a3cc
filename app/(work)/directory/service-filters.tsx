import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { FilterBar, type Filter } from '@/components/ui/filter-bar'
import { FOR_GENDERS, type DirectoryFacets } from '@/lib/directory/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS, SERVICE_TYPES } from '@/lib/mandate/categories'
import { addressOf } from '../services/address'
import type { AskedFilters, AskedServices } from './asked-services'

const AGES = ['0-11', '12-17', '18-24', '25-64', '65-120'] as const

type ServiceFiltersProps = {
  readonly path: string
  readonly asked: AskedServices
  readonly facets: DirectoryFacets
  readonly count: string
}

/** The filters of the directory. For a need its kind, age, gender and languages are known, so only the rest is asked. */
export async function ServiceFilters({ path, asked, facets, count }: ServiceFiltersProps) {
  const { filters, need } = asked
  const choices = await choicesOf(facets)
  const isForNeed = need !== null
  const shown = (isForNeed ? FOR_NEED : ALWAYS).map((name) => filterOf(choices, name, filters))
  const more = (isForNeed ? MORE_FOR_NEED : MORE).map((name) => filterOf(choices, name, filters))
  const hidden = isForNeed ? { need } : undefined
  const clearHref = addressOf(path, { need: need ?? undefined })
  const chips = [...shown, ...more].flatMap((filter) => {
    const option = filter.options.find(({ value }) => value === filter.value)
    if (filter.value === '' || option === undefined) return []
    const without = { ...filters, [filter.name]: undefined, need: need ?? undefined }
    return [{ label: `${filter.label}: ${option.label}`, href: addressOf(path, without) }]
  })
  return (
    <FilterBar
      action={path}
      filters={shown}
      more={more}
      {...(hidden === undefined ? {} : { hidden })}
      chips={chips}
      clearHref={clearHref}
      count={count}
    />
  )
}

type Name = keyof AskedFilters
type Listed = {
  readonly label: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

const ALWAYS = ['kind', 'area', 'language', 'room'] as const
const MORE = ['gender', 'age', 'stepFree', 'withChildren', 'all'] as const
const FOR_NEED = ['area', 'room', 'all'] as const
const MORE_FOR_NEED = ['stepFree', 'withChildren'] as const

function filterOf(choices: Readonly<Record<Name, Listed>>, name: Name, filters: AskedFilters) {
  return { name, value: filters[name] ?? '', ...choices[name] } satisfies Filter
}

async function choicesOf(facets: DirectoryFacets): Promise<Readonly<Record<Name, Listed>>> {
  const t = await getTranslations('directory')
  const codes = await getTranslations('people.codes')
  const categories = await getTranslations('mandate.categories')
  const name = await typeNames()
  const format = await getFormat()
  const yes = (key: 'room' | 'stepFree' | 'withChildren' | 'all') => [{ value: 'yes', label: t(`yes.${key}`) }]
  return {
    kind: {
      label: t('kind'),
      options: CATEGORY_KEYS.flatMap((category) => [
        { value: category, label: categories(category) },
        ...SERVICE_TYPES[category].map((type) => ({
          value: `${category}.${type}`,
          label: `${categories(category)}: ${name(category, type)}`,
        })),
      ]),
    },
    area: { label: t('area'), options: facets.areas.map(({ key, name: label }) => ({ value: key, label })) },
    language: {
      label: t('language'),
      options: facets.languages.map((value) => ({ value, label: format.language(value) })),
    },
    room: { label: t('room'), options: yes('room') },
    gender: {
      label: t('gender'),
      options: FOR_GENDERS.map((value) => ({ value, label: codes(`gender.${value}`) })),
    },
    age: { label: t('age'), options: AGES.map((value) => ({ value, label: t(`ages.${value}`) })) },
    stepFree: { label: t('access'), options: yes('stepFree') },
    withChildren: { label: t('children'), options: yes('withChildren') },
    all: { label: t('others'), options: yes('all') },
  }
}
