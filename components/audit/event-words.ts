import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator, type KeyTranslator } from '@/lib/i18n/translate-key'
import type { LogEventView } from '@/lib/audit/log/schema'

/** What an event of this type was, in words: those of the log, else those of a case's log, else the type itself. */
export function typeWords({ has, text }: KeyTranslator, type: string): string {
  const own = `audit.types.${type}`
  const ofCase = `cases.log_types.${type}`
  return has(own) ? text(own) : has(ofCase) ? text(ofCase) : type
}

/** The name of a field in words; one that has none reads as it is stored. */
export function fieldWords({ has, text }: KeyTranslator, field: string): string {
  const key = `audit.field.${field}`
  return has(key) ? text(key) : field
}

/** What happened, with what was refused and which fields it was about. */
export async function eventWords(): Promise<(event: Pick<LogEventView, 'type' | 'outcome' | 'fields'>) => string> {
  const t = await getTranslations('audit.log')
  const translator = await getKeyTranslator()
  const format = await getFormat()
  return ({ type, outcome, fields }) => {
    const notes = [
      outcome === 'success' || type === 'access.refused' ? null : t('refused'),
      fields.length === 0
        ? null
        : t('fields', { fields: format.list(fields.map((field) => fieldWords(translator, field))) }),
    ].filter((note) => note !== null)
    const words = typeWords(translator, type)
    return notes.length === 0 ? words : `${words} (${notes.join('; ')})`
  }
}
