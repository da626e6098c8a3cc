import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { MandateChips } from '@/components/mandate/mandate-chip'
import { Code } from '@/components/ui/code'
import { DataTable, type Column, type Pages } from '@/components/ui/data-table'
import { RecordLink } from '@/components/ui/link'
import type { ServiceView } from '@/lib/assistance/services/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { typeNames } from './category-choices'
import { CategoryTile } from './category-tile'
import { ServiceStatusPill } from './status-pills'

type ServiceTableProps = {
  readonly services: readonly ServiceView[]
  /** Where the list spans cases, each row says whose it is. */
  readonly withPerson?: boolean
  /** The reader's own agency; another one is named beside the worker. */
  readonly agency: string
  readonly pages?: Pages
  readonly empty: ReactNode
}

/** Services as rows, each with the paragraphs that its own rows in the database name. */
export async function ServiceTable({ services, withPerson = false, agency, pages, empty }: ServiceTableProps) {
  const t = await getTranslations('assistance.service.list')
  const format = await getFormat()
  const name = await typeNames()
  const by = ({ worker, agency: writer, agencyName }: ServiceView) =>
    writer === agency ? (worker ?? '') : worker === null ? agencyName : t('worker_at', { worker, agency: agencyName })
  const columns: readonly Column<ServiceView>[] = [
    {
      key: 'code',
      head: t('code'),
      cell: ({ code, case: on }) => (
        <RecordLink href={`/cases/${on}/services/${code}`}>
          <Code code={code} />
        </RecordLink>
      ),
    },
    {
      key: 'when',
      head: t('when'),
      cell: ({ deliveredOn, endedOn }) =>
        endedOn === null
          ? format.day(deliveredOn)
          : t('period', { from: format.day(deliveredOn), to: format.day(endedOn) }),
    },
    {
      key: 'what',
      head: t('what'),
      showHeadOnCard: false,
      cell: ({ category, type }) => <CategoryTile category={category} label={name(category, type)} />,
    },
    ...(withPerson
      ? [
          {
            key: 'person',
            head: t('person'),
            cell: ({ person, case: on }: ServiceView) => (
              <RecordLink href={`/cases/${on}`} className="text-action-ink underline">
                <Code code={person ?? on} />
              </RecordLink>
            ),
          },
        ]
      : []),
    { key: 'by', head: t('by'), cell: by },
    {
      key: 'under',
      head: t('under'),
      cell: ({ mandate }) => <MandateChips paragraphs={mandate.map(({ paragraph }) => ({ paragraph }))} />,
    },
    {
      key: 'status',
      head: t('status'),
      showHeadOnCard: false,
      cell: ({ status }) => <ServiceStatusPill status={status} />,
    },
  ]
  return (
    <DataTable
      caption={t('caption')}
      isCaptionHidden
      columns={columns}
      rows={services}
      rowKey={({ code }) => code}
      {...(pages === undefined ? {} : { pages })}
      empty={empty}
    />
  )
}
