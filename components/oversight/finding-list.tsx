import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { Tabs } from '@/components/ui/tabs'
import { getFormat } from '@/lib/i18n/get-format'
import type { FindingLine, FindingPage, ListFindingsInput } from '@/lib/oversight/findings/schema'
import { FindingGrade, FindingStatePill, gradeTone } from './finding-state'
import { findingWords } from './finding-words'

const TABS = {
  body: ['draft', 'sent', 'answered', 'reopened', 'accepted', 'withdrawn'],
  agency: ['sent', 'answered', 'reopened', 'accepted'],
} as const

type FindingListProps = {
  readonly page: FindingPage
  readonly side: FindingLine['side']
  /** The page's own address. */
  readonly address: string
  readonly asked: ListFindingsInput
}

/** Findings as cards or rows: bar and grade, one sentence, agency, state, what is due. */
export async function FindingList({ page, side, address, asked }: FindingListProps) {
  const t = await getTranslations('findings')
  const isFiltered = asked.state !== undefined || asked.late !== undefined
  const cursorHref = (cursor: string | null) => (cursor === null ? undefined : hrefOf(address, { ...asked, cursor }))
  return (
    <>
      <Tabs
        label={t('filter.label')}
        tabs={[
          { label: t('filter.all'), href: address, isCurrent: !isFiltered },
          ...TABS[side].map((state) => ({
            label: t(`filter.${state}`),
            href: hrefOf(address, { state }),
            isCurrent: asked.state === state,
          })),
          { label: t('filter.late'), href: hrefOf(address, { late: 'yes' }), isCurrent: asked.late !== undefined },
        ]}
      />
      <DataTable
        caption={t('list_caption')}
        rows={page.items}
        rowKey={({ code }) => code}
        rowTone={({ grade }) => gradeTone(grade)}
        columns={await columns(side, address)}
        pages={{ earlier: cursorHref(page.earlierCursor), later: cursorHref(page.nextCursor) }}
        empty={
          isFiltered ? (
            <EmptyState title={t('none_here')} />
          ) : (
            <EmptyState title={t(side === 'body' ? 'empty' : 'own_empty')}>
              {t(side === 'body' ? 'empty_help' : 'own_empty_help')}
            </EmptyState>
          )
        }
      />
    </>
  )
}

async function columns(side: FindingLine['side'], address: string): Promise<readonly Column<FindingLine>[]> {
  const t = await getTranslations('findings')
  const words = await findingWords()
  const format = await getFormat()
  return [
    {
      key: 'finding',
      head: t('column.finding'),
      cell: ({ code, grade, source, headline }) => (
        <>
          <span className="block">
            <FindingGrade grade={grade} />
          </span>
          <AppLink href={`${address}/${code}`} className="font-semibold text-action-ink underline">
            {words(source.kind, headline)}
          </AppLink>
          <span className="block text-note text-ink-2">
            <Code code={code} />
          </span>
        </>
      ),
    },
    { key: 'about', head: t('column.about'), cell: ({ subject }) => t(`subject.${subject}`) },
    side === 'body'
      ? { key: 'agency', head: t('agency_label'), cell: ({ agencyName }) => <bdi>{agencyName}</bdi> }
      : { key: 'body', head: t('body_label'), cell: ({ bodyName }) => <bdi>{bodyName}</bdi> },
    {
      key: 'due',
      head: t('column.due'),
      cell: ({ state, answerDue, actionDue, actionDoneOn }) => {
        if (actionDoneOn !== null) return t('action_done', { day: format.day(actionDoneOn) })
        if (actionDue !== null) return t('action_due', { day: format.day(actionDue) })
        return state === 'withdrawn' ? '—' : t('answer_due', { day: format.day(answerDue) })
      },
    },
    { key: 'state', head: t('state_label'), cell: (row) => <FindingStatePill {...row} /> },
  ]
}

function hrefOf(address: string, { state, late, cursor }: ListFindingsInput): string {
  const query = new URLSearchParams({
    ...(state === undefined ? {} : { state }),
    ...(late === undefined ? {} : { late }),
    ...(cursor === undefined ? {} : { cursor }),
  }).toString()
  return query === '' ? address : `${address}?${query}`
}
