import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { listServices } from '@/lib/assistance/services/service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { askedServices, ServiceList } from './service-list'

export const generateMetadata = titleOrMissing(ServicesPage, async () => {
  const t = await getTranslations('assistance.service.list')
  return { title: t('page_title') }
})

export default orMissing(ServicesPage)

/** All services of the agency that the member may know of. */
async function ServicesPage({ searchParams }: PageProps<'/services'>) {
  const t = await getTranslations('assistance.service')
  const actor = await requireActorWho('service:read')
  const asked = askedServices(await searchParams)
  if (asked === null) redirect('/services')
  const found = await listServices(actor, asked.input)
  // A cursor that is none of ours starts afresh; whoever may see no service at all is not sent round in a circle.
  if (!found.ok) redirect(asked.asked.cursor === undefined ? '/more' : '/services')
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
      <ServiceList {...asked} page={found.value} path="/services" agency={actor.agencyKey} withPerson act={act} />
    </>
  )
}
