import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { OversightEvent } from '@/lib/oversight/log/schema'
import { RULE_WORDS } from '@/lib/oversight/rules/words'

/** The roles of whoever acted, in words. */
export async function roleWords(): Promise<(roles: readonly string[]) => string> {
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  return (roles) => format.list(roles.map((role) => text(`agencies.role.${role}`)))
}

/** What a code in the log stands for: its word, a rule's title, else the code with spaces. */
async function codedWords(): Promise<(code: string) => string> {
  const { has, text } = await getKeyTranslator()
  const { locale } = await getFormat()
  return (code) => {
    const key = `oversight.log.coded.${code.toLowerCase().replaceAll('-', '_')}`
    if (has(key)) return text(key)
    return RULE_WORDS[code]?.[locale].title ?? (/^[a-z_]+$/.test(code) ? code.replaceAll('_', ' ') : code)
  }
}

/** Of which kind the record is that an event is about, where it is about nobody. */
export async function recordWords(): Promise<(record: string) => string> {
  const wordOf = await codedWords()
  return (record) => (/^[A-Z]{3}$/.test(record) ? wordOf(record) : record)
}

/** Why, and on what it rests: the purpose and the basis in words. */
export async function basisWords(): Promise<(event: Pick<OversightEvent, 'purpose' | 'basis'>) => string> {
  const wordOf = await codedWords()
  return ({ purpose, basis }) =>
    [purpose, basis]
      .filter((code) => code !== null)
      .map(wordOf)
      .join('; ')
}
