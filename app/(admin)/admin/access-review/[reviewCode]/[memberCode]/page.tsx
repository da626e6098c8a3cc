import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { CheckBox } from '@/components/ui/text-input'
import { viewAccessReview } from '@/lib/agencies/review-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { keepAccessAction } from '../../actions'
import { quarterText } from '../../review-texts'

type Props = PageProps<'/admin/access-review/[reviewCode]/[memberCode]'>

export const generateMetadata = titleOrMissing(ReviewMemberPage, async ({ params }: Props) => {
  const t = await getTranslations('reviews')
  return { title: t('member.page_title', { code: (await params).memberCode }) }
})

export default orMissing(ReviewMemberPage)

/** One member of a review: what they hold, and whether they still need it. */
async function ReviewMemberPage({ params }: Props) {
  const { reviewCode, memberCode } = await params
  const found = await viewAccessReview(await requireActor(), { review: reviewCode })
  const member = found.ok ? found.value.members.find((one) => one.member === memberCode) : undefined
  if (!found.ok || member?.mayDecide !== true) notFound()
  const review = found.value
  const t = await getTranslations('reviews')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  const path = `/admin/access-review/${review.code}`
  return (
    <>
      <PageHeader
        title={t('member.title', { name: member.name })}
        crumbs={[
          { label: t('list.title'), href: '/admin/access-review' },
          { label: await quarterText(review), href: path },
        ]}
      />
      <div className="mb-8">
        <Facts
          facts={[
            { label: t('column.roles'), value: format.list(member.roles.map((role) => text(`agencies.role.${role}`))) },
            { label: t('column.unit'), value: <bdi>{member.unit ?? t('no_unit')}</bdi> },
            { label: t('column.since'), value: format.moment(member.since) },
            {
              label: t('column.signed_in'),
              value: member.signedInAt === null ? t('never') : format.moment(member.signedInAt),
            },
            { label: t('column.tokens'), value: format.number(member.tokens) },
            { label: t('column.covers'), value: format.number(member.covers) },
          ]}
        />
      </div>
      <Section title={t('member.keep_title')}>
        <ActionForm
          action={keepAccessAction}
          initial={await initialForm({}, `${path}/${member.member}`)}
          submit={t('member.keep')}
          cancel={{ href: path }}
          hidden={{ review: review.code, member: member.member }}
          label={t('member.keep_title')}
        >
          {member.tokens > 0 ? <CheckBox name="endTokens" label={t('member.end_tokens')} /> : null}
        </ActionForm>
      </Section>
      <Section title={t('member.otherwise')}>
        {review.isOwn ? (
          <>
            <p className="measure mb-4">{t('member.otherwise_explain')}</p>
            <div className="flex flex-wrap gap-3">
              <LinkButton href={`/admin/members/${member.member}`}>{t('member.change')}</LinkButton>
              <LinkButton href={`/admin/members/${member.member}/remove`}>{t('member.remove')}</LinkButton>
            </div>
          </>
        ) : (
          <p className="measure">{t('member.elsewhere')}</p>
        )}
      </Section>
    </>
  )
}
