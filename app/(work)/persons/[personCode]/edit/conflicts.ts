import 'server-only'
import { getTranslations } from 'next-intl/server'
import { identityValues, profileValues, safeContactValues, type FieldValues } from '@/components/people/person-values'
import type { Actor } from '@/lib/access/actor'
import type { Conflict, ConflictRow } from '@/lib/forms/form-state'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { EMPTY_IDENTITY, withIdentity } from '@/lib/people/identity-rules'
import { readIdentity } from '@/lib/people/identity-service'
import { listLooksAt } from '@/lib/people/looks-service'
import { BLANK_PROFILE, columnsOf, profileView } from '@/lib/people/profile-rules'
import { NOT_ASKED, safeContactRecord } from '@/lib/people/safe-contact-rules'
import type { ChangePersonInput, PersonView } from '@/lib/people/schema'
import { viewPerson } from '@/lib/people/service'

type Sent = Pick<ChangePersonInput, 'person' | 'profile' | 'safeContact' | 'identity'>

/** The answers of a profile that differ from what someone else saved meanwhile. */
export async function profileConflict(actor: Actor, { person, profile = {} }: Sent): Promise<Conflict | null> {
  const birth = profile.birth?.state === 'stated' ? profile.birth.value : null
  const yours = profileValues(profileView({ ...BLANK_PROFILE, ...columnsOf(profile) }, birth))
  return conflictOf(actor, person, yours, (view) => (view.profile === null ? {} : profileValues(view.profile)))
}

export async function safeContactConflict(actor: Actor, { person, safeContact }: Sent): Promise<Conflict | null> {
  const record = safeContactRecord(safeContact ?? {}) ?? NOT_ASKED
  const yours = safeContactValues({ ...record, state: 'rules', askedAt: null, version: 0 })
  return conflictOf(actor, person, yours, ({ safeContact: theirs }) =>
    theirs === null ? {} : safeContactValues(theirs),
  )
}

/** Reading the other's identity is a look, and recorded as one. */
export async function identityConflict(actor: Actor, { person, identity }: Sent): Promise<Conflict | null> {
  const read = await readIdentity(actor, { person })
  if (!read.ok) return null
  const yours = identityValues({ ...read.value, ...withIdentity(EMPTY_IDENTITY, identity ?? {}) })
  return conflictOf(actor, person, yours, () => identityValues(read.value))
}

async function conflictOf(
  actor: Actor,
  person: string,
  yours: FieldValues,
  theirsOf: (view: PersonView) => FieldValues,
): Promise<Conflict | null> {
  const [view, looks] = [await viewPerson(actor, { person }), await listLooksAt(actor, { person })]
  if (!view.ok || !looks.ok) return null
  const theirs = theirsOf(view.value)
  const changed = looks.value.items.find(({ type }) => type.endsWith('.changed'))
  const format = await getFormat()
  return {
    by: changed?.who ?? '',
    at: format.moment(new Date(changed?.at ?? view.value.registeredAt)),
    version: String(view.value.version),
    rows: await rowsOf(yours, theirs),
  }
}

async function rowsOf(yours: FieldValues, theirs: FieldValues): Promise<ConflictRow[]> {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(yours)])]
  const different = names.filter((name) => textOf(yours[name]) !== textOf(theirs[name]))
  const label = await labels()
  const shown = await valueTexts()
  return different.map((field) => {
    const [mine, other] = [textOf(yours[field]), textOf(theirs[field])]
    return {
      field,
      label: label(field),
      yours: mine,
      theirs: other,
      yoursText: shown(field, mine),
      theirsText: shown(field, other),
    }
  })
}

/** Several codes stand in one choice, parted by commas; the schema takes them apart again. */
function textOf(value: FieldValues[string] | undefined): string {
  if (value === undefined || value === false) return ''
  return value === true ? 'on' : typeof value === 'string' ? value : value.join(',')
}

const IDENTITY_LABELS = {
  names: 'name',
  aliases: 'alias',
  birthDate: 'birth',
  phones: 'phone',
  emails: 'email',
  addresses: 'address',
  documents: 'document',
} as const

const SAFE_LABELS = {
  noSafeWay: 'no_way',
  mayAnswer: 'may_answer',
  codeWord: 'code_word',
  language: 'language',
  neverContact: 'never',
  notes: 'notes',
} as const

/** What a field is called, from its dotted name. */
async function labels(): Promise<(field: string) => string> {
  const t = await getTranslations('persons')
  const { text } = await getKeyTranslator()
  return (field) => {
    const [part = '', name = '', third = '', last = ''] = field.split('.')
    if (part === 'identity') return t(`identity.${IDENTITY_LABELS[name as keyof typeof IDENTITY_LABELS]}`)
    if (part === 'profile') {
      const question = text(`persons.profile.${name}.label`)
      return third === 'state' ? t('profile.state', { question }) : question
    }
    if (name !== 'channels') return t(`safe.${SAFE_LABELS[name as keyof typeof SAFE_LABELS]}`)
    const channel = text(`persons.safe.channel.${third}`)
    return last === 'safe' ? channel : `${channel}: ${t(last === 'from' ? 'safe.from' : 'safe.until')}`
  }
}

/** How a value reads on the screen, where it is a code. */
async function valueTexts(): Promise<(field: string, value: string) => string> {
  const t = await getTranslations('persons')
  const { text, has } = await getKeyTranslator()
  const format = await getFormat()
  const lists: Readonly<Record<string, string>> = {
    gender: 'gender',
    disability: 'disability',
    migration: 'migrationStatus',
    displacement: 'displacement',
  }
  return (field, value) => {
    const [part = '', name = '', third = '', last = ''] = field.split('.')
    if (part === 'safeContact') {
      if (name === 'language' && value !== '') return format.language(value)
      if (last === 'safe') return value === '' ? t('safe.not_asked') : t(value === 'yes' ? 'safe.safe' : 'safe.unsafe')
      return value === 'on' ? '✓' : value
    }
    if (part !== 'profile' || value === '') return value
    if (third === 'state') return text(`ui.answer.${value}`)
    const names = value.split(',').map((code) => {
      if (name === 'citizenships') return format.country(code)
      if (name === 'languages') return format.language(code)
      const own = `persons.profile.${name}.${code}`
      return has(own) ? text(own) : name in lists ? text(`people.codes.${lists[name] ?? ''}.${code}`) : code
    })
    return format.list(names)
  }
}
