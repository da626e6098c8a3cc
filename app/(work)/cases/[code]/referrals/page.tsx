import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ReferralTable } from '@/components/referrals/referral-table'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { requireActor } from '@/lib/auth/require-actor'
import { parseCode } from '@/lib/platform/ids'
import { viewCaseReferrals } from '@/lib/referrals/prepare-service'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'

type Props = PageProps<'/cases/[code]/referrals'>

export const generateMetadata = titleOrMissing(CaseReferralsPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.case')
  const code = parseCode((await params).code, 'CAS')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(CaseReferralsPage)

/** To whom a case was referred, and what became of it. */
async function CaseReferralsPage({ params }: Props) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const found = await viewCaseReferrals(await requireActor(), { case: code })
  if (!found.ok) notFound()
  const { frame, items } = found.value
  const t = await getTranslations('referrals.case')
  const act = frame.case.may.change ? (
    <LinkButton href={`/cases/${code}/referrals/new`} tone="primary" icon="send">
      {t('refer')}
    </LinkButton>
  ) : undefined
  return (
    <CaseFrame
      view={frame}
      current="referrals"
      reveal={revealIdentityAction}
      {...(act === undefined ? {} : { primary: act })}
    >
      <ReferralTable
        caption={t('caption', { count: items.length })}
        rows={items}
        empty={
          <EmptyState title={t('empty')} act={act}>
            {t('empty_help')}
          </EmptyState>
        }
      />
    </CaseFrame>
  )
}
