import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { TOGETHER, type Ground } from '@/lib/reporting/cube/schema'

/** What is seen or told at a door is coarser than what a profile says, and has words of its own. */
const AT_A_DOOR = { age: 'turned_away.age', migration: 'turned_away.migration' } as const
const STATES = ['declined', 'not_asked', 'unknown', 'not_recorded', 'several']
/** Grounds whose values are codes of a list of the standard. */
const LISTS: Partial<Record<Ground, string>> = {
  gender: 'gender',
  migration: 'migrationStatus',
  exploitation: 'purpose',
}

/** Writes the groups of a ground in the language of the screen. */
export async function groupWords(ground: Ground): Promise<(level: string) => string> {
  const t = await getTranslations('disparities')
  const format = await getFormat()
  const { has, text } = await getKeyTranslator(format.locale)
  return (level) => {
    if (level === TOGETHER) return t('together')
    if (STATES.includes(level)) return text(`disparities.state.${level}`)
    if (ground === 'language') return format.language(level)
    const door = ground === 'age' || ground === 'migration' ? `${AT_A_DOOR[ground]}.${level}` : ''
    if (has(door)) return text(door)
    const list = LISTS[ground]
    return text(list === undefined ? `disparities.level.${ground}.${level}` : `people.codes.${list}.${level}`)
  }
}
