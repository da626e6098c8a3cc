import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { countedDate } from '@/components/ui/counted-date'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { PrintButton } from '@/components/ui/print-button'
import type { ReviewedMember } from '@/lib/agencies/review-schema'
import { viewAccessReview } from '@/lib/agencies/review-service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { quarterText, reviewState } from '../review-texts'

type Props = PageProps<'/admin/access-review/[reviewCode]'>

export const generateMetadata = titleOrMissing(AccessReviewPage, async ({ params }: Props) => {
  const t = await getTranslations('reviews')
  return { title: t('detail.page_title', { code: (await params).reviewCode }) }
})

export default orMissing(AccessReviewPage)

/** Everybody in a review with what they hold; when it is complete, the record of it, to print. */
async function AccessReviewPage({ params }: Props) {
  const found = await viewAccessReview(await requireActor(), { review: (await params).reviewCode })
  if (!found.ok) notFound()
  const review = found.value
  const t = await getTranslations('reviews')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  const { key, tone } = reviewState(review)
  return (
    <>
      <PageHeader
        title={t('detail.title', { quarter: await quarterText(review) })}
        crumbs={[{ label: t('list.title'), href: '/admin/access-review' }]}
        pills={<Pill tone={tone}>{t(`state.${key}`)}</Pill>}
        facts={
          <>
            <bdi>{review.agencyName}</bdi>,{' '}
            {review.completedAt === null
              ? t('detail.due', { due: await countedDate(review.dueAt, review.calendarVersion) })
              : t('detail.completed', { at: format.moment(review.completedAt) })}
          </>
        }
        secondary={<PrintButton label={t('detail.print')} />}
      />
      <DataTable
        caption={t('detail.caption', { count: review.members.length })}
        rows={review.members}
        rowKey={({ member }) => member}
        columns={[
          { key: 'name', head: t('column.name'), cell: ({ name }) => <bdi>{name}</bdi> },
          {
            key: 'roles',
            head: t('column.roles'),
            cell: ({ roles }) => format.list(roles.map((role) => text(`agencies.role.${role}`))),
          },
          { key: 'unit', head: t('column.unit'), cell: ({ unit }) => <bdi>{unit ?? t('no_unit')}</bdi> },
          {
            key: 'signed_in',
            head: t('column.signed_in'),
            cell: ({ signedInAt }) => (signedInAt === null ? t('never') : format.moment(signedInAt)),
          },
          { key: 'tokens', head: t('column.tokens'), align: 'end', cell: ({ tokens }) => format.number(tokens) },
          { key: 'covers', head: t('column.covers'), align: 'end', cell: ({ covers }) => format.number(covers) },
          { key: 'decision', head: t('column.decision'), cell: (member) => decisionOf(member) },
        ]}
        empty={<EmptyState title={t('detail.nobody')} />}
      />
    </>
  )

  function decisionOf({ member, name, decision, decidedAt, decidedBy, mayDecide }: ReviewedMember) {
    if (decision !== null && decidedAt !== null)
      return t('decision.by', {
        decision: t(`decision.${decision}`),
        who: decidedBy ?? '',
        at: format.moment(decidedAt),
      })
    if (!mayDecide) return <span className="text-ink-2">{t('detail.other')}</span>
    return (
      <AppLink href={`/admin/access-review/${review.code}/${member}`} className="text-action-ink underline">
        {t('detail.review', { name })}
      </AppLink>
    )
  }
}
