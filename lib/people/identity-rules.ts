import type { IdentityInput, IdentityRecord, NameRecord } from './identity-schema'
import { identityTokens } from './names/identity-tokens'
import type { SearchToken } from './names/tokens'

export const EMPTY_IDENTITY: IdentityRecord = {
  names: [],
  aliases: [],
  birthDate: null,
  phones: [],
  emails: [],
  addresses: [],
  documents: [],
}

/** The identity after a change: what was given replaces what was there, the rest stays. */
export function withIdentity(before: IdentityRecord, input: IdentityInput): IdentityRecord {
  const values = (list: readonly { readonly value: string }[]) => list.map(({ value }) => value)
  return {
    names: input.names === undefined ? before.names : input.names.map(nameRecord),
    aliases: input.aliases === undefined ? before.aliases : input.aliases.map(nameRecord),
    birthDate: birthOf(before, input),
    phones: input.phones === undefined ? before.phones : values(input.phones),
    emails: input.emails === undefined ? before.emails : values(input.emails),
    addresses: input.addresses === undefined ? before.addresses : values(input.addresses),
    documents: input.documents === undefined ? before.documents : input.documents.map(withoutGaps),
  }
}

function birthOf(before: IdentityRecord, { birthDate, birthYear }: IdentityInput): string | null {
  if (typeof birthDate === 'string') return birthDate
  if (typeof birthYear === 'number') return String(birthYear)
  return birthDate === null || birthYear === null ? null : before.birthDate
}

function nameRecord({ value, script }: { readonly value: string; readonly script?: string | undefined }): NameRecord {
  return { value: value.normalize('NFC'), ...(script === undefined ? {} : { script }) }
}

function withoutGaps<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

/** Whether nothing at all is known. */
export function isBlankIdentity(identity: IdentityRecord): boolean {
  return Object.values(identity).every((part) => part === null || (Array.isArray(part) && part.length === 0))
}

/** The year of birth, or null. */
export function birthYearOf(identity: Pick<IdentityRecord, 'birthDate'>): number | null {
  return identity.birthDate === null ? null : Number(identity.birthDate.slice(0, 4))
}

/** Whether the date of birth, or the part of it that is known, lies after `today` (`YYYY-MM-DD`). */
export function isBornLater(identity: Pick<IdentityRecord, 'birthDate'>, today: string): boolean {
  const { birthDate } = identity
  return birthDate !== null && birthDate > today.slice(0, birthDate.length)
}

/** What the person can be found by, in the clear. `country` is where phone numbers without a + belong. */
export function findableTokens(identity: IdentityRecord, country: string): SearchToken[] {
  return identityTokens(
    {
      names: [...identity.names, ...identity.aliases].map(({ value }) => value),
      phones: identity.phones,
      emails: identity.emails,
      documents: identity.documents.map(({ number }) => number),
      birthDate: identity.birthDate ?? undefined,
    },
    country,
  )
}

/** The names of the parts that differ between two identities, for the log: never what stands in them. */
export function changedParts(before: IdentityRecord, after: IdentityRecord): (keyof IdentityRecord)[] {
  const parts = Object.keys(EMPTY_IDENTITY) as (keyof IdentityRecord)[]
  return parts.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
}

const SCRIPTS: readonly (readonly [sign: RegExp, language: string])[] = [
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'ja'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Ethiopic}/u, 'am'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Bengali}/u, 'bn'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Greek}/u, 'el'],
]

/** A language that gives a text the right glyphs when nothing else is known of it; undefined for Latin letters. */
export function glyphLanguage(text: string): string | undefined {
  return SCRIPTS.find(([sign]) => sign.test(text))?.[1]
}
