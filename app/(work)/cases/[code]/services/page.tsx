import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { viewCaseServices } from '@/lib/assistance/case-pages-service'
import { requireActor } from '@/lib/auth/require-actor'
import { parseCode } from '@/lib/platform/ids'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { askedServices, ServiceList } from '../../../services/service-list'

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
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const path = `/cases/${code}/services`
  const asked = askedServices(await searchParams)
  if (asked === null) redirect(path)
  const found = await viewCaseServices(actor, { ...asked.input, case: code })
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(asked.asked.cursor === undefined ? '/cases' : path)
  }
  const { frame, list } = found.value
  const { may } = frame.case
  const t = await getTranslations('assistance.service')
  const act = may.change ? (
    <LinkButton href={`${path}/new`} tone="primary" icon="plus">
      {t('new.title')}
    </LinkButton>
  ) : undefined
  return (
    <CaseFrame view={frame} current="services" reveal={revealIdentityAction}>
      <ServiceList {...asked} page={list} path={path} agency={actor.agencyKey} act={act} />
    </CaseFrame>
  )
}
