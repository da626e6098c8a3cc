import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { typeNames } from '@/components/assistance/category-choices'
import { profileTexts } from '@/components/people/profile-texts'
import { SafeContact, SafeContactText } from '@/components/people/safe-contact-line'
import type { Format } from '@/lib/i18n/format'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { isCategoryKey } from '@/lib/mandate/categories'
import type { DocumentRecord, NameRecord } from '@/lib/people/identity-schema'
import type { ProfileQuestion, ProfileView } from '@/lib/people/profile-schema'
import { asFact, type FactOf } from '@/lib/referrals/facts-schema'

/** Writes the facts that leave with a referral in the language of the screen, or of another reader. What nobody recorded is said so. */
export async function fieldValues(reader?: Format): Promise<(field: string, value: unknown) => ReactNode> {
  const format = reader ?? (await getFormat())
  const { locale } = format
  const t = await getTranslations({ locale, namespace: 'referrals' })
  const cases = await getTranslations({ locale, namespace: 'cases' })
  const services = await getTranslations({ locale, namespace: 'assistance.service' })
  const urgencies = await getTranslations({ locale, namespace: 'ui.urgency' })
  const typed = await typeNames(locale)
  const { stated } = await profileTexts(format)
  const { text } = await getKeyTranslator(locale)
  const none = t('value.none')
  const answer = <Q extends ProfileQuestion>(question: Q, given: ProfileView[Q] | undefined): string =>
    given === undefined ? none : (stated({ [question]: given } as unknown as ProfileView, question) ?? none)
  const list = (texts: readonly (string | null)[]) => {
    const said = texts.filter((one): one is string => one !== null && one !== '' && one !== none)
    return said.length === 0 ? none : format.list(said)
  }

  return (field, value) => {
    if (value === null || value === undefined) return none
    const fact = asFact(field, value)
    switch (fact.kind) {
      case 'birth':
        return answer('birth', fact.value)
      case 'gender':
        return answer('gender', fact.value)
      case 'languages':
        return list([answer('languages', fact.value.languages), answer('interpreter', fact.value.interpreter)])
      case 'citizenship':
        return answer('citizenships', fact.value)
      case 'dependants':
        return list([answer('dependants', fact.value.dependants), answer('pregnancy', fact.value.pregnancy)])
      case 'disability':
        return answer('disability', fact.value)
      case 'residency':
        return list([answer('migration', fact.value.migration), answer('displacement', fact.value.displacement)])
      case 'stage':
        return cases(`stage.${fact.value}`)
      case 'risk':
        return cases(`risk.${fact.value}`)
      case 'need':
        return list(fact.value.map(({ type, urgency }) => `${nameOf(typed, field, type)}, ${urgencies(urgency)}`))
      case 'service':
        return list(
          fact.value.map(
            ({ type, deliveredOn, status }) =>
              `${nameOf(typed, field, type)}, ${format.day(deliveredOn)}, ${services(`status.${status}`)}`,
          ),
        )
      case 'name':
        return <bdi>{fact.value.value}</bdi>
      case 'names':
        return namesText(fact.value, (names) => t('value.names_also', { names: format.list(names) }), none)
      case 'channels':
        return list([...fact.value.phones, ...fact.value.emails])
      case 'rules':
        return reader === undefined ? (
          <SafeContact view={fact.value} />
        ) : (
          <SafeContactText view={fact.value} format={format} />
        )
      case 'date':
        return /^\d{4}-\d{2}-\d{2}$/.test(fact.value) ? format.day(fact.value, 'long') : fact.value
      case 'documents':
        return list(fact.value.map((document) => documentText(document, (country) => format.country(country))))
      case 'texts':
        return list(fact.value)
      case 'experience':
        return list([
          ...fact.value.acts.map((code) => text(`people.codes.acts.${code}`)),
          ...fact.value.means.map((code) => text(`people.codes.means.${code}`)),
          ...fact.value.purposes.map((code) => text(`people.codes.purposes.${code}`)),
        ])
      case 'identification':
        return cases(`identification.${fact.value.status}`)
      default:
        return none
    }
  }
}

function nameOf(typed: Awaited<ReturnType<typeof typeNames>>, field: string, type: string | null): string {
  const category = field.split('.')[1] ?? ''
  return isCategoryKey(category) ? typed(category, type) : category
}

function namesText(
  { names, aliases }: FactOf<'names'>,
  also: (names: readonly string[]) => string,
  none: string,
): ReactNode {
  const valuesOf = (records: readonly NameRecord[]) => records.map(({ value }) => value)
  if (names.length + aliases.length === 0) return none
  return (
    <span dir="auto">
      {valuesOf(names).join(' · ')}
      {aliases.length === 0 ? null : ` (${also(valuesOf(aliases))})`}
    </span>
  )
}

function documentText({ number, country }: DocumentRecord, name: (country: string) => string): string {
  return country === undefined ? number : `${number} (${name(country)})`
}
