import { LOOKED_PARTS, type LookedPart, type LookReason } from './schema'

const PART_OF_TYPE: Readonly<Record<string, LookedPart>> = {
  'person.searched': 'search',
  'audit.listed': 'log',
  'person.looks-printed': 'log',
  'statement.viewed': 'log',
  'statement.printed': 'log',
  'disclosure.made': 'shared',
}

const PART_OF_PREFIX: Readonly<Record<string, LookedPart>> = {
  person: 'record',
  identity: 'identity',
  'safe-contact': 'record',
  case: 'case',
  need: 'needs',
  service: 'services',
  'service-note': 'notes',
  contact: 'contacts',
  'contact-text': 'contact_texts',
  task: 'tasks',
  consent: 'consents',
  'consent-text': 'consents',
  sharing: 'consents',
  'sharing-exception': 'consents',
  disclosure: 'consents',
  referral: 'referrals',
  'referral-package': 'shared',
  'emergency-access': 'emergency',
}

/** What of the record events of this type look at. */
export function partOf(type: string): LookedPart {
  return PART_OF_TYPE[type] ?? PART_OF_PREFIX[type.split('.')[0] ?? ''] ?? 'other'
}

/** What events of these types look at, each once, the nearest to the person first. */
export function partsOf(types: readonly string[]): readonly LookedPart[] {
  const parts = new Set(types.map(partOf))
  return LOOKED_PARTS.filter((part) => parts.has(part))
}

/** Why somebody looked: an emergency before all, then what they looked at. */
export function reasonOf(isEmergency: boolean, parts: readonly LookedPart[]): LookReason {
  if (isEmergency || parts.includes('emergency')) return 'emergency'
  if (parts.every((part) => part === 'log')) return 'oversight'
  return parts.every((part) => part === 'search') ? 'search' : 'casework'
}
