import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'
import type { AreaView, ListedServiceView, RoomView } from '@/lib/directory/schema'

/** Says of an entry for whom it is, when, and with how much room, in the language of the screen. */
export async function offerWords(areas: readonly AreaView[]) {
  const t = await getTranslations('directory')
  const codes = await getTranslations('people.codes')
  const format = await getFormat()
  const nameOf = (key: string) => areas.find((area) => area.key === key)?.name ?? key

  function ages({ minAge, maxAge }: ListedServiceView): string | null {
    if (minAge === null && maxAge === null) return null
    if (minAge === null) return t('years', { range: t('max_age', { age: String(maxAge) }) })
    if (maxAge === null) return t('years', { range: t('min_age', { age: String(minAge) }) })
    return t('years', { range: t('age_range', { from: String(minAge), to: String(maxAge) }) })
  }

  function genders(service: ListedServiceView): string | null {
    if (service.genders.length === 0) return null
    return format.list(service.genders.map((gender) => codes(`gender.${gender}`)))
  }

  /** Who may come: nothing to say means everybody. */
  function whom(service: ListedServiceView): readonly string[] {
    const limits = [genders(service), ages(service)].filter((limit) => limit !== null)
    return limits.length === 0 ? [t('everybody')] : limits
  }

  function where(service: ListedServiceView): string {
    return service.areas.length === 0 ? t('all_areas') : format.list(service.areas.map(nameOf))
  }

  function languages(service: ListedServiceView): string {
    const spoken = service.languages.map((code) => format.language(code))
    const all = service.interpreters ? [...spoken, t('interpreter')] : spoken
    return all.length === 0 ? t('languages_untold') : format.list(all)
  }

  /** "3 beds free of 14": only a number that somebody gave. */
  function room(told: RoomView | null): string {
    if (told === null) return t('room_untold')
    const { unit, available, maximum } = told
    if (available === null) return t('room_untold')
    const free = t(`free.${unit}`, { count: available })
    return maximum === null ? free : `${free} ${t('of_maximum', { count: maximum })}`
  }

  function roomAge(told: RoomView): string {
    return told.ageMinutes < 1 ? t('room_now') : t('room_age', { time: format.duration(told.ageMinutes) })
  }

  return { whom, where, languages, room, roomAge }
}
