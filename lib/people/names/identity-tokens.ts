import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js'

import { nameTokens, uniqueTokens, type SearchToken } from './tokens'

/** What of an identity makes a person findable. */
export type FindableIdentity = {
  readonly names: readonly string[]
  readonly phones?: readonly string[] | undefined
  readonly emails?: readonly string[] | undefined
  readonly documents?: readonly string[] | undefined
  /** A birth date or year; only its year is searched for. */
  readonly birthDate?: string | undefined
}

/** How many last digits of a number are looked for when its country isn't known. */
const TAILS = [9, 7]
const SHORTEST_DOCUMENT = 4

/** All tokens by which a person with this identity is found. `country` is where numbers without a + belong. */
export function identityTokens(identity: FindableIdentity, country?: string): SearchToken[] {
  const year = /^\d{4}/.exec(identity.birthDate ?? '')?.[0]
  return uniqueTokens([
    ...identity.names.flatMap(nameTokens),
    ...(identity.phones ?? []).flatMap((phone) => phoneTokens(phone, country)),
    ...(identity.emails ?? []).flatMap(emailTokens),
    ...(identity.documents ?? []).flatMap(documentTokens),
    ...(year === undefined ? [] : [{ kind: 'birth_year', value: year } as const]),
  ])
}

/** The number in E.164 form where it can be told, and its last nine and seven digits. */
export function phoneTokens(text: string, country?: string): SearchToken[] {
  const plain = text.normalize('NFKC').trim()
  // Dialling prefixes are typed as 00 in most countries; +00 belongs to none.
  const dialled = plain.replace(/^00(?=\d)/, '+')
  const parsed = parsePhoneNumberFromString(dialled, country as CountryCode | undefined)
  const digits = (parsed?.number ?? plain).replace(/\D/g, '')
  return [
    ...(parsed === undefined ? [] : [{ kind: 'phone', value: parsed.number } as const]),
    ...TAILS.filter((length) => digits.length >= length).map(
      (length) => ({ kind: 'phone_tail', value: digits.slice(-length) }) as const,
    ),
  ]
}

/** Document numbers are compared by letters and digits alone, in capitals. */
export function documentTokens(text: string): SearchToken[] {
  const value = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
  return value.length >= SHORTEST_DOCUMENT ? [{ kind: 'document', value }] : []
}

export function emailTokens(text: string): SearchToken[] {
  const value = text.normalize('NFKC').trim().toLowerCase()
  return value.includes('@') ? [{ kind: 'email', value }] : []
}
