import type { Actor } from '@/lib/access/actor'
import type { CaseStage } from '@/lib/cases/schema'
import { preparePerson, type HoldingKeys, type PreparedPerson } from '@/lib/people/prepare-service'
import type { RegisterPersonInput } from '@/lib/people/schema'
import { sealUnder } from '@/lib/people/sealing'
import type { Cell } from '@/lib/platform/db/copy-text'
import { newCode, newId } from '@/lib/platform/ids'

import type { ImportedCase, ImportedRow } from '../htcds/parse-row'
import { textOf } from './map-row'

/** Who imports, when, and under which keys; the same for all rows of a batch. */
export type ImportSetting = {
  readonly actor: Actor
  readonly country: string
  readonly keys: HoldingKeys
  readonly at: Date
  /** Today in the agency's zone, `YYYY-MM-DD`. */
  readonly today: string
}

/** The columns of the temporary table that a batch is copied into: one wide row for each person. */
export const LOAD_COLUMNS = [
  'n int',
  'person_id uuid',
  'person_code text',
  'birth_band int',
  'import_key bytea',
  'wrap_version int',
  'wrapped bytea',
  'identity bytea',
  'birth_state public.answer_state',
  'gender_state public.answer_state',
  'gender text',
  'citizenship_state public.answer_state',
  'citizenships text[]',
  'language_state public.answer_state',
  'languages text[]',
  'tokens bytea[]',
  'case_id uuid',
  'case_code text',
  'status public.case_status',
  'stage public.case_stage',
  'opened_on date',
  'closure_reason text',
  'data_use public.three_way',
  'identification public.identification_status',
  'identified_by text',
  'acts text[]',
  'means text[]',
  'purposes text[]',
  'recruitment text[]',
  'sectors text[]',
  'places text[]',
  'recruiter_relation text',
  'contact_id uuid',
  'contact_code text',
  'contact_sealed bytea',
] as const

/** Makes the row of one person and case, sealed, in the order of `LOAD_COLUMNS`. */
export function prepareRow(
  setting: ImportSetting,
  n: number,
  importKey: Uint8Array<ArrayBuffer>,
  row: ImportedRow,
  input: RegisterPersonInput,
): readonly Cell[] {
  const person = preparePerson(setting.keys, input, {
    agency: setting.actor.agency,
    country: setting.country,
    member: setting.actor.member,
    at: setting.at,
    importKey,
  })
  return [n, ...personCells(person), ...caseCells(row.case, setting.today), ...textCells(setting, person, row)]
}

function personCells({ person, personKey, identity, profile, tokens }: PreparedPerson): Cell[] {
  return [
    person.id,
    person.code,
    person.birthBand,
    person.importKey,
    personKey.wrapVersion,
    personKey.wrapped,
    identity.sealed,
    profile.birthState,
    profile.genderState,
    profile.gender,
    profile.citizenshipState,
    profile.citizenships,
    profile.languageState,
    profile.languages,
    tokens.map(({ token }) => token),
  ]
}

/** The stage isn't in the standard: a case that is followed up has come that far, any other begins at the beginning. */
const STAGE: Readonly<Record<ImportedCase['status'], CaseStage>> = {
  active: 'presumed',
  follow_up: 'follow_up',
  closed: 'presumed',
  closed_referred: 'presumed',
}
/** Why a closed case ended is free text in the standard, kept sealed; the code says what can be said without it. */
const CLOSURE: Readonly<Record<ImportedCase['status'], string | null>> = {
  active: null,
  follow_up: null,
  closed: 'other',
  closed_referred: 'referred_to_other_agency',
}

function caseCells(given: ImportedCase, today: string): Cell[] {
  return [
    newId(),
    newCode('CAS'),
    given.status,
    STAGE[given.status],
    given.openedOn ?? today,
    CLOSURE[given.status],
    given.dataUse,
    given.identification,
    given.identifiedBy,
    given.acts,
    given.means,
    given.purposes,
    given.recruitment,
    given.sectors,
    given.places,
    given.recruiterRelation,
  ]
}

/** What has no column becomes the text of an observation in the contact log: sealed, and read by the team alone. */
function textCells({ actor }: ImportSetting, person: PreparedPerson, row: ImportedRow): Cell[] {
  const text = textOf(row)
  if (text === null) return [null, null, null]
  const id = newId()
  const place = { table: 'contact_text', column: 'sealed', row: id }
  return [id, newCode('CTC'), sealUnder(person.key, actor.agency, place, text)]
}
