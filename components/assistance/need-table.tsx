import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable, type Column, type Pages } from '@/components/ui/data-table'
import { RecordLink } from '@/components/ui/link'
import type { NeedView } from '@/lib/assistance/needs/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { typeNames } from './category-choices'
import { CategoryTile } from './category-tile'
import { NeedStatePill } from './status-pills'
import { UrgencyFlag } from './urgency-flag'

type NeedTableProps = {
  readonly needs: readonly NeedView[]
  /** Where the list spans cases, each row says whose it is. */
  readonly withPerson?: boolean
  readonly pages?: Pages
  readonly empty: ReactNode
}

const LIVING = ['open', 'planned', 'being_met']

/** Needs as rows, the earliest limit first; what is late says so in words and with a bar. */
export async function NeedTable({ needs, withPerson = false, pages, empty }: NeedTableProps) {
  const t = await getTranslations('assistance.need')
  const format = await getFormat()
  const name = await typeNames()
  const due = ({ isLate, contactDueAt, state }: NeedView) => {
    const when = format.moment(new Date(contactDueAt))
    if (isLate) return <span className="font-semibold text-stop-ink">{t('list.late', { when })}</span>
    return state === 'open' || state === 'planned' ? when : t('list.reached')
  }
  const columns: readonly Column<NeedView>[] = [
    {
      key: 'code',
      head: t('list.code'),
      cell: ({ code, case: on }) => (
        <RecordLink href={`/cases/${on}/needs/${code}`}>
          <Code code={code} />
        </RecordLink>
      ),
    },
    {
      key: 'what',
      head: t('list.what'),
      showHeadOnCard: false,
      cell: ({ category, type }) => <CategoryTile category={category} label={name(category, type)} />,
    },
    ...(withPerson
      ? [
          {
            key: 'person',
            head: t('list.person'),
            cell: ({ person, case: on }: NeedView) => (
              <RecordLink href={`/cases/${on}`} className="text-action-ink underline">
                <Code code={person ?? on} />
              </RecordLink>
            ),
          },
        ]
      : []),
    {
      key: 'urgency',
      head: t('list.urgency'),
      showHeadOnCard: false,
      cell: ({ urgency }) => <UrgencyFlag urgency={urgency} />,
    },
    {
      key: 'due',
      head: t('list.due'),
      cell: (need) => <span className="inline-block not-cards:min-w-24">{due(need)}</span>,
    },
    {
      key: 'state',
      head: t('list.state'),
      showHeadOnCard: false,
      cell: ({ state, notMetReason }) => (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <NeedStatePill state={state} />
          {notMetReason === null ? null : <span className="text-note text-ink-2">{t(`not_met.${notMetReason}`)}</span>}
        </span>
      ),
    },
    {
      key: 'act',
      head: <span className="unseen">{t('list.act')}</span>,
      showHeadOnCard: false,
      cell: ({ code, case: on, state, mayChange }) =>
        mayChange && LIVING.includes(state) ? (
          <LinkButton href={`/cases/${on}/services/new?need=${code}`} size="sm" aria-label={t('log_for', { code })}>
            {t('log')}
          </LinkButton>
        ) : null,
    },
  ]
  return (
    <DataTable
      caption={t('list.caption')}
      isCaptionHidden
      columns={columns}
      rows={needs}
      rowKey={({ code }) => code}
      rowTone={({ isLate }) => (isLate ? 'stop' : undefined)}
      {...(pages === undefined ? {} : { pages })}
      empty={empty}
    />
  )
}
