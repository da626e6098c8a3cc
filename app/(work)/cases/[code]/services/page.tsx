import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { requireActor } from '@/lib/auth/require-actor'
import { viewCaseFrame } from '@/lib/cases/overview-service'
import { parseCode } from '@/lib/platform/ids'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { ServiceList } from '../../../services/service-list'

export const generateMetadata = titleOrMissing(
  CaseServicesPage,
  async ({ params }: PageProps<'/cases/[code]/services'>) => {
    const t = await getTranslations('assistance.service.list')
    const code = parseCode((await params).code, 'CAS')
    return code === null ? {} : { title: t('case_page_title', { code }) }
  },
)

export default orMissing(CaseServicesPage)

/** The services of a case, with those of other agencies as coded lines. */
async function CaseServicesPage({ params, searchParams }: PageProps<'/cases/[code]/services'>) {
  const actor = await requireActor()
  const found = await viewCaseFrame(actor, { case: (await params).code })
  if (!found.ok) notFound()
  const { code, may } = found.value.case
  const t = await getTranslations('assistance.service')
  const path = `/cases/${code}/services`
  const act = may.change ? (
    <LinkButton href={`${path}/new`} tone="primary" icon="plus">
      {t('new.title')}
    </LinkButton>
  ) : undefined
  return (
    <CaseFrame view={found.value} current="services" reveal={revealIdentityAction}>
      <ServiceList actor={actor} path={path} params={await searchParams} caseCode={code} act={act} />
    </CaseFrame>
  )
}
