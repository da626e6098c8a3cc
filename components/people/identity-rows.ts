import { getTranslations } from 'next-intl/server'
import type { RevealRow } from '@/lib/forms/reveal-state'
import type { Format } from '@/lib/i18n/format'
import { getFormat } from '@/lib/i18n/get-format'
import { glyphLanguage } from '@/lib/people/identity-rules'
import type { IdentityView } from '@/lib/people/identity-schema'

/** An identity as the band shows it, line by line; each name with the language that gives it the right glyphs. In the reader's own words, or another's. */
export async function identityRows(identity: IdentityView, reader?: Format): Promise<readonly RevealRow[]> {
  const format = reader ?? (await getFormat())
  const t = await getTranslations({ locale: format.locale, namespace: 'persons.identity' })
  const written = (label: string, values: readonly string[]) =>
    values.map((value): RevealRow => {
      const lang = glyphLanguage(value)
      return { label, value, ...(lang === undefined ? {} : { lang }) }
    })
  const documents = identity.documents.map(({ type, number, country }) => ({
    label: type === undefined ? t('document') : t(`document_types.${type}`),
    value: country === undefined ? number : format.list([number, format.country(country)]),
  }))
  const rows = [
    ...written(
      t('name'),
      identity.names.map(({ value }) => value),
    ),
    ...written(
      t('alias'),
      identity.aliases.map(({ value }) => value),
    ),
    ...(identity.birthDate === null ? [] : [{ label: t('birth_read'), value: format.day(identity.birthDate, 'long') }]),
    ...written(t('phone'), identity.phones),
    ...written(t('email'), identity.emails),
    ...written(t('address'), identity.addresses),
    ...documents,
  ]
  return rows.length > 0 ? rows : [{ label: t('name'), value: t('none') }]
}
