import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseTable } from '@/components/cases/case-table'
import { CaseFilterBar } from '@/components/cases/case-filter-bar'
import { NamesBand } from '@/components/cases/names-band'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Tabs } from '@/components/ui/tabs'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { LIST_TABS, listCasesInput, type CaseListView, type ListCasesInput } from '@/lib/cases/schema'
import { listCases } from '@/lib/cases/list-service'
import { caseListHref, type CaseListAddress } from '@/components/cases/case-list-href'
import { revealNamesAction } from './actions'

export const generateMetadata = titleOrMissing(CasesPage, async () => {
  const t = await getTranslations('cases')
  return { title: t('page_title') }
})

export default orMissing(CasesPage)

/** Find mine: the member's own cases by what is due next, and the outlines of the agency's. */
async function CasesPage({ searchParams }: PageProps<'/cases'>) {
  const actor = await requireActorWho('case:read')
  const address = await addressOf(searchParams)
  const found = await listCases(actor, { ...address, status: address.status === 'any' ? undefined : address.status })
  if (!found.ok) redirect(found.refusal === 'invalid' ? caseListHref({ ...address, cursor: undefined }) : '/more')
  const t = await getTranslations('cases')
  const view = found.value
  return (
    <>
      <PageHeader
        title={t('title')}
        facts={<AppLink href="/persons/find">{t('find')}</AppLink>}
        primary={
          <LinkButton href="/persons/find" tone="primary" icon="plus">
            {t('register')}
          </LinkButton>
        }
      />
      <Tabs
        label={t('list.tabs')}
        tabs={LIST_TABS.map((tab) => ({
          label: t(`list.${tab}`),
          href: caseListHref({ ...address, tab, worker: undefined, unit: undefined, cursor: undefined }),
          isCurrent: tab === address.tab,
        }))}
      />
      <CaseFilterBar address={address} view={view} />
      {address.tab === 'agency' ? <p className="mb-3 text-note text-ink-2">{t('list.skeleton_note')}</p> : null}
      <NamesBand
        action={revealNamesAction}
        persons={view.items.filter(({ about }) => about !== null).map(({ person }) => person)}
      />
      <List view={view} address={address} />
    </>
  )
}

async function List({ view, address }: { readonly view: CaseListView; readonly address: CaseListAddress }) {
  const t = await getTranslations('cases')
  const format = await getFormat()
  const isFiltered = [address.risk, address.need, address.worker, address.unit].some((filter) => filter !== undefined)
  const page = (cursor: string | null) => (cursor === null ? undefined : caseListHref({ ...address, cursor }))
  const empty = isFiltered ? (
    <EmptyState title={t('list.empty_filter')}>{t('list.empty_filter_help')}</EmptyState>
  ) : address.tab === 'mine' ? (
    <EmptyState
      title={t('list.empty_mine')}
      act={
        <LinkButton href="/persons/find" tone="primary" icon="search">
          {t('register')}
        </LinkButton>
      }
    >
      {t('list.empty_mine_help')}
    </EmptyState>
  ) : (
    <EmptyState title={t('list.empty_agency')} />
  )
  return (
    <CaseTable
      tab={address.tab}
      rows={view.items}
      caption={t('title')}
      isCaptionHidden
      pages={{
        earlier: page(view.earlierCursor),
        later: page(view.nextCursor),
        note: t('list.per_page', { count: format.number(50) }),
      }}
      empty={empty}
    />
  )
}

/** Coded values only; what isn't ours is left out. Without a status the open ones are shown; the filter's "any" sends an empty one. */
async function addressOf(searchParams: PageProps<'/cases'>['searchParams']): Promise<CaseListAddress> {
  const params = await searchParams
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''))
  const { status, ...rest } = given
  const any = status === 'any' || params['status'] === ''
  const asked = listCasesInput.safeParse(any || status === undefined ? rest : given)
  const input: ListCasesInput = asked.success ? asked.data : {}
  return { ...input, tab: input.tab ?? 'mine', status: any ? 'any' : (input.status ?? 'open') }
}
