import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { AgreementPill } from '@/components/agreements/agreement-state'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { FilterBar } from '@/components/ui/filter-bar'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { holds } from '@/lib/access/permissions'
import { AGREEMENT_STATES, listAgreementsInput, type AgreementView } from '@/lib/agencies/agreements/schema'
import { listAgreements } from '@/lib/agencies/agreements/service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'

const PATH = '/agreements'

export const generateMetadata = titleOrMissing(AgreementsPage, async () => {
  const t = await getTranslations('agreements')
  return { title: t('page_title') }
})

export default orMissing(AgreementsPage)

/** What the agency agreed on with others; for coordinator and auditor, what all of the network did. */
async function AgreementsPage({ searchParams }: PageProps<'/agreements'>) {
  const actor = await requireActorWho('agreement:read')
  const asked = listAgreementsInput.safeParse(await searchParams)
  const { state, cursor } = asked.success ? asked.data : {}
  const found = await listAgreements(actor, { state, cursor })
  if (!found.ok) redirect(PATH)
  const { items, nextCursor } = found.value
  const t = await getTranslations('agreements')
  const later = new URLSearchParams({ ...(state === undefined ? {} : { state }), cursor: nextCursor ?? '' })
  return (
    <>
      <PageHeader
        title={t('title')}
        primary={
          holds(actor, 'agreement:sign') ? (
            <LinkButton href="/agreements/new" tone="primary" icon="plus">
              {t('propose')}
            </LinkButton>
          ) : undefined
        }
      />
      <p className="measure mb-4">{t(holds(actor, 'agreement:sign') ? 'intro_signer' : 'intro')}</p>
      <FilterBar
        action={PATH}
        filters={[
          {
            name: 'state',
            label: t('state_label'),
            value: state ?? '',
            options: AGREEMENT_STATES.map((value) => ({ value, label: t(`state.${value}`) })),
          },
        ]}
        chips={state === undefined ? [] : [{ label: t(`state.${state}`), href: PATH }]}
        clearHref={PATH}
        count={t('caption', { count: items.length })}
      />
      <DataTable
        caption={t('caption', { count: items.length })}
        isCaptionHidden
        columns={await columns()}
        rows={items}
        rowKey={({ code }) => code}
        rowTone={({ may }) => (may.sign ? 'warn' : undefined)}
        pages={{
          earlier: cursor === undefined ? undefined : PATH,
          later: nextCursor === null ? undefined : `${PATH}?${later.toString()}`,
        }}
        empty={<EmptyState title={t('empty')}>{t('empty_help')}</EmptyState>}
      />
    </>
  )
}

async function columns(): Promise<readonly Column<AgreementView>[]> {
  const t = await getTranslations('agreements')
  const categories = await getTranslations('mandate.categories')
  const format = await getFormat()
  return [
    {
      key: 'agreement',
      head: t('agreement'),
      cell: ({ code, document }) => (
        <>
          <AppLink href={`/agreements/${code}`} className="font-semibold text-action-ink underline">
            <bdi>{document}</bdi>
          </AppLink>
          <span className="block text-note text-ink-2">
            <Code code={code} />
          </span>
        </>
      ),
    },
    { key: 'parties', head: t('parties'), cell: ({ parties }) => format.list(parties.map(({ name }) => name)) },
    {
      key: 'categories',
      head: t('categories'),
      cell: ({ categories: covered }) =>
        covered.length === 6 ? t('all_categories') : format.list(covered.map((key) => categories(key))),
    },
    { key: 'ends', head: t('until'), cell: ({ endsOn }) => format.day(endsOn) },
    {
      key: 'state',
      head: t('state_label'),
      showHeadOnCard: false,
      cell: ({ state, own }) => <AgreementPill state={state} own={own} />,
    },
  ]
}
