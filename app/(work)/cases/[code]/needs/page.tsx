import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { requireActor } from '@/lib/auth/require-actor'
import { viewCaseFrame } from '@/lib/cases/overview-service'
import { parseCode } from '@/lib/platform/ids'
import { NeedList } from '../../../needs/need-list'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'

export const generateMetadata = titleOrMissing(CaseNeedsPage, async ({ params }: PageProps<'/cases/[code]/needs'>) => {
  const t = await getTranslations('assistance.need.list')
  const code = parseCode((await params).code, 'CAS')
  return code === null ? {} : { title: t('case_page_title', { code }) }
})

export default orMissing(CaseNeedsPage)

/** The needs of a case, the earliest limit first. */
async function CaseNeedsPage({ params, searchParams }: PageProps<'/cases/[code]/needs'>) {
  const actor = await requireActor()
  const found = await viewCaseFrame(actor, { case: (await params).code })
  if (!found.ok) notFound()
  const { code, may } = found.value.case
  const t = await getTranslations('assistance.need.new')
  const path = `/cases/${code}/needs`
  const act = may.change ? (
    <LinkButton href={`${path}/new`} tone="primary" icon="plus">
      {t('title')}
    </LinkButton>
  ) : undefined
  return (
    <CaseFrame view={found.value} current="needs" reveal={revealIdentityAction} primary={act}>
      <NeedList actor={actor} path={path} params={await searchParams} caseCode={code} act={act} />
    </CaseFrame>
  )
}
