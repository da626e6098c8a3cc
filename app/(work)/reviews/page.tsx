import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ReviewTable } from '@/components/cases/review-table'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { listEmergencyReviews } from '@/lib/cases/emergency/service'

export const generateMetadata = titleOrMissing(ReviewsPage, async () => {
  const t = await getTranslations('emergency')
  return { title: t('reviews_title') }
})

export default orMissing(ReviewsPage)

/** What waits for a second person: emergency accesses, the late ones first. */
async function ReviewsPage() {
  const found = await listEmergencyReviews(await requireActorWho('emergency:review'))
  if (!found.ok) notFound()
  const t = await getTranslations('emergency.reviews')
  return (
    <>
      <PageHeader title={t('title')} facts={<span className="measure">{t('intro')}</span>} />
      <ReviewTable accesses={found.value} />
    </>
  )
}
