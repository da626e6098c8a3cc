import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

/** How much of who someone is goes along: nothing, how to reach them, all of it. Each holds what stands before it. */
export const IDENTITY_LEVELS = ['none', 'contact', 'full'] as const
export type IdentityLevel = (typeof IDENTITY_LEVELS)[number]

/** What can be told of a person, by the category it belongs to (null: to none) and the level from which on it goes. */
export type DisclosureField = {
  readonly key: FieldKey
  readonly category: CategoryKey | null
  readonly identity: IdentityLevel
}

const ABOUT_PERSON = {
  'profile.birth_band': 'none',
  'profile.gender': 'none',
  'profile.languages': 'none',
  'profile.citizenship': 'none',
  'profile.dependants': 'none',
  'profile.disability': 'none',
  'profile.residency': 'none',
  'case.stage': 'none',
  'case.risk': 'none',
  'contact.name': 'contact',
  'contact.channels': 'contact',
  'contact.rules': 'contact',
  'identity.names': 'full',
  'identity.birth_date': 'full',
  'identity.documents': 'full',
  'identity.addresses': 'full',
  'case.experience': 'full',
  'case.identification': 'full',
} as const satisfies Record<string, IdentityLevel>

export type FieldKey = keyof typeof ABOUT_PERSON | `need.${CategoryKey}` | `service.${CategoryKey}`

/**
 * Every field that can leave, as in the table `disclosure_field`, which the database asks. Notes, texts of contacts,
 * the address of a shelter and whatever else has no key here leave on no basis.
 */
export const DISCLOSURE_FIELDS: readonly DisclosureField[] = [
  ...Object.entries(ABOUT_PERSON).map(([key, identity]) => ({ key: key as FieldKey, category: null, identity })),
  ...CATEGORY_KEYS.flatMap((category): DisclosureField[] => [
    { key: `need.${category}`, category, identity: 'none' },
    { key: `service.${category}`, category, identity: 'none' },
  ]),
]

export const FIELD_KEYS: readonly FieldKey[] = DISCLOSURE_FIELDS.map(({ key }) => key)

const BY_KEY: ReadonlyMap<string, DisclosureField> = new Map(DISCLOSURE_FIELDS.map((field) => [field.key, field]))

/** The field that a key names; undefined for what never leaves. */
export function fieldOf(key: string): DisclosureField | undefined {
  return BY_KEY.get(key)
}

/** Whether one level holds another. */
export function holdsLevel(given: IdentityLevel, wanted: IdentityLevel): boolean {
  return IDENTITY_LEVELS.indexOf(given) >= IDENTITY_LEVELS.indexOf(wanted)
}

/** The fields that a question about categories and a level is about. */
export function fieldsFor(categories: readonly CategoryKey[], identity: IdentityLevel): readonly FieldKey[] {
  return DISCLOSURE_FIELDS.filter(
    (field) => holdsLevel(identity, field.identity) && (field.category === null || categories.includes(field.category)),
  ).map(({ key }) => key)
}
