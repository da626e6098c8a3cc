import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { listNetworksInFull } from '@/lib/agencies/network-service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'

export const generateMetadata = titleOrMissing(NetworksPage, async () => {
  const t = await getTranslations('networks')
  return { title: t('list.page_title') }
})

export default orMissing(NetworksPage)

async function NetworksPage() {
  const found = await listNetworksInFull(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('networks')
  const format = await getFormat()
  return (
    <>
      <PageHeader title={t('list.title')} />
      <DataTable
        caption={t('list.caption', { count: found.value.length })}
        rows={found.value}
        rowKey={({ key }) => key}
        columns={[
          {
            key: 'name',
            head: t('name.label'),
            cell: ({ key, name }) => (
              <AppLink href={`/admin/networks/${key}`} className="font-semibold text-action-ink underline">
                <bdi>{name}</bdi>
              </AppLink>
            ),
          },
          { key: 'country', head: t('country'), cell: ({ country }) => format.country(country) },
          { key: 'zone', head: t('zone'), cell: ({ timeZone }) => timeZone.replaceAll('_', ' ') },
          { key: 'agencies', head: t('agencies'), align: 'end', cell: ({ agencies }) => format.number(agencies) },
        ]}
        empty={<EmptyState title={t('list.empty')} />}
      />
    </>
  )
}
