import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Bottlenecks } from '@/components/referrals/bottlenecks'
import { DeskCardItem } from '@/components/referrals/desk-card'
import { DeskFilterBar, deskHref } from '@/components/referrals/desk-filter-bar'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { LinkButton } from '@/components/ui/button'
import { ChangeWatch } from '@/components/ui/change-watch'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { deskFilters, DESK_LANES, type DeskFilters, type DeskLane, type DeskView } from '@/lib/referrals/desk/schema'
import { deskChoices, viewDesk } from '@/lib/referrals/desk/service'

export const generateMetadata = titleOrMissing(DeskPage, async () => {
  const t = await getTranslations('desk')
  return { title: t('page_title') }
})

export default orMissing(DeskPage)

/** The coordinator's desk: what waits between agencies, and where it sticks. */
async function DeskPage({ searchParams }: PageProps<'/desk'>) {
  const actor = await requireActorWho('desk:work')
  const filters = deskFilters.parse(await searchParams)
  const [found, choices] = [await viewDesk(actor, filters), await deskChoices(actor)]
  if (!found.ok || !choices.ok) redirect('/desk')
  const { lanes, bottlenecks, declines, asOf, mark } = found.value
  const t = await getTranslations('desk')
  const format = await getFormat()
  const here = deskHref('/desk', filters)
  return (
    <>
      <PageHeader
        title={t('title')}
        facts={
          <>
            {t('as_of', { at: format.time(new Date(asOf)) })}{' '}
            <ChangeWatch
              ask="/api/desk"
              key={mark}
              mark={mark}
              href={here}
              texts={{ changed: t('changed'), show: t('show') }}
            />
          </>
        }
        secondary={<LinkButton href="/desk/network">{t('network.title')}</LinkButton>}
      />
      <DeskFilterBar
        path="/desk"
        filters={filters}
        choices={choices.value}
        count={t('count', { count: DESK_LANES.reduce((sum, lane) => sum + lanes[lane].n, 0) })}
      />
      <div className="grid items-start gap-4 lg:grid-cols-3">
        {DESK_LANES.map((lane) => (
          <Lane key={lane} lane={lane} of={lanes[lane]} filters={filters} />
        ))}
      </div>
      <Bottlenecks bottlenecks={bottlenecks} declines={declines} />
    </>
  )
}

type LaneProps = { readonly lane: DeskLane; readonly of: DeskView['lanes'][DeskLane]; readonly filters: DeskFilters }

async function Lane({ lane, of: { n, late, items, nextCursor }, filters }: LaneProps) {
  const t = await getTranslations('desk')
  return (
    <section aria-labelledby={`lane-${lane}`} className="grid gap-3 rounded-md bg-sunken p-3">
      <div>
        <h2 id={`lane-${lane}`} className="text-lead font-semibold">
          {t(`lane.${lane}`, { count: n })}
        </h2>
        <p className="text-note text-ink-2">{late === 0 ? t(`lane_help.${lane}`) : t('late', { count: late })}</p>
      </div>
      {items.length === 0 ? (
        <p className="text-ink-2">{t('lane_empty')}</p>
      ) : (
        <ul className="grid gap-2">
          {items.map((card) => (
            <DeskCardItem key={card.code} card={card} />
          ))}
        </ul>
      )}
      {nextCursor === null ? null : (
        <AppLink href={deskHref(`/desk/lanes/${lane}`, filters)} className="font-semibold text-action-ink underline">
          {t('all_of_lane', { count: n })}
        </AppLink>
      )}
    </section>
  )
}
