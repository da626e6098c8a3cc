import { getTranslations } from 'next-intl/server'
import type { Locale } from '@/lib/i18n/locale'
import type { DisclosureView } from '@/lib/consent/sharing/schema'

/** The words for lines of the ledger, in the reader's language or in the person's. */
export async function disclosureWords(locale: Locale) {
  const t = await getTranslations({ locale, namespace: 'disclosures' })
  const fieldNames = await getTranslations({ locale, namespace: 'consents.fields' })
  type Field = Parameters<typeof fieldNames>[0]
  type Basis = Parameters<typeof t>[0]
  return {
    receiver: ({ receiver, agencyName }: Pick<DisclosureView, 'receiver' | 'agencyName'>) =>
      agencyName ?? t(`receiver.${receiver}`),
    fields: (keys: readonly string[]) =>
      keys.map((key) =>
        key === 'all' ? t('all') : fieldNames.has(key as Field) ? fieldNames(key as Field) : t('other'),
      ),
    bases: (keys: readonly string[]) =>
      keys.map((key) => (t.has(`bases.${key}` as Basis) ? t(`bases.${key}` as Basis) : t('other'))),
  }
}
