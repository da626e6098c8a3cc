import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import type { Category } from '@/components/assistance/category-tile'
import { LoadTable } from '@/components/cases/team-load'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { paragraphHref } from '@/components/mandate/paragraph-href'
import { CategoryFolds, YearChoice } from '@/components/mandate/paragraph-figures'
import { MonthPanels } from '@/components/reporting/month-panels'
import { OpenNeedsFigures } from '@/components/reporting/open-needs'
import { BarChart } from '@/components/ui/bar-chart'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActorWho } from '@/lib/auth/require-actor'
import type { Format } from '@/lib/i18n/format'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { Dashboard } from '@/lib/reporting/dashboard/schema'
import { viewDashboard } from '@/lib/reporting/dashboard/service'
import { figureYear } from '@/lib/reporting/figures/schema'

export const generateMetadata = titleOrMissing(ReportsPage, async () => {
  const t = await getTranslations('reports')
  return { title: t('page_title') }
})

export default orMissing(ReportsPage)

/** The agency's year in figures, and how it stands now. */
async function ReportsPage({ searchParams }: PageProps<'/reports'>) {
  const actor = await requireActorWho('report:read')
  const year = figureYear.safeParse((await searchParams)['year'])
  const found = await viewDashboard(actor, year.success ? { year: year.data } : {})
  if (!found.ok) notFound()
  const figures = found.value
  const t = await getTranslations('reports')
  const format = await getFormat()
  const source = t('source', { when: format.moment(new Date(figures.asOf)) })
  return (
    <>
      <PageHeader title={t('title')} facts={t('intro')} secondary={<PrintButton label={t('print')} />} />
      <div className="mb-8 grid gap-6">
        <YearChoice action="/reports" figures={figures} />
        <Totals figures={figures} format={format} />
        <p className="measure text-note text-ink-2">{source}</p>
      </div>
      <Section title={t('services', { year: String(figures.year) })}>
        {figures.services === 0 ? (
          <EmptyState
            title={t('none', { year: String(figures.year) })}
            act={<LinkButton href="/services/new">{t('log')}</LinkButton>}
          >
            {t('none_help')}
          </EmptyState>
        ) : (
          <Services figures={figures} format={format} source={source} />
        )}
      </Section>
      <Section title={t('needs')}>
        <OpenNeedsFigures needs={figures.needs} format={format} source={source} />
      </Section>
      {figures.load === null ? null : <LoadTable load={figures.load} />}
    </>
  )
}

type FiguresProps = { readonly figures: Dashboard; readonly format: Format }

async function Totals({ figures, format }: FiguresProps) {
  const t = await getTranslations('reports')
  return (
    <Facts
      columns={2}
      facts={[
        { label: t('persons'), value: format.number(figures.persons) },
        { label: t('services_given'), value: format.number(figures.services) },
        { label: t('cases_opened'), value: format.number(figures.casesOpened) },
        { label: t('cases_open'), value: format.number(figures.casesOpen) },
      ]}
    />
  )
}

async function Services({ figures, format, source }: FiguresProps & { readonly source: string }) {
  const t = await getTranslations('reports')
  const names = await getTranslations('mandate.categories')
  const { text } = await getKeyTranslator()
  const year = String(figures.year)
  const sorted = [...figures.categories].sort((a, b) => b.services - a.services)
  const months = format.monthNames()
  const perMonth = months.map((_, at) => sorted.reduce((sum, category) => sum + (category.months[at] ?? 0), 0))
  const most = Math.max(...perMonth)
  const typeName = (key: string) => text(`mandate.types.${key}`)
  return (
    <div className="grid gap-10">
      <MonthPanels
        title={t('by_month', { month: months[perMonth.indexOf(most)] ?? '', count: most })}
        description={t('by_month_what', { year })}
        categories={sorted}
        format={format}
        source={source}
      />
      <div className="grid items-start gap-8 lg:grid-cols-2">
        <BarChart
          title={t('by_category', {
            category: names(sorted[0]?.key as Category),
            count: sorted[0]?.services ?? 0,
            all: figures.services,
          })}
          description={t('by_category_what', { year })}
          labelHead={t('category')}
          valueHead={t('services_head')}
          format={format.number}
          source={source}
          bars={sorted.map(({ key, services }) => ({
            key,
            label: names(key as Category),
            value: services,
            category: key as Category,
          }))}
        />
        <BarChart
          title={t('by_type', { type: typeName(figures.types[0]?.key ?? ''), count: figures.types[0]?.services ?? 0 })}
          description={t('by_type_what', { year, count: figures.types.length })}
          labelHead={t('type')}
          valueHead={t('services_head')}
          format={format.number}
          source={source}
          bars={figures.types.map(({ key, services }) => ({
            key,
            label: typeName(key),
            value: services,
            category: key.split('.')[0] as Category,
          }))}
        />
      </div>
      <CategoryFolds categories={sorted} year={year} format={format} />
      <div>
        <BarChart
          title={t('people', { count: figures.persons, year })}
          description={t('people_what')}
          labelHead={t('paragraph')}
          valueHead={t('people_head')}
          format={format.number}
          source={source}
          bars={figures.personsByParagraph.map(({ paragraph, persons }) => ({
            key: paragraph,
            label: t('under', { paragraph }),
            value: persons,
          }))}
        />
        <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-note">
          {figures.personsByParagraph.map(({ paragraph }) => (
            <li key={paragraph}>
              <AppLink href={`${paragraphHref(paragraph)}?year=${year}`}>{t('under', { paragraph })}</AppLink>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
