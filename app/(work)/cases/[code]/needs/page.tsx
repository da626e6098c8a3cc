import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { viewCaseNeeds } from '@/lib/assistance/case-pages-service'
import { requireActor } from '@/lib/auth/require-actor'
import { parseCode } from '@/lib/platform/ids'
import { askedNeeds } from '../../../needs/asked-needs'
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
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const path = `/cases/${code}/needs`
  const asked = askedNeeds(await searchParams)
  if (asked === null) redirect(path)
  const found = await viewCaseNeeds(actor, { ...asked.input, case: code })
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(asked.asked.cursor === undefined ? '/cases' : path)
  }
  const { frame, list } = found.value
  const { may } = frame.case
  const t = await getTranslations('assistance.need.new')
  const act = may.change ? (
    <LinkButton href={`${path}/new`} tone="primary" icon="plus">
      {t('title')}
    </LinkButton>
  ) : undefined
  return (
    <CaseFrame view={frame} current="needs" reveal={revealIdentityAction} primary={act}>
      <NeedList {...asked} page={list} path={path} act={act} />
    </CaseFrame>
  )
}
