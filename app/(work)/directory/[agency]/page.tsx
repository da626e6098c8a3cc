import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ListedServices } from '@/components/directory/listed-services'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { viewAgency } from '@/lib/agencies/directory-service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { searchDirectoryInput } from '@/lib/directory/schema'
import { searchDirectory, viewFacets } from '@/lib/directory/service'
import { pick } from '../../services/address'

type Props = PageProps<'/directory/[agency]'>

export const generateMetadata = titleOrMissing(AgencyEntryPage, async ({ params }: Props) => {
  const t = await getTranslations('directory')
  return { title: t('agency_title', { agency: (await params).agency }) }
})

export default orMissing(AgencyEntryPage)

/** All that one agency offers. */
async function AgencyEntryPage({ params, searchParams }: Props) {
  const { agency: key } = await params
  const actor = await requireActorWho('directory:read')
  const agency = await viewAgency(actor, key)
  if (!agency.ok) notFound()
  const { cursor } = pick(await searchParams, ['cursor'])
  const asked = searchDirectoryInput.safeParse({ agency: key, all: 'yes', cursor })
  if (!asked.success) notFound()
  const found = await searchDirectory(actor, asked.data)
  const facets = await viewFacets(actor)
  if (!found.ok || !facets.ok) notFound()
  const t = await getTranslations('directory')
  const kinds = await getTranslations('agencies.kind')
  const { items, nextCursor } = found.value
  const path = `/directory/${key}`
  return (
    <>
      <PageHeader
        title={<bdi>{agency.value.name}</bdi>}
        crumbs={[{ label: t('title'), href: '/directory' }]}
        facts={kinds(agency.value.kind as 'ngo')}
      />
      <ListedServices
        caption={t('caption', { count: items.length })}
        services={items}
        areas={facets.value.areas}
        pages={{
          earlier: cursor === undefined ? undefined : path,
          later: nextCursor === null ? undefined : `${path}?cursor=${nextCursor}`,
        }}
        empty={<EmptyState title={t('agency_none')}>{t('agency_none_help')}</EmptyState>}
      />
    </>
  )
}
