import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { ListedServices } from '@/components/directory/listed-services'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { findHelpForNeed, type HelpPage } from '@/lib/assistance/needs/help-service'
import { requireActorWho } from '@/lib/auth/require-actor'
import type { ListedServicePage } from '@/lib/directory/schema'
import { searchDirectory, viewFacets } from '@/lib/directory/service'
import { addressOf } from '../services/address'
import { askedServices, type AskedServices } from './asked-services'
import { ServiceFilters } from './service-filters'

const PATH = '/directory'

type Props = PageProps<'/directory'>

export const generateMetadata = titleOrMissing(DirectoryPage, async ({ searchParams }: Props) => {
  const t = await getTranslations('directory')
  return { title: t((await searchParams)['need'] === undefined ? 'page_title' : 'need_page_title') }
})

export default orMissing(DirectoryPage)

/** What agencies of the network offer, the best fit first; for a need, or for what the filters say. */
async function DirectoryPage({ searchParams }: Props) {
  const actor = await requireActorWho('directory:read')
  const asked = askedServices(await searchParams)
  if (asked === null) redirect(PATH)
  const facets = await viewFacets(actor)
  const found = await pageFor(actor, asked)
  if (!found.ok && asked.need !== null && found.refusal === 'not_found') notFound()
  if (!found.ok || !facets.ok) redirect(addressOf(PATH, { need: asked.need ?? undefined }))
  const t = await getTranslations('directory')
  const { items, nextCursor } = found.value
  const here = { ...asked.filters, need: asked.need ?? undefined }
  const caption = t('caption', { count: items.length })
  return (
    <>
      <Header actor={actor} page={found.value} />
      <ServiceFilters path={PATH} asked={asked} facets={facets.value} count={caption} />
      <ListedServices
        caption={caption}
        services={items}
        areas={facets.value.areas}
        pages={{
          earlier: asked.cursor === undefined ? undefined : addressOf(PATH, here),
          later: nextCursor === null ? undefined : addressOf(PATH, { ...here, cursor: nextCursor }),
        }}
        empty={<EmptyState title={t('empty')}>{t('empty_help')}</EmptyState>}
      />
    </>
  )
}

function pageFor(actor: Actor, asked: AskedServices) {
  return asked.need === null ? searchDirectory(actor, asked.input) : findHelpForNeed(actor, asked.input)
}

async function Header({ actor, page }: { readonly actor: Actor; readonly page: ListedServicePage | HelpPage }) {
  const t = await getTranslations('directory')
  const urgencies = await getTranslations('ui.urgency')
  const name = await typeNames()
  if (!('need' in page)) {
    return (
      <>
        <PageHeader
          title={t('title')}
          {...(holds(actor, 'room:update')
            ? { secondary: <LinkButton href={`${PATH}/own`}>{t('keep')}</LinkButton> }
            : {})}
        />
        <p className="measure mb-4">{t('intro')}</p>
      </>
    )
  }
  const { need } = page
  return (
    <>
      <PageHeader
        title={t('need_title')}
        crumbs={[{ label: t('title'), href: PATH }]}
        facts={
          <RecordLink href={`/cases/${need.case}/needs/${need.code}`}>
            {t('need_facts', { what: name(need.category, need.type), urgency: urgencies(need.urgency) })}
          </RecordLink>
        }
      />
      <p className="measure mb-4">{t('need_known')}</p>
    </>
  )
}
