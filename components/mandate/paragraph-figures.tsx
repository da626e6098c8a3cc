import { useTranslations } from 'next-intl'
import { CategoryIcon, type Category } from '@/components/assistance/category-tile'
import { BarChart } from '@/components/ui/bar-chart'
import { Details } from '@/components/ui/details'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import type { Format } from '@/lib/i18n/format'
import type { CategoryFigures, Figure, ParagraphFigures } from '@/lib/reporting/figures/schema'

type FiguresProps = {
  readonly paragraph: string
  readonly figures: ParagraphFigures
  readonly format: Format
}

/** What the viewer's agency did under a paragraph in a year: one bar for each kind, types and months folded away. */
export function ParagraphFiguresView({ paragraph, figures, format }: FiguresProps) {
  const t = useTranslations('mandate.done')
  const year = String(figures.year)
  if (figures.services === 0) return <EmptyState title={t('none', { year })}>{t('none_help')}</EmptyState>
  return (
    <div className="grid gap-6">
      {figures.parts.length > 0 ? (
        <Parts parts={figures.parts} year={year} format={format} />
      ) : (
        <Categories paragraph={paragraph} categories={figures.categories} year={year} format={format} />
      )}
    </div>
  )
}

/** The year to look at, as a form that works without a script. */
export function YearChoice({
  action,
  figures,
}: {
  readonly action: string
  readonly figures: Pick<ParagraphFigures, 'year' | 'years'>
}) {
  const t = useTranslations('mandate.done')
  return (
    <form method="get" action={action} className="no-print flex flex-wrap items-end gap-3">
      <label className="text-note text-ink-2">
        <span className="block">{t('period')}</span>
        <select name="year" defaultValue={figures.year} className="control text-body text-ink">
          {figures.years.map((year) => (
            <option key={year} value={year}>
              {year}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="control text-action-ink">
        {t('show')}
      </button>
    </form>
  )
}

type PartsProps = { readonly parts: readonly Figure[]; readonly year: string; readonly format: Format }

function Parts({ parts, year, format }: PartsProps) {
  const t = useTranslations('mandate.done')
  return (
    <BarChart
      title={t('by_part')}
      description={t('by_part_what', { year })}
      labelHead={t('part')}
      valueHead={t('services')}
      format={format.number}
      source={t('source')}
      bars={parts.map(({ key, services }) => ({ key, label: key, value: services }))}
    />
  )
}

type CategoriesProps = {
  readonly paragraph: string
  readonly categories: readonly CategoryFigures[]
  readonly year: string
  readonly format: Format
}

function Categories({ paragraph, categories, year, format }: CategoriesProps) {
  const t = useTranslations('mandate')
  const name = (category: string): string => t(`categories.${category as Category}`)
  const sorted = [...categories].sort((a, b) => b.services - a.services)
  return (
    <>
      <BarChart
        title={t('done.by_category')}
        description={t('done.by_category_what', { paragraph, year })}
        labelHead={t('done.category')}
        valueHead={t('done.services')}
        format={format.number}
        source={t('done.source')}
        bars={sorted.map(({ key, services }) => ({
          key,
          label: name(key),
          value: services,
          category: key as Category,
        }))}
      />
      <CategoryFolds categories={sorted} year={year} format={format} />
    </>
  )
}

/** Each category folded away, with its types and months. */
export function CategoryFolds({ categories, year, format }: Omit<CategoriesProps, 'paragraph'>) {
  const t = useTranslations('mandate')
  return (
    <div>
      {categories.map((category) => {
        const name = t(`categories.${category.key as Category}`)
        return (
          <Details
            key={category.key}
            summary={t('done.detail', { category: name })}
            value={format.number(category.services)}
          >
            <CategoryDetail category={category} name={name} year={year} format={format} />
          </Details>
        )
      })}
    </div>
  )
}

type CategoryDetailProps = {
  readonly category: CategoryFigures
  readonly name: string
  readonly year: string
  readonly format: Format
}

function CategoryDetail({ category, name, year, format }: CategoryDetailProps) {
  const t = useTranslations('mandate')
  const key = category.key as Category
  const months = format.monthNames()
  return (
    <div className="grid gap-6">
      <p className="flex items-center gap-2">
        <CategoryIcon category={key} size="sm" />
        <AppLink href={`/services?category=${key}&from=${year}-01-01&to=${year}-12-31`}>{t('done.list')}</AppLink>
      </p>
      <BarChart
        title={t('done.by_type')}
        description={t('done.by_type_what', { category: name, year })}
        labelHead={t('done.type')}
        valueHead={t('done.services')}
        format={format.number}
        bars={category.types.map((type) => ({
          key: type.key,
          label: t(`types.${key}.${type.key}` as 'types.legal.information_advice'),
          value: type.services,
          category: key,
        }))}
      />
      <BarChart
        title={t('done.by_month')}
        description={t('done.by_month_what', { category: name, year })}
        labelHead={t('done.month')}
        valueHead={t('done.services')}
        format={format.number}
        bars={category.months.map((services, at) => ({
          key: String(at),
          label: months[at] ?? String(at + 1),
          value: services,
          category: key,
        }))}
      />
    </div>
  )
}
