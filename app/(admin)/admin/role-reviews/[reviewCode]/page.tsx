import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { countedDate } from '@/components/ui/counted-date'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { RadioRows } from '@/components/ui/choices'
import { ROLE_VERDICTS } from '@/lib/agencies/role-review-schema'
import { viewRoleReview } from '@/lib/agencies/role-review-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { reviewRolesAction } from '../actions'
import { rolesText, roleReviewState } from '../role-review-texts'

type Props = PageProps<'/admin/role-reviews/[reviewCode]'>

export const generateMetadata = titleOrMissing(RoleReviewPage, async ({ params }: Props) => {
  const t = await getTranslations('reviews.roles')
  return { title: t('detail_title', { code: (await params).reviewCode }) }
})

export default orMissing(RoleReviewPage)

/** One change of roles: who made it, of whom, from what to what; and for a second person, whether it should be. */
async function RoleReviewPage({ params }: Props) {
  const found = await viewRoleReview(await requireActor(), { review: (await params).reviewCode })
  if (!found.ok) notFound()
  const review = found.value
  const t = await getTranslations('reviews.roles')
  const format = await getFormat()
  const roles = await rolesText()
  const { key, tone } = roleReviewState(review)
  return (
    <>
      <PageHeader
        title={t('detail_heading')}
        crumbs={[{ label: t('title'), href: '/admin/role-reviews' }]}
        pills={<Pill tone={tone}>{t(`states.${key}`)}</Pill>}
        facts={<Code code={review.code} />}
      />
      <div className="mb-8">
        <Facts
          facts={[
            { label: t('member'), value: <bdi>{review.name}</bdi> },
            { label: t('agency'), value: <bdi>{review.agencyName}</bdi> },
            { label: t('before'), value: roles(review.rolesBefore) },
            { label: t('after'), value: roles(review.rolesAfter) },
            { label: t('changed_by'), value: <bdi>{review.changedBy}</bdi> },
            { label: t('changed_at'), value: format.moment(review.changedAt) },
            { label: t('due'), value: await countedDate(review.dueAt, review.calendarVersion) },
            ...(review.reviewedAt === null
              ? []
              : [
                  { label: t('reviewed_by'), value: <bdi>{review.reviewedBy}</bdi> },
                  { label: t('reviewed_at'), value: format.moment(review.reviewedAt) },
                ]),
          ]}
        />
      </div>
      {review.mayDecide ? (
        <Section title={t('question')}>
          <ActionForm
            action={reviewRolesAction}
            initial={await initialForm({}, `/admin/role-reviews/${review.code}`)}
            submit={t('save')}
            cancel={{ href: '/admin/role-reviews' }}
            hidden={{ review: review.code }}
            label={t('question')}
          >
            <RadioRows
              name="verdict"
              label={t('question')}
              choices={ROLE_VERDICTS.map((verdict) => ({
                value: verdict,
                label: t(`verdict.${verdict}`),
                hint: t(`verdict_does.${verdict}`),
              }))}
            />
          </ActionForm>
        </Section>
      ) : review.verdict === null ? (
        <p className="measure">{t('waits_for')}</p>
      ) : null}
    </>
  )
}
