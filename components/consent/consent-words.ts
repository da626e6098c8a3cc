import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'
import { isForSomebodyElse, type ConsentView } from '@/lib/consent/schema'

type Receiver = Pick<ConsentView, 'agencyName' | 'agencyKind' | 'purpose'>

/** Who receives: an agency, a kind of agency, or for what stays in the agency nobody else. */
export async function receiverWords({ agencyName, agencyKind, purpose }: Receiver): Promise<string> {
  const t = await getTranslations('consents.receiver')
  if (agencyName !== null) return agencyName
  if (agencyKind !== null) return t(`kind.${agencyKind}`)
  return t(isForSomebodyElse(purpose) ? 'anybody' : 'own')
}

/** "Legal, Medical", or all of them in two words. */
export async function categoryWords(categories: ConsentView['categories']): Promise<string> {
  const t = await getTranslations('consents')
  const names = await getTranslations('mandate.categories')
  const { list } = await getFormat()
  return categories.length === 6 ? t('all_categories') : list(categories.map((key) => names(key)))
}

/** "until 3 May 2027", "no end". */
export async function untilWords({ endsOn }: Pick<ConsentView, 'endsOn'>): Promise<string> {
  const t = await getTranslations('consents')
  const { day } = await getFormat()
  return endsOn === null ? t('no_end') : day(endsOn)
}
