import { getTranslations } from 'next-intl/server'
import { typeWords } from '@/components/audit/event-words'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { FindingBasis, FindingHeadline, FindingSource } from '@/lib/oversight/findings/schema'
import { RULE_WORDS } from '@/lib/oversight/rules/words'

/** A finding in one sentence, by the kind of its source. */
export async function findingWords(): Promise<(kind: FindingSource | null, headline: FindingHeadline) => string> {
  const t = await getTranslations('findings.headline')
  const disparities = await getTranslations('disparities')
  const translator = await getKeyTranslator()
  const { locale } = await getFormat()
  return (kind, { rule = '', outcome = '', ground = '', type }) => {
    switch (kind) {
      case 'rule':
        return RULE_WORDS[rule]?.[locale].title ?? rule
      case 'disparity':
        return disparities('of', {
          outcome: translator.text(`disparities.outcome.${outcome}`),
          ground: translator.text(`disparities.ground.${ground}`),
        })
      case 'event':
        return type === undefined ? t('event_hidden') : t('event', { what: typeWords(translator, type) })
      case 'sample':
        return t('sample')
      case 'complaint':
        return t('complaint')
      case null:
        return t('untold')
    }
  }
}

const PARAGRAPHS = {
  '8': 'paragraph_eight',
  '6(c)': 'paragraph_six_c',
  'Palermo 14(2)': 'palermo_fourteen',
} as const satisfies Partial<Record<FindingBasis, string>>
type Paragraph = keyof typeof PARAGRAPHS

/** The key of a basis among messages, in which no bracket can stand. */
export function basisKey(basis: FindingBasis) {
  return isParagraph(basis) ? PARAGRAPHS[basis] : basis
}

function isParagraph(basis: FindingBasis): basis is Paragraph {
  return basis in PARAGRAPHS
}
