import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import type { PastRun } from '@/lib/oversight/disparities/schema'
import { listDisparities } from '@/lib/oversight/disparities/service'

const PATH = '/oversight/disparities'

export const generateMetadata = titleOrMissing(DisparitiesPage, async () => {
  const t = await getTranslations('disparities')
  return { title: t('page_title') }
})

export default orMissing(DisparitiesPage)

/** What the auditors of the network asked of its frozen periods, and the way to ask again. */
async function DisparitiesPage() {
  const found = await listDisparities(await requireActor())
  if (!found.ok) notFound()
  const { runs, choices } = found.value
  const t = await getTranslations('disparities')
  const canAsk = choices.periods.length > 0
  return (
    <>
      <PageHeader
        title={t('title')}
        primary={
          canAsk ? (
            <LinkButton href={`${PATH}/new`} tone="primary" icon="plus">
              {t('new.title')}
            </LinkButton>
          ) : undefined
        }
      />
      <p className="measure mb-4">{t('intro')}</p>
      <DataTable
        caption={t('past_caption', { count: runs.length })}
        columns={await columns(choices.agencies)}
        rows={runs}
        rowKey={({ code }) => code}
        empty={
          canAsk ? (
            <EmptyState title={t('past_empty')}>{t('past_empty_help')}</EmptyState>
          ) : (
            <EmptyState title={t('new.no_period')}>{t('new.no_period_help')}</EmptyState>
          )
        }
      />
    </>
  )
}

async function columns(
  agencies: readonly { readonly key: string; readonly name: string }[],
): Promise<readonly Column<PastRun>[]> {
  const t = await getTranslations('disparities')
  const categories = await getTranslations('mandate.categories')
  const format = await getFormat()
  return [
    {
      key: 'what',
      head: t('what'),
      cell: ({ code, outcome, ground }) => (
        <>
          <AppLink href={`${PATH}/${code}`} className="font-semibold text-action-ink underline">
            {t('of', { outcome: t(`outcome.${outcome}`), ground: t(`ground.${ground}`) })}
          </AppLink>
          <span className="block text-note text-ink-2">
            <Code code={code} />
          </span>
        </>
      ),
    },
    {
      key: 'period',
      head: t('period_label'),
      cell: ({ period }) => period,
    },
    {
      key: 'scope',
      head: t('scope_label'),
      cell: ({ category, agency }) => {
        const parts = [
          ...(category === null ? [] : [categories(category)]),
          ...(agency === null ? [] : [agencies.find(({ key }) => key === agency)?.name ?? agency]),
        ]
        return parts.length === 0 ? t('network') : format.list(parts)
      },
    },
    { key: 'when', head: t('when'), cell: ({ ranAt }) => format.moment(new Date(ranAt)) },
  ]
}
