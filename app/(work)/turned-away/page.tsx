import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { seenWords, TurnedAwayVoided } from '@/components/turned-away/turned-away-words'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { FilterBar } from '@/components/ui/filter-bar'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import {
  listTurnedAwayInput,
  TURNED_AWAY_REASONS,
  type ListTurnedAwayInput,
  type TurnedAwayCount,
  type TurnedAwayPage,
  type TurnedAwayReason,
  type TurnedAwayView,
} from '@/lib/assistance/turned-away/schema'
import { listTurnedAway } from '@/lib/assistance/turned-away/service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

const PATH = '/turned-away'

export const generateMetadata = titleOrMissing(TurnedAwayListPage, async () => {
  const t = await getTranslations('turned_away')
  return { title: t('page_title') }
})

export default orMissing(TurnedAwayListPage)

/** Who was turned away: for a supervisor by the whole agency, with what it comes to; for others what they recorded. */
async function TurnedAwayListPage({ searchParams }: PageProps<'/turned-away'>) {
  const actor = await requireActorWho('turned-away:record')
  const query = Object.fromEntries(Object.entries(await searchParams).filter(([, value]) => value !== ''))
  const parsed = listTurnedAwayInput.safeParse(query)
  const asked = parsed.success ? parsed.data : listTurnedAwayInput.parse({})
  const found = await listTurnedAway(actor, asked)
  if (!found.ok) redirect(PATH)
  const { items, nextCursor, previousCursor, year } = found.value
  const t = await getTranslations('turned_away')
  const href = (change: Partial<Record<'reason' | 'category' | 'cursor', string | undefined>>) =>
    addressOf({ reason: asked.reason, category: asked.category, ...change })
  return (
    <>
      <PageHeader
        title={t('title')}
        facts={t(year === null ? 'intro_own' : 'intro')}
        primary={
          <LinkButton href="/turned-away/new" tone="primary" icon="plus">
            {t('new.short')}
          </LinkButton>
        }
        secondary={<LinkButton href="/turned-away/blank">{t('blank.link')}</LinkButton>}
      />
      {year === null || year.total === 0 ? null : <Year year={year} />}
      <Filters asked={asked} href={href} count={items.length} />
      <DataTable
        caption={t('caption', { count: items.length })}
        isCaptionHidden
        columns={await columns()}
        rows={items}
        rowKey={({ code }) => code}
        pages={{
          earlier: previousCursor === null ? undefined : href({ cursor: previousCursor }),
          later: nextCursor === null ? undefined : href({ cursor: nextCursor }),
        }}
        empty={<EmptyState title={t('empty')}>{t('empty_help')}</EmptyState>}
      />
    </>
  )
}

async function Year({ year }: { readonly year: NonNullable<TurnedAwayPage['year']> }) {
  const t = await getTranslations('turned_away')
  const categories = await getTranslations('mandate.categories')
  return (
    <Section title={t('year.title', { count: year.total })}>
      <div className="grid gap-x-8 gap-y-6 md:grid-cols-2">
        <Counts
          head={t('reason_short')}
          counts={year.byReason}
          nameOf={(key) => t(`reason.${key as TurnedAwayReason}`)}
        />
        <Counts head={t('category_short')} counts={year.byCategory} nameOf={(key) => categories(key as CategoryKey)} />
      </div>
    </Section>
  )
}

type CountsProps = {
  readonly head: string
  readonly counts: readonly TurnedAwayCount[]
  readonly nameOf: (key: string) => string
}

async function Counts({ head, counts, nameOf }: CountsProps) {
  const t = await getTranslations('turned_away.year')
  const format = await getFormat()
  return (
    <DataTable<TurnedAwayCount>
      caption={t('what', { by: head })}
      columns={[
        { key: 'answer', head, cell: ({ key }) => nameOf(key), showHeadOnCard: false },
        { key: 'people', head: t('people'), cell: ({ n }) => format.number(n), align: 'end' },
      ]}
      rows={counts}
      rowKey={({ key }) => key}
      empty={null}
    />
  )
}

type FiltersProps = {
  readonly asked: ListTurnedAwayInput
  readonly href: (change: Partial<Record<'reason' | 'category', undefined>>) => string
  readonly count: number
}

async function Filters({ asked, href, count }: FiltersProps) {
  const t = await getTranslations('turned_away')
  const categories = await getTranslations('mandate.categories')
  const { reason, category } = asked
  return (
    <FilterBar
      action={PATH}
      filters={[
        {
          name: 'reason',
          label: t('reason_short'),
          value: reason ?? '',
          options: TURNED_AWAY_REASONS.map((value) => ({ value, label: t(`reason.${value}`) })),
        },
        {
          name: 'category',
          label: t('category_short'),
          value: category ?? '',
          options: CATEGORY_KEYS.map((value) => ({ value, label: categories(value) })),
        },
      ]}
      chips={[
        ...(reason === undefined ? [] : [{ label: t(`reason.${reason}`), href: href({ reason: undefined }) }]),
        ...(category === undefined ? [] : [{ label: categories(category), href: href({ category: undefined }) }]),
      ]}
      clearHref={PATH}
      count={t('caption', { count })}
    />
  )
}

async function columns(): Promise<readonly Column<TurnedAwayView>[]> {
  const t = await getTranslations('turned_away')
  const categories = await getTranslations('mandate.categories')
  const format = await getFormat()
  const seen = await seenWords()
  return [
    {
      key: 'day',
      head: t('asked_on'),
      cell: ({ code, askedOn, voidReason }) => (
        <>
          <AppLink href={`${PATH}/${code}`} className="font-semibold text-action-ink underline">
            {format.day(askedOn)}
          </AppLink>
          <span className="block text-note text-ink-2">
            <Code code={code} /> {voidReason === null ? null : <TurnedAwayVoided />}
          </span>
        </>
      ),
    },
    { key: 'reason', head: t('reason_short'), cell: ({ reason }) => t(`reason.${reason}`) },
    { key: 'category', head: t('category_short'), cell: ({ category }) => categories(category) },
    {
      key: 'seen',
      head: t('seen_short'),
      cell: (row) => format.list(seen(row).map(({ value }) => value)) || t('nothing_seen'),
    },
    {
      key: 'sent',
      head: t('sent_to_short'),
      cell: ({ sentTo, sentAgencyName }) => sentAgencyName ?? t(`sent_to.${sentTo}`),
    },
  ]
}

function addressOf(query: Readonly<Record<string, string | undefined>>): string {
  const parts = new URLSearchParams(
    Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString()
  return parts === '' ? PATH : `${PATH}?${parts}`
}
