import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { CategoryTile } from '@/components/assistance/category-tile'
import { MandateChip } from '@/components/mandate/mandate-chip'
import { ParagraphText, TextSources } from '@/components/mandate/paragraph-text'
import { DataTable } from '@/components/ui/data-table'
import { Disclosure } from '@/components/ui/details'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS, RELATED_PARAGRAPHS, SERVICE_TYPES, type CategoryKey } from '@/lib/mandate/categories'
import { PARAGRAPHS, RESOLUTION, type ResolutionItem } from '@/lib/mandate/resolution'
import { mandateLink, paragraphsFor } from '@/lib/mandate/rules'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('mandate')
  return { title: t('page_title') }
}

/** The whole resolution in both languages, after the map of what is recorded under which paragraph. */
export default async function MandatePage() {
  await requireActor()
  const t = await getTranslations('mandate')
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={t('title')}
        facts={t('about', { symbol: RESOLUTION.symbol, day: format.day(RESOLUTION.adopted, 'long') })}
        primary={<PrintButton label={t('print')} />}
      />
      <Section title={t('map.title')}>
        <CategoryMap />
      </Section>
      <Section title={t('whole')}>
        <ParagraphText zh={RESOLUTION.title.zh} en={RESOLUTION.title.en} />
        <TextSources />
        <p className="mt-1 text-note text-ink-3">{t('textNote')}</p>
      </Section>
      {PARAGRAPHS.map(({ number, opening, theme, zh, en, items }) => (
        <Section
          key={number}
          id={`p${number}`}
          title={t('paragraphName', { paragraph: number })}
          aside={<span className="text-note text-ink-2">{t(`themes.${theme}`)}</span>}
        >
          <ParagraphText zh={zh} en={en} opening={opening} />
          <Items above={number} items={items} />
          <p className="no-print mt-3">
            <AppLink href={mandateLink(number).href}>{t('open_paragraph', { paragraph: number })}</AppLink>
          </p>
        </Section>
      ))}
    </>
  )
}

async function CategoryMap() {
  const t = await getTranslations('mandate')
  const types = (category: CategoryKey): string[] =>
    SERVICE_TYPES[category].map((type) => t(`types.${category}.${type}` as 'types.legal.information_advice'))
  return (
    <DataTable
      caption={t('map.caption')}
      isCaptionHidden
      rows={CATEGORY_KEYS}
      rowKey={(category) => category}
      empty={null}
      columns={[
        { key: 'category', head: t('map.category'), cell: (category) => <CategoryTile category={category} /> },
        {
          key: 'paragraphs',
          head: t('map.paragraphs'),
          cell: (category) => <Chips paragraphs={paragraphsFor({ category }).map(({ paragraph }) => paragraph)} />,
        },
        {
          key: 'also',
          head: t('map.also'),
          cell: (category) => <Chips paragraphs={RELATED_PARAGRAPHS[category]} />,
        },
        {
          key: 'types',
          head: t('map.types'),
          cell: (category) => (
            <Disclosure summary={t('map.types_count', { count: SERVICE_TYPES[category].length })}>
              <ul>
                {types(category).map((type) => (
                  <li key={type}>{type}</li>
                ))}
              </ul>
            </Disclosure>
          ),
        },
      ]}
    />
  )
}

function Chips({ paragraphs }: { readonly paragraphs: readonly string[] }) {
  return (
    <span className="inline-flex flex-wrap gap-1">
      {paragraphs.map((paragraph) => (
        <MandateChip key={paragraph} paragraph={paragraph} />
      ))}
    </span>
  )
}

function Items({ above, items }: { readonly above: string; readonly items: readonly ResolutionItem[] }) {
  if (items.length === 0) return null
  return (
    <ul className="mt-4 grid gap-4 border-s-2 border-line ps-4">
      {items.map(({ letter, zh, en, items: inner }) => {
        const paragraph = `${above}(${letter})`
        return (
          <li key={letter} className="grid gap-1">
            <p>
              <MandateChip paragraph={paragraph} />
            </p>
            <ParagraphText zh={zh} en={en} />
            <Items above={paragraph} items={inner} />
          </li>
        )
      })}
    </ul>
  )
}
