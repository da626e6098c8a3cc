import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { cx } from './class-names'
import { AppLink } from './link'
import { BAR_TONE, type Tone } from './tones'

export type Column<Row> = {
  readonly key: string
  readonly head: ReactNode
  readonly cell: (row: Row) => ReactNode
  /** Numbers stand at the end. */
  readonly align?: 'start' | 'end'
  /** A link that sorts by this column, and how it is sorted now. */
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' | undefined }
  /** On a card the head stands before the value; off where the value says it itself. */
  readonly showHeadOnCard?: boolean
}

export type Pages = {
  readonly earlier?: string | undefined
  readonly later?: string | undefined
  readonly note?: ReactNode
}

type DataTableProps<Row> = {
  /** What the rows are and in which order: "14 cases, next date first". */
  readonly caption: ReactNode
  readonly isCaptionHidden?: boolean
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** A bar at the start edge: late, unsafe. The words must say it too. */
  readonly rowTone?: (row: Row) => Tone | undefined
  readonly pages?: Pages
  /** What stands in place of the table without rows: an `<EmptyState>`. */
  readonly empty: ReactNode
}

/** Tables of more columns need more room before they stand side by side. */
const WIDEST_IN_A_COLUMN = 5

/**
 * A list of records. The first column names the row and links it. Where the columns don't fit beside each other, on
 * phones above all, each row is a card, and explicit roles keep it a table for screen readers. Pages go by cursor: Earlier and Later, no numbers.
 */
export function DataTable<Row>({
  caption,
  isCaptionHidden,
  columns,
  rows,
  rowKey,
  rowTone,
  pages,
  empty,
}: DataTableProps<Row>) {
  if (rows.length === 0) return <>{empty}</>
  // As cards the parts are laid out as blocks, which in some browsers takes away what they mean; the roles give it back.
  /* eslint-disable jsx-a11y/no-redundant-roles -- see above */
  return (
    <div className={columns.length > WIDEST_IN_A_COLUMN ? '@container/wide-rows' : '@container/rows'}>
      <table role="table" className="w-full border-collapse text-start cards:block">
        <caption className={isCaptionHidden === true ? 'unseen' : 'pb-2 text-start text-note text-ink-2 cards:block'}>
          {caption}
        </caption>
        <thead role="rowgroup" className="cards:unseen">
          <tr role="row" className="border-b border-edge">
            {columns.map((column) => (
              <Head key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="cards:grid cards:grid-cols-1 cards:gap-2 @min-[40rem]:cards:grid-cols-2">
          {rows.map((row) => {
            const tone = rowTone?.(row)
            return (
              <tr
                key={rowKey(row)}
                role="row"
                data-row
                className={cx(
                  'border-b border-line hover:bg-surface cards:grid cards:grid-cols-1 cards:gap-1 cards:rounded-md cards:border cards:bg-surface cards:p-3',
                  tone !== undefined && cx('cards:border-s-4', BAR_TONE[tone]),
                )}
              >
                {columns.map((column, index) => (
                  <Cell key={column.key} column={column} row={row} isFirst={index === 0} tone={tone} />
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {pages === undefined ? null : <PageLinks {...pages} />}
    </div>
  )
}

/* eslint-enable jsx-a11y/no-redundant-roles */

function Head<Row>({ column }: { readonly column: Column<Row> }) {
  const t = useTranslations('ui.list')
  const direction = column.sort?.direction
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={column.sort === undefined ? undefined : (direction ?? 'none')}
      className={cx('px-3 py-2 text-note font-semibold text-ink-2', column.align === 'end' ? 'text-end' : 'text-start')}
    >
      {column.sort === undefined ? (
        column.head
      ) : (
        <AppLink
          href={column.sort.href}
          className="inline-flex items-center gap-1 text-ink-2 underline hover:text-action-ink"
        >
          {column.head}
          {direction === undefined ? null : <span aria-hidden="true">{direction === 'ascending' ? '↑' : '↓'}</span>}
          {direction === undefined ? null : (
            <span className="unseen">{t(direction === 'ascending' ? 'sorted_up' : 'sorted_down')}</span>
          )}
        </AppLink>
      )}
    </th>
  )
}

type CellProps<Row> = {
  readonly column: Column<Row>
  readonly row: Row
  readonly isFirst: boolean
  readonly tone: Tone | undefined
}

function Cell<Row>({ column, row, isFirst, tone }: CellProps<Row>) {
  const look = cx(
    'px-3 py-cell align-top cards:block cards:p-0',
    column.align === 'end' ? 'text-end tabular-nums cards:text-start' : 'text-start',
    isFirst && tone !== undefined && cx('not-cards:border-s-4', BAR_TONE[tone]),
  )
  if (isFirst) {
    return (
      <th role="rowheader" scope="row" className={cx(look, 'font-normal')}>
        {column.cell(row)}
      </th>
    )
  }
  const content = column.cell(row)
  return (
    // eslint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- a cell of a table is no control
    <td role="cell" className={look}>
      {column.showHeadOnCard === false || content === null ? null : (
        <span aria-hidden="true" className="me-2 text-note text-ink-3 not-cards:hidden">
          {column.head}
        </span>
      )}
      {content}
    </td>
  )
}

function PageLinks({ earlier, later, note }: Pages) {
  const t = useTranslations('ui.list')
  if (earlier === undefined && later === undefined && note === undefined) return null
  return (
    <nav aria-label={t('pages')} className="no-print mt-4 flex flex-wrap items-center justify-between gap-3">
      {earlier === undefined ? (
        <span />
      ) : (
        <AppLink href={earlier} className="control inline-flex items-center text-action-ink">
          {t('earlier')}
        </AppLink>
      )}
      {note === undefined ? null : <span className="text-note text-ink-2">{note}</span>}
      {later === undefined ? (
        <span />
      ) : (
        <AppLink href={later} className="control inline-flex items-center text-action-ink">
          {t('later')}
        </AppLink>
      )}
    </nav>
  )
}
