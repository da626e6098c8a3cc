import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { listRoleReviews } from '@/lib/agencies/role-review-service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { rolesText, roleReviewState } from './role-review-texts'

export const generateMetadata = titleOrMissing(RoleReviewsPage, async () => {
  const t = await getTranslations('reviews.roles')
  return { title: t('page_title') }
})

export default orMissing(RoleReviewsPage)

/** Changes of roles that somebody outside of the agency looks at, those that wait first. */
async function RoleReviewsPage() {
  const found = await listRoleReviews(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('reviews.roles')
  const format = await getFormat()
  const roles = await rolesText()
  return (
    <>
      <PageHeader title={t('title')} />
      <p className="measure mb-6">{t('explain')}</p>
      <DataTable
        caption={t('caption', { count: found.value.length })}
        rows={found.value}
        rowKey={({ code }) => code}
        rowTone={(review) => (roleReviewState(review).key === 'late' ? 'stop' : undefined)}
        columns={[
          {
            key: 'code',
            head: t('code'),
            cell: ({ code }) => (
              <RecordLink href={`/admin/role-reviews/${code}`}>
                <Code code={code} />
              </RecordLink>
            ),
          },
          {
            key: 'member',
            head: t('member'),
            cell: ({ name, agencyName }) => (
              <>
                <bdi>{name}</bdi>, <bdi>{agencyName}</bdi>
              </>
            ),
          },
          { key: 'after', head: t('after'), cell: ({ rolesAfter }) => roles(rolesAfter) },
          { key: 'due', head: t('due'), cell: ({ dueAt }) => format.moment(dueAt) },
          {
            key: 'state',
            head: t('state'),
            showHeadOnCard: false,
            cell: (review) => {
              const { key, tone } = roleReviewState(review)
              return <Pill tone={tone}>{t(`states.${key}`)}</Pill>
            },
          },
        ]}
        empty={<EmptyState title={t('none')} />}
      />
    </>
  )
}
