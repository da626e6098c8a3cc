import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'

/** A date that was counted in working days, and by which version of the network's calendar, where that was noted. */
export async function countedDate(at: Date, calendarVersion: number | null): Promise<string> {
  const t = await getTranslations('ui.network')
  const when = (await getFormat()).moment(at)
  return calendarVersion === null ? when : t('counted', { when, version: calendarVersion })
}
