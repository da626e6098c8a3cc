import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ReferralMatrix } from '@/components/referrals/referral-matrix'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import type { MatrixCell } from '@/lib/referrals/desk/schema'
import { viewMatrix } from '@/lib/referrals/desk/service'

/** Of a large network, which has thousands of pairs. */
const MOST_PAIRS = 100

export const generateMetadata = titleOrMissing(NetworkPage, async () => {
  const t = await getTranslations('desk.network')
  return { title: t('page_title') }
})

export default orMissing(NetworkPage)

/** Who refers to whom, drawn and as a table. */
async function NetworkPage() {
  const actor = await requireActorWho('desk:work')
  const found = await viewMatrix(actor)
  if (!found.ok) notFound()
  const t = await getTranslations('desk')
  const pairs = found.value.slice(0, MOST_PAIRS)
  const count = found.value.length
  return (
    <>
      <PageHeader
        title={t('network.title')}
        crumbs={[{ label: t('title'), href: '/desk' }]}
        facts={t('network.span')}
      />
      {found.value.length === 0 ? null : <ReferralMatrix cells={found.value} />}
      <DataTable
        caption={
          pairs.length < count
            ? t('network.caption_most', { count, shown: pairs.length })
            : t('network.caption', { count })
        }
        columns={await columns()}
        rows={pairs}
        rowKey={({ from, to }) => `${from} ${to}`}
        rowTone={({ late }) => (late > 0 ? 'warn' : undefined)}
        empty={<EmptyState title={t('network.empty')}>{t('network.empty_help')}</EmptyState>}
      />
    </>
  )
}

async function columns(): Promise<readonly Column<MatrixCell>[]> {
  const t = await getTranslations('desk')
  const format = await getFormat()
  const count = (key: 'sent' | 'waiting' | 'late' | 'accepted' | 'declined') => ({
    key,
    head: t(`network.${key}`),
    align: 'end' as const,
    cell: (cell: MatrixCell) => format.number(cell[key]),
  })
  return [
    {
      key: 'between',
      head: t('agencies'),
      cell: ({ fromName, toName }) => t('between', { from: fromName, to: toName }),
    },
    count('sent'),
    count('waiting'),
    count('late'),
    count('accepted'),
    count('declined'),
    {
      key: 'hours',
      head: t('network.hours'),
      align: 'end',
      cell: ({ hoursToAnswer }) => (hoursToAnswer === null ? '' : format.duration(Math.round(hoursToAnswer * 60))),
    },
  ]
}
