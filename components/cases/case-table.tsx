import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { CategoryTile } from '@/components/assistance/category-tile'
import { profileTexts } from '@/components/people/profile-texts'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable, type Column, type Pages } from '@/components/ui/data-table'
import { Icon } from '@/components/ui/icon'
import { RecordLink } from '@/components/ui/link'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import type { CaseLineView, ListTab } from '@/lib/cases/schema'
import { RiskMark } from './risk-mark'
import { dueText } from './task-item'

type CaseTableProps = {
  readonly tab: ListTab
  readonly rows: readonly CaseLineView[]
  readonly caption: ReactNode
  readonly isCaptionHidden?: boolean
  readonly pages?: Pages
  readonly empty: ReactNode
}

/**
 * Cases as a table. The member's own say who it is about, without a name, and what is due; the agency's are skeletons,
 * so counts of services by category stand in place of the person.
 */
export async function CaseTable({ tab, rows, caption, isCaptionHidden, pages, empty }: CaseTableProps) {
  const t = await getTranslations('cases.list')
  const cells = new Map(await Promise.all(rows.map(async (row) => [row.code, await cellsOf(row)] as const)))
  const cell = (key: keyof Cells) => (row: CaseLineView) => cells.get(row.code)?.[key]
  const columns: readonly Column<CaseLineView>[] = [
    {
      key: 'code',
      head: t('code'),
      cell: (row) => (
        <CodeCell
          row={row}
          number={t('case_number', { number: row.number })}
          restricted={t('restricted')}
          led={row.ledBy === null ? null : t('led', { agency: row.ledBy })}
        />
      ),
    },
    tab === 'mine'
      ? { key: 'person', head: t('person'), cell: cell('person') }
      : { key: 'services', head: t('services'), cell: cell('services') },
    { key: 'stage', head: t('stage'), cell: cell('stage') },
    { key: 'risk', head: t('risk'), cell: (row) => <RiskMark risk={row.risk} /> },
    tab === 'mine'
      ? { key: 'next', head: t('next'), cell: cell('next') }
      : { key: 'opened', head: t('opened'), cell: cell('opened') },
    { key: 'workers', head: t('workers'), cell: cell('workers') },
    ...(tab === 'mine'
      ? [{ key: 'act', head: <span className="unseen">{t('act')}</span>, cell: cell('act'), showHeadOnCard: false }]
      : []),
  ]
  return (
    <DataTable
      caption={caption}
      {...(isCaptionHidden === undefined ? {} : { isCaptionHidden })}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.code}
      rowTone={(row) => (tab === 'mine' && row.next?.state === 'late' ? 'stop' : undefined)}
      {...(pages === undefined ? {} : { pages })}
      empty={empty}
    />
  )
}

function CodeCell({
  row,
  number,
  restricted,
  led,
}: {
  readonly row: CaseLineView
  readonly number: string
  readonly restricted: string
  readonly led: string | null
}) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <RecordLink href={`/cases/${row.code}`}>
        <Code code={row.person} />
      </RecordLink>
      {row.number > 1 ? <span className="text-note text-ink-2">{number}</span> : null}
      {row.restricted ? (
        <span className="inline-flex items-center gap-1 text-note text-ink-2">
          <Icon name="lock" size="sm" />
          {restricted}
        </span>
      ) : null}
      {led === null ? null : (
        <span className="inline-flex items-center gap-1 text-note text-ink-2">
          <Icon name="handshake" size="sm" />
          {led}
        </span>
      )}
    </span>
  )
}

type Cells = Readonly<Record<'person' | 'services' | 'stage' | 'next' | 'opened' | 'workers' | 'act', ReactNode>>

async function cellsOf(row: CaseLineView): Promise<Cells> {
  const t = await getTranslations('cases')
  const format = await getFormat()
  return {
    person: await traitsText(row),
    services: <Services counts={row.services} none={t('list.no_services')} />,
    stage: (
      <>
        {t(`stage.${row.stage}`)}
        {row.needsOpen === 0 ? null : (
          <span className="block text-note text-ink-2">{t('list.needs_open', { count: row.needsOpen })}</span>
        )}
      </>
    ),
    next: await nextText(row),
    opened: format.day(row.openedOn),
    workers: row.workers.length === 0 ? t('list.nobody') : format.list(row.workers),
    act: (
      <LinkButton href={`/cases/${row.code}/services/new`} size="sm" aria-label={t('log_for', { code: row.person })}>
        {t('log_short')}
      </LinkButton>
    ),
  }
}

/** "Woman, 25-34, Tigrinya": what tells people apart without naming them. */
export async function traitsText({ about }: Pick<CaseLineView, 'about'>): Promise<string> {
  if (about === null) return ''
  const t = await getTranslations('people.codes.gender')
  const { ages } = await profileTexts()
  const format = await getFormat()
  const parts = [
    about.gender === null ? null : t(about.gender as Parameters<typeof t>[0]),
    about.birthBand === null ? null : ages(about.birthBand),
    about.languages.length === 0 ? null : format.list(about.languages.map((code) => format.language(code))),
  ].filter((part) => part !== null)
  return parts.join(format.locale === 'en' ? ', ' : '，')
}

async function nextText({ next }: CaseLineView): Promise<ReactNode> {
  const t = await getTranslations()
  if (next === null) return <span className="text-ink-3">{t('cases.list.nothing_due')}</span>
  return (
    <span className={next.state === 'late' ? 'font-semibold text-stop-ink' : undefined}>
      {await dueText(next)}
      <span className="block text-note font-normal text-ink-2">{t(`tasks.kind.${next.kind}`)}</span>
    </span>
  )
}

function Services({ counts, none }: { readonly counts: CaseLineView['services']; readonly none: string }) {
  const present = CATEGORY_KEYS.filter((category) => (counts[category] ?? 0) > 0)
  if (present.length === 0) return <span className="text-ink-3">{none}</span>
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {present.map((category) => (
        <li key={category} className="inline-flex items-center gap-1 tabular-nums">
          <CategoryTile category={category} />
          {counts[category]}
        </li>
      ))}
    </ul>
  )
}
