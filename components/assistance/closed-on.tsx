import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'

/** On the forms of a closed case: until which day it takes what was written on paper. */
export async function ClosedOn({ day }: { readonly day: string }) {
  const t = await getTranslations('assistance.date')
  const format = await getFormat()
  return t('closed', { day: format.day(day) })
}
