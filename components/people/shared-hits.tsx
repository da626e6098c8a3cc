import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { RecordLink } from '@/components/ui/link'
import type { SharedHitView } from '@/lib/people/schema'

/** Whom other agencies named to the reader: found by the name that was shared, opened from the referral. */
export async function SharedHits({ hits }: { readonly hits: readonly SharedHitView[] }) {
  const t = await getTranslations('persons.find')
  return (
    <DataTable
      caption={t('shared_caption', { count: hits.length })}
      isCaptionHidden
      rows={hits}
      rowKey={({ referral }) => referral}
      columns={[
        {
          key: 'referral',
          head: t('shared_referral'),
          cell: ({ referral }) => (
            <RecordLink href={`/referrals/${referral}`}>
              <Code code={referral} />
            </RecordLink>
          ),
        },
        { key: 'fit', head: t('fit'), cell: ({ strength }) => t(strength) },
        { key: 'from', head: t('shared_from'), cell: ({ fromAgency }) => <bdi>{fromAgency}</bdi> },
      ]}
      empty={null}
    />
  )
}
