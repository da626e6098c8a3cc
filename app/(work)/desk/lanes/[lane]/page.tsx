import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { AwaitsBasis, Between, TypeTile, Unplaced } from '@/components/referrals/desk-card'
import { DeskFilterBar, deskHref } from '@/components/referrals/desk-filter-bar'
import { PauseNote, ReferralClock } from '@/components/referrals/referral-clock'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { Code } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { deskLaneInput, type DeskCard, type DeskLane } from '@/lib/referrals/desk/schema'
import { deskChoices, listDeskLane } from '@/lib/referrals/desk/service'

type Props = PageProps<'/desk/lanes/[lane]'>

export const generateMetadata = titleOrMissing(LanePage, async ({ params }: Props) => {
  const t = await getTranslations('desk')
  const asked = deskLaneInput.safeParse(await params)
  return { title: asked.success ? t(`lane_name.${asked.data.lane}`) : t('page_title') }
})

export default orMissing(LanePage)

/** Everything that waits in one lane of the desk, by its limit. */
async function LanePage({ params, searchParams }: Props) {
  const actor = await requireActorWho('desk:work')
  const asked = deskLaneInput.safeParse({ ...(await searchParams), ...(await params) })
  if (!asked.success) notFound()
  const { lane, cursor, ...filters } = asked.data
  const path = `/desk/lanes/${lane}`
  const [found, choices] = [await listDeskLane(actor, asked.data), await deskChoices(actor)]
  if (!found.ok || !choices.ok) redirect(path)
  const { items, nextCursor } = found.value
  const t = await getTranslations('desk')
  return (
    <>
      <PageHeader
        title={t(`lane_name.${lane}`)}
        crumbs={[{ label: t('title'), href: '/desk' }]}
        facts={t(`lane_help.${lane}`)}
      />
      <DeskFilterBar
        path={path}
        filters={filters}
        choices={choices.value}
        count={t(lane === 'unplaced' ? 'shown_unplaced' : 'shown', { count: items.length })}
      />
      <DataTable
        caption={t(`lane_name.${lane}`)}
        isCaptionHidden
        columns={await columns(lane)}
        rows={items}
        rowKey={({ code }) => code}
        rowTone={({ clock }) => (clock?.standing === 'late' ? 'stop' : undefined)}
        pages={{
          earlier: cursor === undefined ? undefined : deskHref(path, filters),
          later: nextCursor === null ? undefined : deskHref(path, filters, { cursor: nextCursor }),
        }}
        empty={<EmptyState title={t('lane_empty')} />}
      />
    </>
  )
}

async function columns(lane: DeskLane): Promise<readonly Column<DeskCard>[]> {
  const t = await getTranslations('desk')
  return [
    {
      key: 'code',
      head: t('referral'),
      cell: ({ code }) => (
        <AppLink href={`/desk/${code}`} className="font-semibold text-action-ink underline">
          <Code code={code} />
        </AppLink>
      ),
    },
    {
      key: 'clock',
      head: t(lane === 'unplaced' ? 'happened' : 'limit'),
      showHeadOnCard: false,
      cell: (card) => (
        <>
          <ReferralClock clock={card.clock} />
          <PauseNote of={card} />
          <Unplaced card={card} />
          <AwaitsBasis card={card} />
        </>
      ),
    },
    { key: 'type', head: t('help'), cell: (card) => <TypeTile card={card} /> },
    { key: 'between', head: t('agencies'), showHeadOnCard: false, cell: (card) => <Between card={card} /> },
    {
      key: 'urgency',
      head: t('filter.urgency'),
      showHeadOnCard: false,
      cell: ({ urgency }) => <UrgencyFlag urgency={urgency} />,
    },
  ]
}
