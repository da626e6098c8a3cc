import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { Code } from '@/components/ui/code'
import { DataTable, type Pages } from '@/components/ui/data-table'
import { RecordLink } from '@/components/ui/link'
import type { ReferralLine } from '@/lib/referrals/schema'
import { ReferralClock } from './referral-clock'
import { ReferralStatePill } from './referral-state'

type ReferralTableProps = {
  readonly caption: string
  readonly isCaptionHidden?: boolean
  readonly rows: readonly ReferralLine[]
  readonly pages?: Pages
  readonly empty: ReactNode
}

/** Referrals by code: from whom, to whom, for what, by when, how they stand. No name of a person is among it. */
export async function ReferralTable({ caption, isCaptionHidden = false, rows, pages, empty }: ReferralTableProps) {
  const t = await getTranslations('referrals')
  const name = await typeNames()
  return (
    <DataTable
      caption={caption}
      isCaptionHidden={isCaptionHidden}
      rows={rows}
      rowKey={({ code }) => code}
      rowTone={({ overdue }) => (overdue ? 'stop' : undefined)}
      {...(pages === undefined ? {} : { pages })}
      columns={[
        {
          key: 'referral',
          head: t('column.referral'),
          cell: ({ code, kind, urgency }) => (
            <>
              <RecordLink href={`/referrals/${code}`} className="font-semibold text-action-ink underline">
                <Code code={code} />
              </RecordLink>
              {kind === 'identification' ? null : (
                <span className="block">
                  <UrgencyFlag urgency={urgency} />
                </span>
              )}
            </>
          ),
        },
        {
          key: 'agencies',
          head: t('column.agencies'),
          cell: ({ fromAgencyName, toAgencyName }) => t('from_to', { from: fromAgencyName, to: toAgencyName }),
        },
        {
          key: 'help',
          head: t('column.help'),
          cell: ({ kind, category, type }) =>
            kind === 'identification' || kind === 'transfer' ? (
              t(`${kind}.kind`)
            ) : (
              <CategoryTile category={category} label={name(category, type)} />
            ),
        },
        { key: 'due', head: t('column.due'), cell: ({ clock }) => <ReferralClock clock={clock} /> },
        {
          key: 'state',
          head: t('column.state'),
          showHeadOnCard: false,
          cell: ({ kind, state, side, overdue }) => (
            <ReferralStatePill kind={kind} state={state} side={side} overdue={overdue} />
          ),
        },
      ]}
      empty={empty}
    />
  )
}
