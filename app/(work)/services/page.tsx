import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { ServiceList } from './service-list'

export const generateMetadata = titleOrMissing(ServicesPage, async () => {
  const t = await getTranslations('assistance.service.list')
  return { title: t('page_title') }
})

export default orMissing(ServicesPage)

/** All services of the agency that the member may know of. */
async function ServicesPage({ searchParams }: PageProps<'/services'>) {
  const t = await getTranslations('assistance.service')
  const actor = await requireActorWho('service:read')
  const act = (
    <LinkButton href="/services/new" tone="primary" icon="plus">
      {t('new.title')}
    </LinkButton>
  )
  return (
    <>
      <PageHeader
        title={t('list.title')}
        primary={act}
        secondary={<LinkButton href="/services/several">{t('new.several')}</LinkButton>}
      />
      <ServiceList actor={actor} path="/services" params={await searchParams} act={act} />
    </>
  )
}
