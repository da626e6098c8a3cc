import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CoverTable } from '@/components/staffing/staffing-tables'
import { LinkButton } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { listCover } from '@/lib/agencies/staffing-service'
import { listUnits } from '@/lib/agencies/unit-service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'

export const generateMetadata = titleOrMissing(UnitsPage, async () => {
  const t = await getTranslations('units')
  return { title: t('page_title') }
})

export default orMissing(UnitsPage)

/** The units of the agency, how much stands in each, and who covers them. */
async function UnitsPage() {
  const actor = await requireActor()
  const found = await listUnits(actor)
  if (!found.ok) notFound()
  const covers = await listCover(actor)
  const t = await getTranslations('units')
  const staffing = await getTranslations('staffing')
  const format = await getFormat()
  const { units, unplaced } = found.value
  const rows = [
    ...units,
    ...(unplaced.members + unplaced.cases === 0 ? [] : [{ code: '', name: t('none'), ...unplaced }]),
  ]
  return (
    <>
      <PageHeader
        title={t('title')}
        primary={
          <LinkButton href="/admin/units/new" tone="primary" icon="plus">
            {t('add')}
          </LinkButton>
        }
        secondary={
          units.length === 0 ? undefined : <LinkButton href="/team/cover/new">{staffing('cover.set')}</LinkButton>
        }
      />
      <p className="measure mb-6">{t('intro')}</p>
      <div className="mb-12">
        {units.length === 0 ? (
          <EmptyState title={t('empty')} />
        ) : (
          <DataTable
            caption={t('caption', { count: units.length })}
            rows={rows}
            rowKey={({ code }) => code}
            columns={[
              {
                key: 'name',
                head: t('name.label'),
                cell: ({ code, name }) =>
                  code === '' ? (
                    <span className="text-ink-2">{name}</span>
                  ) : (
                    <AppLink href={`/admin/units/${code}`} className="font-semibold text-action-ink underline">
                      <bdi>{name}</bdi>
                    </AppLink>
                  ),
              },
              {
                key: 'members',
                head: t('members.title'),
                align: 'end',
                cell: ({ members }) => format.number(members),
              },
              { key: 'cases', head: t('cases'), align: 'end', cell: ({ cases }) => format.number(cases) },
            ]}
            empty={null}
          />
        )}
        <p className="mt-2 text-note text-ink-2">{t('cases_note')}</p>
      </div>
      {covers.ok && units.length > 0 ? (
        <Section title={t('cover')}>
          <CoverTable covers={covers.value} />
        </Section>
      ) : null}
    </>
  )
}
