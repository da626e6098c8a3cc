import type { IdentityView } from '@/lib/people/identity-schema'
import { PROFILE_QUESTIONS, type ProfileView } from '@/lib/people/profile-schema'
import { CHANNELS, type SafeContactView } from '@/lib/people/safe-contact-schema'

export type FieldValues = Readonly<Record<string, string | readonly string[] | boolean>>

/** The profile as the fields of its form start with. */
export function profileValues(profile: ProfileView): FieldValues {
  const values: Record<string, string | readonly string[]> = {}
  for (const question of PROFILE_QUESTIONS) {
    const answer = profile[question]
    values[`profile.${question}.state`] = answer.state
    if (answer.state !== 'stated') continue
    if ('values' in answer) values[`profile.${question}.values`] = answer.values
    else values[`profile.${question}.value`] = textOf(answer.value)
  }
  return values
}

function textOf(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

/** Safe contact as the fields of its form start with. */
export function safeContactValues(view: SafeContactView): FieldValues {
  const values: Record<string, string | boolean> = { 'safeContact.noSafeWay': view.noSafeWay }
  for (const channel of CHANNELS) {
    const rule = view.channels[channel]
    if (rule === undefined) continue
    const name = `safeContact.channels.${channel}`
    values[`${name}.safe`] = rule.safe ? 'yes' : 'no'
    if (rule.from !== undefined) values[`${name}.from`] = rule.from
    if (rule.until !== undefined) values[`${name}.until`] = rule.until
  }
  for (const part of ['mayAnswer', 'codeWord', 'language', 'notes'] as const) {
    const text = view[part]
    if (text !== null) values[`safeContact.${part}`] = text
  }
  view.neverContact.forEach((who, row) => {
    values[`safeContact.neverContact.${String(row)}.value`] = who
  })
  return values
}

/** An identity as the fields of its form start with. Only ever made for the answer to a recorded look. */
export function identityValues(identity: IdentityView): Record<string, readonly string[]> {
  const values: Record<string, readonly string[]> = {}
  const put = (name: string, text: string | null | undefined) => {
    if (text !== null && text !== undefined) values[`identity.${name}`] = [text]
  }
  for (const list of ['names', 'aliases'] as const) {
    identity[list].forEach(({ value, script }, row) => {
      put(`${list}.${String(row)}.value`, value)
      put(`${list}.${String(row)}.script`, script)
    })
  }
  for (const list of ['phones', 'emails', 'addresses'] as const) {
    identity[list].forEach((value, row) => {
      put(`${list}.${String(row)}.value`, value)
    })
  }
  identity.documents.forEach(({ type, number, country }, row) => {
    put(`documents.${String(row)}.type`, type)
    put(`documents.${String(row)}.number`, number)
    put(`documents.${String(row)}.country`, country)
  })
  put('birthDate', identity.birthDate)
  return values
}
