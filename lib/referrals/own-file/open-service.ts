import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { addNeed } from '@/lib/assistance/needs/service'
import { changeCase, openCaseIn } from '@/lib/cases/service'
import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import { recordConsentInput } from '@/lib/consent/schema'
import { recordConsent } from '@/lib/consent/service'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import { changePerson } from '@/lib/people/change-service'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { lookAtIdentity } from '@/lib/people/identity-service'
import { registerPersonInput, type RegisterPersonInput } from '@/lib/people/schema'
import { personKey, sealUnder } from '@/lib/people/sealing'
import { findAlike } from '@/lib/people/search-service'
import { findVisible, personView, registerPersonIn } from '@/lib/people/service'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findReferral, openPackage, type PackagePiece, type ReferralRow } from '../data'
import { isRecorded } from '../facts-rules'
import { openFact, openOwnKey } from '../keys'
import { leavingFields } from '../rules'
import { changeBasis, keepOwnFile, listAllowed, takeForOwnFile, type NewBasis } from './data'
import { mayKeepOwnFiles, mayOpenOwnFile } from './policy'
import { copyOf, gapsOf, type Copy } from './rules'
import { findKept, ownFileIn, standingOf, stillThere } from './service'
import type { OfferOwnFileInput, OpenOwnFileInput, OwnFileOffer, OwnFileView, RebaseOwnFileInput } from './schema'

/**
 * What a file of the agency's own would hold on a basis, field by field with its value, and whom of its own persons it may
 * be: opening the package is a recorded look, and looking for persons alike a recorded search.
 *
 * Refuses with `not_found` whoever may not open one, and with `conflict`: `exists`, `no_package` where nothing is shared
 * now, `no_basis` where this basis covers nothing.
 */
export async function offerOwnFile(actor: Actor, input: OfferOwnFileInput): Promise<Result<OwnFileOffer>> {
  if (!mayKeepOwnFiles(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findToOpen(tx, actor, input.referral)
    if (!found.ok) return found
    const row = found.value
    if ((await ownFileIn(tx, row.code)) !== null) return refuse('conflict', 'exists')
    const allowed = reachedSafely(await listAllowed(tx, row.code, input.basis))
    if (allowed.length === 0) return refuse('conflict', 'no_basis')
    const facts = await factsOf(tx, row, await openPackage(tx, row.code))
    const copied = new Set(withRules(recordedOf(allowed, facts)))
    if (copied.size === 0) return refuse('conflict', 'no_basis')
    const kept = [...facts].filter(([field]) => copied.has(field))
    const { person } = copyOf(new Map(kept))
    const alike = await findAlike(actor, registered(person))
    if (!alike.ok) return alike
    return ok({
      code: row.code,
      fromAgencyName: row.from_name,
      basis: input.basis,
      fields: kept.map(([field, value]) => ({ field, value })),
      left: [...facts]
        .filter(([field, value]) => !allowed.includes(field) && isRecorded(field, value))
        .map(([field]) => field),
      alike: alike.value,
    })
  })
}

/**
 * Opens a file of the agency's own for the person of an accepted referral, on a basis that is named: a person and a case of
 * its own, sealed under its own keys, with what of the package was chosen and nothing else. Where the agency knows the
 * person already, the case is theirs and what their record doesn't say yet is added. The holder's ledger gets its line, and
 * the holder learns that there is a file, never which. Opening it a second time gives the first one.
 *
 * Refuses with `not_found`, `forbidden` for whoever doesn't answer for the referral or isn't on the known person's team,
 * `invalid` (a field that the basis or the package doesn't cover, or that says nothing; words that seem to hold identity, `text_flagged`), and
 * `conflict`: `no_package`, `no_basis`.
 */
export async function openOwnFile(
  actor: Actor,
  input: OpenOwnFileInput,
  check: TextCheck = 'ask',
): Promise<Result<OwnFileView>> {
  if (!mayKeepOwnFiles(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findToOpen(tx, actor, input.referral)
    if (!found.ok) return found
    const row = found.value
    const before = await ownFileIn(tx, row.code)
    if (before !== null) return ok(before)
    const allowed = await listAllowed(tx, row.code, input.basis)
    if (allowed.length === 0) return refuse('conflict', 'no_basis')
    const fields = input.fields === undefined ? reachedSafely(allowed) : withRules(input.fields)
    if (fields.some((field) => !allowed.includes(field)))
      return refuse('invalid', 'fields', { fields: ['own_files.errors.not_covered'] })
    const pieces = await takeForOwnFile(tx, row.code, input.basis, fields)
    if (pieces.length === 0) return againOrGone(tx, row.code)
    const facts = await factsOf(tx, row, pieces)
    const recorded = recordedOf(fields, facts)
    const copied = withRules(recorded)
    if (recorded.length === 0 || input.fields?.some((field) => !copied.includes(field)) === true)
      return refuse('invalid', 'fields', { fields: ['own_files.errors.not_recorded'] })
    const copy = copyOf(new Map([...facts].filter(([field]) => copied.includes(field))))

    const person = await personFor(tx, actor, copy.person, input.person)
    if (!person.ok) return person
    const opened = await caseFor(tx, actor, person.value.code, copy)
    if (!opened.ok) return opened
    const basis = await basisFor(tx, actor, input, person.value.id, opened.value, check)
    if (!basis.ok) return basis
    const answer = await keepOwnFile(tx, {
      referral: row.code,
      case: opened.value.code,
      known: input.person !== undefined,
      fields: copied,
      basis: basis.value,
    })
    if (answer !== 'ok') return answer === 'not_found' ? refuse('not_found') : refuse('conflict', answer)
    return ok(await stillThere(tx, row.code))
  })
}

/**
 * Records what an own file rests on from now on, above all where what it rested on ended. Refuses with `not_found`,
 * `forbidden` off the team of its case, `invalid` as `openOwnFile` does, and `conflict`: `ended`, `no_basis`.
 */
export async function rebaseOwnFile(
  actor: Actor,
  input: RebaseOwnFileInput,
  check: TextCheck = 'ask',
): Promise<Result<OwnFileView>> {
  if (!mayKeepOwnFiles(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findKept(tx, input.referral)
    if (!found.ok) return found
    const { code, own } = found.value
    const person = await findVisible(tx, own.person)
    if (person === null) return refuse('not_found')
    const row = await findReferral(tx, code)
    if (row === null) return refuse('not_found')
    const on = { code: own.case, categories: categoriesOf(row) }
    const basis = await basisFor(tx, actor, input, person.id, on, check)
    if (!basis.ok) return basis
    const answer = await changeBasis(tx, code, basis.value)
    if (answer !== 'ok') return answer === 'not_found' ? refuse('not_found') : refuse('conflict', answer)
    return ok(await stillThere(tx, code))
  })
}

/** The referral that the actor may open an own file for now, or has one of. */
async function findToOpen(tx: ActorTx, actor: Actor, code: string): Promise<Result<ReferralRow>> {
  const row = await findReferral(tx, code)
  if (row?.side !== 'receiver') return refuse('not_found')
  if (mayOpenOwnFile(actor, standingOf(row)) || (await ownFileIn(tx, row.code)) !== null) return ok(row)
  return row.answers && row.kind === 'help' ? refuse('conflict', 'no_package') : refuse('forbidden')
}

/** Where nothing was handed out, somebody else was first, or what allowed it ended this moment. */
async function againOrGone(tx: ActorTx, code: string): Promise<Result<OwnFileView>> {
  const file = await ownFileIn(tx, code)
  return file === null ? refuse('conflict', 'no_package') : ok(file)
}

/** What pieces of a package say, by field. */
async function factsOf(
  tx: ActorTx,
  row: ReferralRow,
  pieces: readonly PackagePiece[],
): Promise<ReadonlyMap<FieldKey, unknown>> {
  const facts = new Map<FieldKey, unknown>()
  for (const piece of pieces) {
    const field = FIELD_KEYS.find((key) => key === piece.field)
    if (field === undefined) continue
    const key = await openOwnKey(tx, piece.part, piece)
    facts.set(field, openFact(key, row.holder_id, piece.place, piece.sealed))
  }
  return facts
}

/** Of what may be copied, what is: no way to reach somebody without its rules. */
function reachedSafely(allowed: readonly string[]): readonly FieldKey[] {
  return leavingFields(
    FIELD_KEYS.filter((key) => allowed.includes(key)),
    new Set(allowed),
  )
}

/** Of these fields, those that say something. */
function recordedOf(fields: readonly FieldKey[], facts: ReadonlyMap<FieldKey, unknown>): readonly FieldKey[] {
  return fields.filter((field) => isRecorded(field, facts.get(field)))
}

/** What was chosen, with the rules where a way to reach somebody is among it. */
function withRules(chosen: readonly FieldKey[]): readonly FieldKey[] {
  const isReached = chosen.includes('contact.channels')
  return FIELD_KEYS.filter((key) => chosen.includes(key) || (isReached && key === 'contact.rules'))
}

/** What is registered, read once more as any registration is. */
function registered(person: RegisterPersonInput): RegisterPersonInput {
  return registerPersonInput.parse(person)
}

type Named = { readonly id: string; readonly code: string }

/** A person of the agency's own: a new one, or the one that they are known as, to whose record what is missing is added. */
async function personFor(
  tx: ActorTx,
  actor: Actor,
  copy: RegisterPersonInput,
  known: string | undefined,
): Promise<Result<Named>> {
  const given = registered(copy)
  if (known === undefined) {
    const made = await registerPersonIn(tx, given)
    return made.ok ? ok({ id: made.value.id, code: made.value.code }) : made
  }
  const row = await findVisible(tx, known)
  if (row === null) return refuse('invalid', 'person', { person: ['own_files.errors.person'] })
  if (!row.team) return refuse('forbidden')
  if (row.erased_at !== null) return refuse('conflict', 'erased')
  const { profile, safeContact } = await personView(tx, row)
  if (profile === null || safeContact === null) return refuse('forbidden')
  const { identity } = await lookAtIdentity(tx, row)
  const gaps = gapsOf(given, { identity, profile, safeContact })
  if (Object.keys(gaps).length > 0) {
    const changed = await changePerson(actor, { person: row.code, version: row.version, ...gaps })
    if (!changed.ok) return changed
  }
  return ok({ id: row.id, code: row.code })
}

type Opened = { readonly code: string; readonly categories: readonly CategoryKey[] }

/** A case of the agency's own, with what the copy says of it. */
async function caseFor(
  tx: ActorTx,
  actor: Actor,
  person: string,
  { stage, risk, content, needs }: Copy,
): Promise<Result<Opened>> {
  const opened = await openCaseIn(tx, {
    person,
    ...(stage === undefined ? {} : { stage }),
    ...(risk === undefined ? {} : { risk }),
  })
  if (!opened.ok) return opened
  const { code, version } = opened.value
  if (Object.keys(content).length > 0) {
    const changed = await changeCase(actor, { case: code, version, ...content })
    if (!changed.ok) return changed
  }
  for (const { category, type, urgency } of needs) {
    const added = await addNeed(actor, { case: code, category, urgency, ...(type === null ? {} : { type }) })
    if (!added.ok) return added
  }
  return ok({ code, categories: [...new Set(needs.map(({ category }) => category))] })
}

/** What an own file rests on: what the person told is written on the own case; a duty in words is sealed for its person. */
async function basisFor(
  tx: ActorTx,
  actor: Actor,
  said: Omit<RebaseOwnFileInput, 'referral'>,
  person: string,
  on: Opened,
  check: TextCheck,
): Promise<Result<NewBasis>> {
  const { basis: kind, givenBy, method, explained, witness } = said
  if (kind === 'own_consent') {
    const categories = on.categories.length === 0 ? [...CATEGORY_KEYS] : [...on.categories]
    const given = await recordConsent(
      actor,
      recordConsentInput.parse({
        ...{ case: on.code, purpose: 'case_management', categories, identity: 'full' },
        ...{ givenBy, method, explained, ...(witness === undefined ? {} : { witness }) },
      }),
    )
    if (!given.ok) return given
  }
  const duty = kind === 'legal_duty' ? (said.duty ?? null) : null
  const words = duty === 'other' ? said.words : undefined
  const { fault } = await checkTexts(tx, person, { words: { text: words, kept: undefined } }, check)
  if (fault !== null) return fault
  const id = newId()
  const place = { table: 'own_file_basis', column: 'words', row: id }
  const sealed = words === undefined ? null : sealUnder(await personKey(tx, person), actorOf(tx).agency, place, words)
  return ok({ id, kind, duty, words: sealed })
}

function categoriesOf({ needs }: ReferralRow): readonly CategoryKey[] {
  return [...new Set(needs.map(({ category }) => category))]
}
