import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ReferralTable } from '@/components/referrals/referral-table'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { FilterBar } from '@/components/ui/filter-bar'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { sendsReferrals } from '@/lib/referrals/paper/service'
import { listReferrals } from '@/lib/referrals/service'
import { listReferralsToAnswer } from '@/lib/referrals/to-answer-service'
import { askedReferrals } from './asked-referrals'
import { ViewTabs } from './view-tabs'

const PATH = '/referrals'

export const generateMetadata = titleOrMissing(ReferralsPage, async () => {
  const t = await getTranslations('referrals')
  return { title: t('page_title') }
})

export default orMissing(ReferralsPage)

/** What waits for whom: to answer, taken on, sent, ended; for the coordinator, what goes on in the network. */
async function ReferralsPage({ searchParams }: PageProps<'/referrals'>) {
  const actor = await requireActorWho('referral:read')
  const isDesk = actor.roles.includes('coordinator')
  const asked = askedReferrals(await searchParams, isDesk)
  if (asked === null) redirect(PATH)
  const found = await (asked.view === 'answer'
    ? listReferralsToAnswer(actor, asked.input)
    : listReferrals(actor, asked.input))
  if (!found.ok) redirect(PATH)
  const { items, nextCursor } = found.value
  const t = await getTranslations('referrals')
  const here = `${PATH}?view=${asked.view}`
  const side = asked.input.box
  return (
    <>
      <PageHeader
        title={t('title')}
        facts={t(isDesk ? 'desk_intro' : 'intro')}
        {...(sendsReferrals(actor)
          ? { secondary: <LinkButton href="/referrals/paper">{t('paper.in.act')}</LinkButton> }
          : {})}
      />
      {isDesk ? null : <ViewTabs current={asked.view} />}
      {asked.view === 'ended' ? (
        <FilterBar
          action={PATH}
          hidden={{ view: 'ended' }}
          filters={[
            {
              name: 'side',
              label: t('side.label'),
              value: side,
              options: (['in', 'out'] as const).map((value) => ({ value, label: t(`side.${value}`) })),
            },
          ]}
          chips={side === 'out' ? [{ label: t('side.out'), href: here }] : []}
          clearHref={here}
          count={t('caption', { count: items.length })}
        />
      ) : null}
      <ReferralTable
        caption={t(asked.view === 'answer' ? 'caption_answer' : 'caption', { count: items.length })}
        rows={items}
        pages={{
          earlier: asked.input.cursor === undefined ? undefined : `${here}&side=${side}`,
          later: nextCursor === null ? undefined : `${here}&side=${side}&cursor=${encodeURIComponent(nextCursor)}`,
        }}
        empty={
          asked.view === 'answer' ? (
            <EmptyState title={t('empty.answer')}>{t('empty.answer_help')}</EmptyState>
          ) : (
            <EmptyState title={t('empty.other')}>{t('empty.other_help')}</EmptyState>
          )
        }
      />
    </>
  )
}
