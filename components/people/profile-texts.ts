import { getTranslations } from 'next-intl/server'
import type { Format } from '@/lib/i18n/format'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { CodeList } from '@/lib/people/codes'
import { agesOfBand } from '@/lib/people/profile-rules'
import type { ProfileQuestion, ProfileView } from '@/lib/people/profile-schema'

const LAST_OF_BAND = 4

/** Writes the answers of a profile in the language of the screen, or of another reader. An answer that wasn't stated has no text here. */
export async function profileTexts(reader?: Format) {
  const format = reader ?? (await getFormat())
  const t = await getTranslations({ locale: format.locale, namespace: 'persons' })
  const { text } = await getKeyTranslator(format.locale)
  const codeText = (list: CodeList, code: string) => text(`people.codes.${list}.${code}`)

  /** 1995–1999: years of birth. */
  const band = (first: number) => t('band', { from: String(first), to: String(first + LAST_OF_BAND) })
  /** 26–31: the ages that someone of this band may have this year. */
  const ages = (first: number) => t('ages', agesOfBand(first, new Date().getFullYear()))

  function stated(profile: ProfileView, question: ProfileQuestion): string | null {
    const answer = profile[question]
    if (answer.state !== 'stated') return null
    if ('values' in answer) {
      const names = answer.values.map((value) => {
        if (question === 'citizenships') return format.country(value)
        return question === 'languages' ? format.language(value) : codeText('disability', value)
      })
      return format.list(names)
    }
    const { value } = answer
    if (typeof value === 'number')
      return question === 'birth' ? band(value) : t('profile.dependants.count', { count: value })
    if (typeof value === 'boolean') {
      return question === 'interpreter'
        ? t(value ? 'profile.interpreter.yes' : 'profile.interpreter.no')
        : t(value ? 'profile.pregnancy.yes' : 'profile.pregnancy.no')
    }
    const lists = { gender: 'gender', migration: 'migrationStatus', displacement: 'displacement' } as const
    return question in lists ? codeText(lists[question as keyof typeof lists], value) : value
  }

  return { band, ages, stated }
}
