'use server'

import { z } from 'zod'
import { SHOWN_FIELD } from '@/components/people/form-field-names'
import { identityValues } from '@/components/people/person-values'
import { requireActor } from '@/lib/auth/require-actor'
import { formAction, type NextPage } from '@/lib/forms/form-action'
import { emptyFormState, type FormState } from '@/lib/forms/form-state'
import { hasOwnOrigin } from '@/lib/forms/require-origin'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { changePerson } from '@/lib/people/change-service'
import { readIdentity } from '@/lib/people/identity-service'
import { changePersonInput, type ChangePersonInput } from '@/lib/people/schema'
import { identityConflict, profileConflict, safeContactConflict } from './conflicts'

const { person, version } = changePersonInput.shape
const identityForm = z.strictObject({
  person,
  version,
  [SHOWN_FIELD]: z.literal('1'),
  identity: changePersonInput.shape.identity,
})
const profileForm = z.strictObject({ person, version, profile: changePersonInput.shape.profile })
const safeContactForm = z.strictObject({ person, version, safeContact: changePersonInput.shape.safeContact })

const backWith =
  (message: string) =>
  (_saved: unknown, input: Pick<ChangePersonInput, 'person'>): NextPage => ({
    to: `/persons/${input.person}`,
    flash: { message, code: input.person },
  })

export const changeProfileAction = formAction(profileForm, changePerson, {
  onOk: backWith('persons.edit.profile_saved'),
  onStale: profileConflict,
})

export const changeSafeContactAction = formAction(
  safeContactForm,
  (actor, input) => changePerson(actor, { ...input, safeContact: input.safeContact ?? {} }),
  { onOk: backWith('persons.edit.safe_contact_saved'), onStale: safeContactConflict },
)

const saveIdentity = formAction(
  identityForm,
  (actor, { person: code, version: seen, identity }) =>
    // What the form left empty is taken away: it showed the whole identity.
    changePerson(actor, {
      person: code,
      version: seen,
      identity: { ...EMPTY, ...identity, birthDate: identity?.birthDate ?? null },
    }),
  { onOk: backWith('persons.edit.identity_saved'), onStale: identityConflict },
)

const EMPTY = { names: [], aliases: [], phones: [], emails: [], addresses: [], documents: [] }

/** The first press shows the identity in the form, as a recorded look; the second saves it. */
export async function changeIdentityAction(previous: FormState, data: FormData): Promise<FormState> {
  if (data.get(SHOWN_FIELD) !== null || !(await hasOwnOrigin())) return saveIdentity(previous, data)
  const actor = await requireActor()
  const code = data.get('person')
  const read = await readIdentity(actor, { person: typeof code === 'string' ? code : '' })
  const key = data.get('_key')
  const state = emptyFormState(typeof key === 'string' ? key : '')
  if (!read.ok) {
    const { text } = await getKeyTranslator()
    return { ...state, problems: [{ field: null, text: text(`errors.refusal.${read.refusal}`) }] }
  }
  return {
    ...state,
    values: { ...identityValues(read.value), [SHOWN_FIELD]: ['1'] },
  }
}
