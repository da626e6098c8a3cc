import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import type { AdministeredAgencyView } from '@/lib/agencies/administration-schema'
import { listAdministeredAgencies } from '@/lib/agencies/administration-service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'

export const generateMetadata = titleOrMissing(AgenciesPage, async () => {
  const t = await getTranslations('agencies.agencies')
  return { title: t('page_title') }
})

export default orMissing(AgenciesPage)

async function AgenciesPage() {
  const found = await listAdministeredAgencies(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('agencies')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  const { agencies } = found.value
  const columns: Column<AdministeredAgencyView>[] = [
    {
      key: 'name',
      head: t('agency.name.label'),
      cell: ({ key, name }) => (
        <AppLink href={`/admin/agencies/${key}`} className="font-semibold text-action-ink underline">
          <bdi>{name}</bdi>
        </AppLink>
      ),
    },
    { key: 'key', head: t('agency.key.label'), cell: ({ key }) => <bdi dir="ltr">{key}</bdi> },
    { key: 'kind', head: t('agency.kind.label'), cell: ({ kind }) => text(`agencies.kind.${kind}`) },
    { key: 'country', head: t('agency.country.label'), cell: ({ country }) => format.country(country) },
    { key: 'network', head: t('agency.network.label'), cell: ({ network }) => network },
    {
      key: 'state',
      head: t('agency.administrators'),
      showHeadOnCard: false,
      cell: ({ hasAdministrator, contact }) =>
        contact !== null ? (
          <Pill tone="calm">{t('paper.without')}</Pill>
        ) : hasAdministrator ? (
          <Pill tone="go">{t('agency.administered')}</Pill>
        ) : (
          <Pill tone="warn">{t('agency.unadministered')}</Pill>
        ),
    },
  ]
  return (
    <>
      <PageHeader
        title={t('agencies.title')}
        primary={
          <LinkButton href="/admin/agencies/new" tone="primary" icon="plus">
            {t('agencies.add')}
          </LinkButton>
        }
        secondary={<LinkButton href="/admin/agencies/new/paper">{t('paper.title')}</LinkButton>}
      />
      <DataTable
        caption={t('agencies.caption', { count: agencies.length })}
        columns={columns}
        rows={agencies}
        rowKey={({ key }) => key}
        empty={<EmptyState title={t('agencies.empty')} />}
      />
    </>
  )
}
