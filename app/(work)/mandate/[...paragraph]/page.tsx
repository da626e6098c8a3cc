import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CategoryTile, type Category } from '@/components/assistance/category-tile'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { MandateChip } from '@/components/mandate/mandate-chip'
import { ParagraphFiguresView, YearChoice } from '@/components/mandate/paragraph-figures'
import { ParagraphText, TextSources } from '@/components/mandate/paragraph-text'
import { ParagraphWays } from '@/components/mandate/paragraph-ways'
import { Code } from '@/components/ui/code'
import { AppLink, RecordLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import type { Format } from '@/lib/i18n/format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import {
  PARAGRAPH_KEYS,
  mandateLink,
  paragraphAt,
  paragraphOrder,
  paragraphParts,
  paragraphText,
  partsWithRecords,
  takesRecords,
  waysTo,
} from '@/lib/mandate/rules'
import { figureYear, type LatestRecord } from '@/lib/reporting/figures/schema'
import { viewParagraphFigures } from '@/lib/reporting/figures/service'

type Props = PageProps<'/mandate/[...paragraph]'>

export const generateMetadata = titleOrMissing(ParagraphPage, async ({ params }: Props) => {
  const t = await getTranslations('mandate')
  const paragraph = paragraphAt((await params).paragraph)
  return { title: paragraph === null ? t('page_title') : t('paragraph_page_title', { paragraph }) }
})

export default orMissing(ParagraphPage)

/** One paragraph: its text, how a record comes under it, and what the viewer's agency did under it. */
async function ParagraphPage({ params, searchParams }: Props) {
  const actor = await requireActor()
  const paragraph = paragraphAt((await params).paragraph)
  const text = paragraph === null ? null : paragraphText(paragraph)
  if (paragraph === null || text === null) notFound()

  const t = await getTranslations('mandate')
  const { text: note, has } = await getKeyTranslator()
  const format = await getFormat()
  const parts = paragraphParts(paragraph)
  const withRecords = takesRecords(paragraph) || partsWithRecords(paragraph).length > 0
  const noteKey = `mandate.notes.${paragraph.replaceAll(/[()]/g, '')}`
  const year = figureYear.safeParse((await searchParams)['year'])
  const figures = withRecords
    ? await viewParagraphFigures(actor, { paragraph, ...(year.success ? { year: year.data } : {}) })
    : null
  const href = mandateLink(paragraph).href
  return (
    <>
      <PageHeader
        title={t('paragraphName', { paragraph })}
        crumbs={[
          { label: t('title'), href: '/mandate' },
          ...ancestors(paragraph).map((above) => ({ label: above, href: mandateLink(above).href })),
        ]}
        secondary={<PrintButton label={t('print')} />}
      />
      <Neighbours paragraph={paragraph} />
      <div className="mb-8">
        <ParagraphText zh={text.zh} en={text.en} />
        <TextSources />
      </div>
      {has(noteKey) ? (
        <div className="mb-8">
          <Notice title={t('in_amparo')}>{note(noteKey)}</Notice>
        </div>
      ) : null}
      {parts.length === 0 ? null : (
        <Section title={t('parts')}>
          <ul className="grid gap-4">
            {parts.map((part) => (
              <li key={part} className="grid gap-1">
                <p>
                  <MandateChip paragraph={part} />
                </p>
                <ParagraphText {...(paragraphText(part) ?? { zh: '', en: '' })} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('ways.title')}>
        <ParagraphWays ways={waysTo(paragraph)} hasParts={withRecords} format={format} />
      </Section>
      {figures === null ? null : (
        <Section
          title={t('done.title', { paragraph })}
          aside={<span className="text-note text-ink-2">{t('done.scope')}</span>}
        >
          {figures.ok ? (
            <div className="grid gap-6">
              <YearChoice action={href} figures={figures.value} />
              {figures.value.services === 0 ? null : <Totals figures={figures.value} />}
              <ParagraphFiguresView paragraph={paragraph} figures={figures.value} format={format} />
            </div>
          ) : (
            <p className="measure text-ink-2">{t('done.not_yours')}</p>
          )}
        </Section>
      )}
      {figures?.ok === true && figures.value.latest.length > 0 ? (
        <Section title={t('latest.title')}>
          <Latest records={figures.value.latest} format={format} />
        </Section>
      ) : null}
      {/* The same links again for whoever has read to the end; one landmark is enough. */}
      <NeighbourLinks paragraph={paragraph} />
    </>
  )
}

type Totalled = { readonly services: number; readonly persons: number | null; readonly year: number }

async function Totals({ figures }: { readonly figures: Totalled }) {
  const t = await getTranslations('mandate.done')
  const year = String(figures.year)
  const { services, persons } = figures
  if (persons !== null) return <p className="text-lead tabular-nums">{t('facts', { services, persons, year })}</p>
  const line = t('facts_parts', { services, year })
  return (
    <div>
      <p className="text-lead tabular-nums">{line}</p>
      <p className="text-note text-ink-2">{t('facts_note')}</p>
    </div>
  )
}

async function Latest({ records, format }: { readonly records: readonly LatestRecord[]; readonly format: Format }) {
  const t = await getTranslations('mandate')
  return (
    <>
      <ul className="mb-3 grid gap-2">
        {records.map(({ code, case: caseCode, category, type, deliveredOn }) => (
          <li key={code} className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <RecordLink href={`/cases/${caseCode}/services/${code}`}>
              <Code code={code} />
            </RecordLink>
            <CategoryTile
              category={category as Category}
              label={t(`types.${category}.${type}` as 'types.legal.information_advice')}
            />
            <span className="text-note text-ink-2">{format.day(deliveredOn, 'short')}</span>
          </li>
        ))}
      </ul>
      <AppLink href="/services">{t('latest.all')}</AppLink>
    </>
  )
}

async function Neighbours({ paragraph }: { readonly paragraph: string }) {
  const t = await getTranslations('mandate')
  return (
    <nav aria-label={t('neighbours')}>
      <NeighbourLinks paragraph={paragraph} />
    </nav>
  )
}

async function NeighbourLinks({ paragraph }: { readonly paragraph: string }) {
  const t = await getTranslations('mandate')
  const at = paragraphOrder(paragraph)
  const previous = PARAGRAPH_KEYS[at - 1]
  const next = PARAGRAPH_KEYS[at + 1]
  return (
    <p className="no-print mb-6 flex flex-wrap justify-between gap-4 text-note">
      {previous === undefined ? (
        <span />
      ) : (
        <AppLink href={mandateLink(previous).href}>{t('previous', { paragraph: previous })}</AppLink>
      )}
      {next === undefined ? null : <AppLink href={mandateLink(next).href}>{t('next', { paragraph: next })}</AppLink>}
    </p>
  )
}

/** The paragraphs that this one is a part of: 5(b)(ii) lies in 5 and 5(b). */
function ancestors(paragraph: string): string[] {
  return PARAGRAPH_KEYS.filter((key) => paragraph.startsWith(`${key}(`))
}
