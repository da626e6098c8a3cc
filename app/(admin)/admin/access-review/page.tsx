import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { listAccessReviews } from '@/lib/agencies/review-service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { quarterText, reviewState } from './review-texts'

export const generateMetadata = titleOrMissing(AccessReviewsPage, async () => {
  const t = await getTranslations('reviews')
  return { title: t('list.page_title') }
})

export default orMissing(AccessReviewsPage)

async function AccessReviewsPage() {
  const found = await listAccessReviews(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('reviews')
  const format = await getFormat()
  const reviews = await Promise.all(found.value.map(async (review) => ({ ...review, name: await quarterText(review) })))
  return (
    <>
      <PageHeader title={t('list.title')} />
      <p className="measure mb-6">{t('list.explain')}</p>
      <DataTable
        caption={t('list.caption', { count: reviews.length })}
        rows={reviews}
        rowKey={({ code }) => code}
        rowTone={(review) => (review.isLate ? 'stop' : undefined)}
        columns={[
          {
            key: 'quarter',
            head: t('list.quarter'),
            cell: ({ code, name }) => (
              <AppLink href={`/admin/access-review/${code}`} className="font-semibold text-action-ink underline">
                {name}
              </AppLink>
            ),
          },
          { key: 'agency', head: t('list.agency'), cell: ({ agencyName }) => <bdi>{agencyName}</bdi> },
          { key: 'due', head: t('list.due'), cell: ({ dueAt }) => format.moment(dueAt) },
          {
            key: 'progress',
            head: t('list.progress'),
            cell: ({ decided, undecided }) =>
              t('progress', { decided: format.number(decided), all: format.number(decided + undecided) }),
          },
          {
            key: 'state',
            head: t('list.state'),
            showHeadOnCard: false,
            cell: (review) => {
              const { key, tone } = reviewState(review)
              return <Pill tone={tone}>{t(`state.${key}`)}</Pill>
            },
          },
        ]}
        empty={<EmptyState title={t('list.empty')} />}
      />
    </>
  )
}
