import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { OversightEvent } from '@/lib/oversight/log/schema'

/** The roles of whoever acted, in words. */
export async function roleWords(): Promise<(roles: readonly string[]) => string> {
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  return (roles) => format.list(roles.map((role) => text(`agencies.role.${role}`)))
}

/** Why, and on what it rests: the purpose and the basis in words where there are words for them, else as they are coded. */
export async function basisWords(): Promise<(event: Pick<OversightEvent, 'purpose' | 'basis'>) => string> {
  const { has, text } = await getKeyTranslator()
  const wordOf = (code: string) => {
    const key = `oversight.log.coded.${code.toLowerCase().replaceAll('-', '_')}`
    return has(key) ? text(key) : code
  }
  return ({ purpose, basis }) =>
    [purpose, basis]
      .filter((code) => code !== null)
      .map(wordOf)
      .join('; ')
}
