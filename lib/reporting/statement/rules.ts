import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

import type { CaseOfStatement } from './schema'

const ABOUT_PERSON = [
  'identity.names',
  'identity.birth_date',
  'identity.documents',
  'identity.addresses',
  'contact.name',
  'contact.channels',
  'contact.rules',
  'profile.birth_band',
  'profile.gender',
  'profile.languages',
  'profile.citizenship',
  'profile.dependants',
  'profile.disability',
  'profile.residency',
] as const

/** What the line of the ledger names of a statement: what it is about, kind by kind, and never a value. */
export function fieldsOfStatement(cases: readonly Pick<CaseOfStatement, 'needs' | 'help'>[]): readonly string[] {
  const has = (pick: (one: (typeof cases)[number]) => readonly { readonly category: CategoryKey }[]) => {
    const found = new Set(cases.flatMap(pick).map(({ category }) => category))
    return CATEGORY_KEYS.filter((key) => found.has(key))
  }
  return [
    ...ABOUT_PERSON,
    ...(cases.length === 0 ? [] : ['case.stage']),
    ...has(({ needs }) => needs).map((key) => `need.${key}`),
    ...has(({ help }) => help).map((key) => `service.${key}`),
  ]
}
