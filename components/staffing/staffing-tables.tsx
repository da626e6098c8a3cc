import { getTranslations } from 'next-intl/server'
import { LinkButton } from '@/components/ui/button'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { Pill } from '@/components/ui/pill'
import type { AbsenceView, CoverView } from '@/lib/agencies/staffing-schema'
import { getFormat } from '@/lib/i18n/get-format'

/** Who covers which unit, from when until when. */
export async function CoverTable({ covers }: { readonly covers: readonly CoverView[] }) {
  const t = await getTranslations('staffing')
  return (
    <DataTable
      caption={t('cover.caption')}
      rows={covers}
      rowKey={({ code }) => code}
      columns={[
        { key: 'member', head: t('member.label'), cell: ({ name }) => <bdi>{name}</bdi> },
        { key: 'unit', head: t('unit.label'), cell: ({ unit }) => <bdi>{unit}</bdi> },
        ...(await spanColumns<CoverView>()),
        {
          key: 'end',
          head: <span className="unseen">{t('end')}</span>,
          showHeadOnCard: false,
          cell: ({ code, name }) => (
            <LinkButton href={`/team/cover/${code}`} size="sm" aria-label={t('cover.end_name', { name })}>
              {t('end')}
            </LinkButton>
          ),
        },
      ]}
      empty={<EmptyState title={t('cover.none')} />}
    />
  )
}

/** Who is away, from when until when, and who stands in. */
export async function AbsenceTable({
  absences,
  empty,
}: {
  readonly absences: readonly AbsenceView[]
  readonly empty: string
}) {
  const t = await getTranslations('staffing')
  return (
    <DataTable
      caption={t('absence.caption')}
      rows={absences}
      rowKey={({ code }) => code}
      columns={[
        { key: 'member', head: t('member.label'), cell: ({ name }) => <bdi>{name}</bdi> },
        { key: 'stand-in', head: t('absence.stands_in'), cell: ({ standIn }) => <bdi>{standIn}</bdi> },
        ...(await spanColumns<AbsenceView>()),
        {
          key: 'end',
          head: <span className="unseen">{t('end')}</span>,
          showHeadOnCard: false,
          cell: ({ code, name }) => (
            <LinkButton href={`/team/absence/${code}`} size="sm" aria-label={t('absence.end_name', { name })}>
              {t('end')}
            </LinkButton>
          ),
        },
      ]}
      empty={<EmptyState title={empty} />}
    />
  )
}

type Spanned = { readonly startsAt: Date; readonly endsAt: Date; readonly isNow: boolean }

async function spanColumns<Row extends Spanned>(): Promise<Column<Row>[]> {
  const t = await getTranslations('staffing')
  const format = await getFormat()
  return [
    { key: 'from', head: t('from.label'), cell: ({ startsAt }) => format.moment(startsAt) },
    { key: 'until', head: t('until.label'), cell: ({ endsAt }) => format.moment(endsAt) },
    {
      key: 'state',
      head: <span className="unseen">{t('now')}</span>,
      showHeadOnCard: false,
      cell: ({ isNow }) => <Pill tone={isNow ? 'go' : 'calm'}>{t(isNow ? 'now' : 'planned')}</Pill>,
    },
  ]
}
