import { getTranslations } from 'next-intl/server'
import { DataTable } from '@/components/ui/data-table'
import { Details } from '@/components/ui/details'
import { Section } from '@/components/ui/page-header'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { DisparityView } from '@/lib/oversight/disparities/schema'
import { clusteredTerms, type ClusteredTerm } from '@/lib/oversight/statistics/clustered'
import { INTERCEPT } from '@/lib/oversight/statistics/logistic'
import { TOGETHER } from '@/lib/reporting/cube/schema'
import { chance } from './chance'
import { ratioText, type DisparityWords } from './disparity-words'

type Props = { readonly view: DisparityView; readonly words: DisparityWords }

/** All groups, and what is held equal, in one model: a row for each term, with errors by person where they can be. */
export async function DisparityRegression({ view, words }: Props) {
  if (view.logistic === null) return null
  const t = await getTranslations('disparities.regression')
  const chart = await getTranslations('disparities.chart')
  const nameOf = await termNames(view, words)
  const terms = view.clustered?.terms ?? clusteredTerms(view.logistic.terms, 1)
  return (
    <Section title={t('title')}>
      <Details summary={t('terms')} value={view.clustered === null ? t('apart') : t('by_person')}>
        <p className="mb-3 measure">{t('note')}</p>
        <DataTable<ClusteredTerm>
          caption={t('title')}
          rows={terms.filter(({ term }) => term !== INTERCEPT)}
          rowKey={({ term }) => term}
          empty={null}
          columns={[
            { key: 'term', head: t('term'), cell: ({ term }) => nameOf(term) },
            { key: 'odds', head: t('odds'), align: 'end', cell: ({ oddsRatio }) => ratioText(oddsRatio) },
            { key: 'p', head: chart('p'), align: 'end', cell: ({ p }) => (p === null ? '—' : chance(p)) },
          ]}
        />
      </Details>
    </Section>
  )
}

async function termNames({ ground, agencyNames }: DisparityView, words: DisparityWords) {
  const strata = await getTranslations('disparities.strata')
  const { text } = await getKeyTranslator()
  return (term: string) => {
    const at = term.indexOf('=')
    const [column, level] = [term.slice(0, at), term.slice(at + 1)]
    if (column === ground) return words.group(level)
    if (level === TOGETHER) return strata('rest')
    return column === 'category' ? text(`mandate.categories.${level}`) : (agencyNames[level] ?? level)
  }
}
