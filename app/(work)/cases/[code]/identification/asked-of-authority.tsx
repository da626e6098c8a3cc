import { getTranslations } from 'next-intl/server'
import { ReferralClock } from '@/components/referrals/referral-clock'
import { ReferralStatePill } from '@/components/referrals/referral-state'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { decisionWords } from '@/components/referrals/decision-words'
import { viewIdentification } from '@/lib/referrals/identification/service'

/** What the authority was asked about a case, what it decided, and the way to ask it. */
export async function AskedOfAuthority({ code }: { readonly code: string }) {
  const found = await viewIdentification(await requireActor(), { case: code })
  if (!found.ok) return null
  const { authority, why, items } = found.value
  const t = await getTranslations('referrals.identification')
  const decided = await decisionWords()
  const ask =
    why === null ? (
      <LinkButton href={`/cases/${code}/referrals/identification`} icon="send">
        {t('ask', { agency: authority?.agencyName ?? '' })}
      </LinkButton>
    ) : null
  return (
    <Section title={t('history')} aside={ask}>
      {why === null ? null : <p className="measure mb-3 text-ink-2">{t(`why.${why}`)}</p>}
      <DataTable
        caption={t('caption', { count: items.length })}
        rows={items}
        rowKey={(line) => line.code}
        rowTone={({ overdue }) => (overdue ? 'stop' : undefined)}
        columns={[
          {
            key: 'referral',
            head: t('column.referral'),
            cell: (line) => (
              <>
                <RecordLink href={`/referrals/${line.code}`} className="font-semibold text-action-ink underline">
                  <Code code={line.code} />
                </RecordLink>
                {line.reconsiders === null ? null : (
                  <span className="block text-note text-ink-2">
                    {t('again_of')} <Code code={line.reconsiders} />
                  </span>
                )}
                {line.anonymous ? <span className="block text-note text-ink-2">{t('route_anonymous')}</span> : null}
              </>
            ),
          },
          { key: 'to', head: t('column.to'), cell: ({ toAgencyName }) => <bdi>{toAgencyName}</bdi> },
          {
            key: 'state',
            head: t('column.state'),
            cell: (line) => (
              <>
                <ReferralStatePill {...line} />
                <ReferralClock clock={line.clock} />
              </>
            ),
          },
          {
            key: 'decision',
            head: t('column.decision'),
            cell: ({ decision }) => (decision === null ? t('undecided') : decided(decision)),
          },
        ]}
        empty={<EmptyState title={t('empty')}>{t('empty_help')}</EmptyState>}
      />
    </Section>
  )
}
