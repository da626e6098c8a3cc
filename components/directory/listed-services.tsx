import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { DataTable, type Column, type Pages } from '@/components/ui/data-table'
import { AppLink } from '@/components/ui/link'
import type { AreaView, ListedServiceView } from '@/lib/directory/schema'
import { FitReasons } from './fit-reasons'
import { offerWords } from './offer-words'
import { RoomState } from './room-state'

type ListedServicesProps = {
  readonly caption: string
  readonly services: readonly ListedServiceView[]
  readonly areas: readonly AreaView[]
  readonly pages?: Pages
  readonly empty: ReactNode
}

/** Services of the directory in the order that was worked out, each with the reasons for it. */
export async function ListedServices({ caption, services, areas, pages = {}, empty }: ListedServicesProps) {
  return (
    <DataTable
      caption={caption}
      isCaptionHidden
      columns={await columnsOf(areas)}
      rows={services}
      rowKey={({ code }) => code}
      pages={pages}
      empty={empty}
    />
  )
}

async function columnsOf(areas: readonly AreaView[]): Promise<readonly Column<ListedServiceView>[]> {
  const t = await getTranslations('directory')
  const name = await typeNames()
  const words = await offerWords(areas)
  return [
    {
      key: 'service',
      head: t('service'),
      cell: (service) => (
        <>
          <AppLink
            href={`/directory/${service.agency}/${service.code}`}
            className="font-semibold text-action-ink underline"
          >
            <bdi>{service.name}</bdi>
          </AppLink>
          <span className="block">
            <bdi>{service.agencyName}</bdi>
          </span>
        </>
      ),
    },
    {
      key: 'kind',
      head: t('category'),
      showHeadOnCard: false,
      cell: ({ category, type }) => <CategoryTile category={category} label={name(category, type)} />,
    },
    {
      key: 'whom',
      head: t('whom'),
      cell: (service) => (
        <>
          {words.whom(service).map((line) => (
            <span key={line} className="block">
              {line}
            </span>
          ))}
          <span className="block text-note text-ink-2">
            <bdi>{words.where(service)}</bdi>
          </span>
          <span className="block text-note text-ink-2">{words.languages(service)}</span>
        </>
      ),
    },
    { key: 'room', head: t('room'), cell: (service) => <RoomState service={service} /> },
    { key: 'why', head: t('why'), showHeadOnCard: false, cell: (service) => <FitReasons service={service} /> },
  ]
}
