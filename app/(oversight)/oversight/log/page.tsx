import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { typeWords } from '@/components/audit/event-words'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { OversightTable } from '@/components/oversight/oversight-table'
import { grouped } from '@/components/ui/code'
import { FilterBar, type Filter } from '@/components/ui/filter-bar'
import { LinkButton } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { Tabs } from '@/components/ui/tabs'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import {
  OVERSIGHT_VIEWS,
  oversightFilters,
  type OversightFilters,
  type OversightPage,
} from '@/lib/oversight/log/schema'
import { listOversightEvents } from '@/lib/oversight/log/service'
import type { KeptFilters } from '@/lib/oversight/views/schema'
import { listViews } from '@/lib/oversight/views/service'
import { logAddress } from './log-address'
import { SavedViews } from './saved-views'

const PATH = '/oversight/log'

export const generateMetadata = titleOrMissing(OversightLogPage, async () => {
  const t = await getTranslations('oversight.log')
  return { title: t('page_title') }
})

export default orMissing(OversightLogPage)

/** Every step that was taken with the data of the network's agencies, under pseudonyms. */
async function OversightLogPage({ searchParams }: PageProps<'/oversight/log'>) {
  const actor = await requireActorWho('log:read-network')
  const query = Object.fromEntries(Object.entries(await searchParams).filter(([, value]) => value !== ''))
  const parsed = oversightFilters.safeParse(query)
  const asked = parsed.success ? parsed.data : {}
  const found = await listOversightEvents(actor, asked)
  if (!found.ok) redirect(PATH)
  const views = await listViews(actor)
  const t = await getTranslations('oversight.log')
  const href = hrefFor(asked)
  const { view, subject } = asked
  return (
    <>
      <PageHeader
        title={subject === undefined ? t('title') : t('about', { code: grouped(subject) })}
        facts={t('no_names')}
        secondary={<LinkButton href="/admin/seal">{t('seal')}</LinkButton>}
      />
      <Tabs
        label={t('views')}
        tabs={[undefined, ...OVERSIGHT_VIEWS].map((one) => ({
          label: t(`view.${one ?? 'all'}`),
          href: href({ view: one, type: undefined, cursor: undefined }),
          isCurrent: one === view,
        }))}
      />
      <p className="measure mb-4">{t(`view_hint.${view ?? 'all'}`)}</p>
      <SavedViews views={views.ok ? views.value.items : []} filters={keptOf(asked)} />
      <Filters asked={asked} page={found.value} href={href} />
      <OversightTable page={found.value} href={href} />
    </>
  )
}

type Href = (change: Readonly<Record<string, string | undefined>>) => string

type FiltersProps = { readonly asked: OversightFilters; readonly page: OversightPage; readonly href: Href }

async function Filters({ asked, page, href }: FiltersProps) {
  const t = await getTranslations('oversight.log')
  const filters = await filtersOf(asked, page)
  const { view, subject, actor } = asked
  const hidden = { view, subject, actor }
  return (
    <FilterBar
      action={PATH}
      filters={filters}
      hidden={Object.fromEntries(
        Object.entries(hidden).filter((pair): pair is [string, string] => pair[1] !== undefined),
      )}
      chips={await chipsOf(filters, asked, href)}
      clearHref={view === undefined ? PATH : `${PATH}?view=${view}`}
      count={t('count', { count: page.items.length })}
    />
  )
}

async function filtersOf(asked: OversightFilters, { types, agencies }: OversightPage): Promise<readonly Filter[]> {
  const t = await getTranslations('oversight.log')
  const translator = await getKeyTranslator()
  const { locale } = await getFormat()
  const kinds = types
    .map((type) => ({ value: type, label: typeWords(translator, type) }))
    .sort((one, other) => one.label.localeCompare(other.label, locale))
  return [
    { name: 'type', label: t('type'), value: asked.type ?? '', options: kinds },
    {
      name: 'agency',
      label: t('agency'),
      value: asked.agency ?? '',
      options: agencies.map(({ key, name }) => ({ value: key, label: name })),
    },
    { name: 'from', label: t('from'), value: asked.from ?? '', kind: 'date' },
    { name: 'to', label: t('to'), value: asked.to ?? '', kind: 'date' },
  ]
}

async function chipsOf(filters: readonly Filter[], asked: OversightFilters, href: Href) {
  const t = await getTranslations('oversight.log')
  const format = await getFormat()
  const chips = filters.flatMap((filter) => {
    if (filter.value === '') return []
    const value =
      filter.kind === 'date'
        ? format.day(filter.value)
        : (filter.options.find((option) => option.value === filter.value)?.label ?? filter.value)
    return [{ label: t('chip', { filter: filter.label, value }), href: href({ [filter.name]: undefined }) }]
  })
  for (const name of ['subject', 'actor'] as const) {
    const value = asked[name]
    if (value === undefined) continue
    chips.push({ label: t('chip', { filter: t(name), value: grouped(value) }), href: href({ [name]: undefined }) })
  }
  return chips
}

function hrefFor(asked: OversightFilters): Href {
  return (change) => {
    const { cursor, ...filters }: Readonly<Record<string, string | undefined>> = { ...keptOf(asked), ...change }
    const address = logAddress(filters)
    return cursor === undefined
      ? address
      : `${address}${address === PATH ? '?' : '&'}cursor=${encodeURIComponent(cursor)}`
  }
}

/** What of the address is filters. */
function keptOf({ view, type, subject, actor, agency, from, to }: OversightFilters): KeptFilters {
  return { view, type, subject, actor, agency, from, to }
}
