import type { Answer, AnswerState, ListAnswer, ProfileInput, ProfileView } from './profile-schema'
import type { CodeOf } from './codes'

const BAND_YEARS = 5

/** The first year of the band of five that a year lies in: 1998 is in the band of 1995. */
export function birthBandOf(year: number): number {
  return Math.floor(year / BAND_YEARS) * BAND_YEARS
}

/** The ages, in completed years, that someone of a band may have in a year: from youngest to oldest. */
export function agesOfBand(band: number, year: number): { readonly from: number; readonly to: number } {
  return { from: Math.max(0, year - band - BAND_YEARS), to: Math.max(0, year - band) }
}

/** The columns of a profile, each answer a state and, where stated, a value. */
export type ProfileColumns = {
  readonly birthState: AnswerState
  readonly genderState: AnswerState
  readonly gender: string | null
  readonly citizenshipState: AnswerState
  readonly citizenships: string[]
  readonly languageState: AnswerState
  readonly languages: string[]
  readonly interpreterState: AnswerState
  readonly interpreterNeeded: boolean | null
  readonly disabilityState: AnswerState
  readonly disabilities: string[]
  readonly pregnancyState: AnswerState
  readonly pregnant: boolean | null
  readonly dependantsState: AnswerState
  readonly dependants: number | null
  readonly migrationState: AnswerState
  readonly migrationStatus: string | null
  readonly displacementState: AnswerState
  readonly displacement: string | null
}

/** The columns that these answers set; a question that was left out sets nothing. */
export function columnsOf(input: ProfileInput): Partial<ProfileColumns> {
  return {
    ...(input.birth === undefined ? {} : { birthState: input.birth.state }),
    ...(input.gender === undefined ? {} : { genderState: input.gender.state, gender: valueOf(input.gender) }),
    ...(input.citizenships === undefined
      ? {}
      : { citizenshipState: input.citizenships.state, citizenships: valuesOf(input.citizenships) }),
    ...(input.languages === undefined
      ? {}
      : { languageState: input.languages.state, languages: valuesOf(input.languages) }),
    ...(input.interpreter === undefined
      ? {}
      : { interpreterState: input.interpreter.state, interpreterNeeded: valueOf(input.interpreter) }),
    ...(input.disability === undefined
      ? {}
      : { disabilityState: input.disability.state, disabilities: valuesOf(input.disability) }),
    ...(input.pregnancy === undefined
      ? {}
      : { pregnancyState: input.pregnancy.state, pregnant: valueOf(input.pregnancy) }),
    ...(input.dependants === undefined
      ? {}
      : { dependantsState: input.dependants.state, dependants: valueOf(input.dependants) }),
    ...(input.migration === undefined
      ? {}
      : { migrationState: input.migration.state, migrationStatus: valueOf(input.migration) }),
    ...(input.displacement === undefined
      ? {}
      : { displacementState: input.displacement.state, displacement: valueOf(input.displacement) }),
  }
}

/** The profile of someone of whom nothing was asked. */
export const BLANK_PROFILE: ProfileColumns = {
  birthState: 'not_asked',
  genderState: 'not_asked',
  gender: null,
  citizenshipState: 'not_asked',
  citizenships: [],
  languageState: 'not_asked',
  languages: [],
  interpreterState: 'not_asked',
  interpreterNeeded: null,
  disabilityState: 'not_asked',
  disabilities: [],
  pregnancyState: 'not_asked',
  pregnant: null,
  dependantsState: 'not_asked',
  dependants: null,
  migrationState: 'not_asked',
  migrationStatus: null,
  displacementState: 'not_asked',
  displacement: null,
}

/** The profile as screens see it. */
export function profileView(row: ProfileColumns, birthBand: number | null): ProfileView {
  return {
    birth: answerOf(row.birthState, birthBand),
    gender: answerOf(row.genderState, row.gender as CodeOf<'gender'> | null),
    citizenships: listOf(row.citizenshipState, row.citizenships),
    languages: listOf(row.languageState, row.languages),
    interpreter: answerOf(row.interpreterState, row.interpreterNeeded),
    disability: listOf(row.disabilityState, row.disabilities as CodeOf<'disability'>[]),
    pregnancy: answerOf(row.pregnancyState, row.pregnant),
    dependants: answerOf(row.dependantsState, row.dependants),
    migration: answerOf(row.migrationState, row.migrationStatus as CodeOf<'migrationStatus'> | null),
    displacement: answerOf(row.displacementState, row.displacement as CodeOf<'displacement'> | null),
  }
}

function answerOf<T>(state: AnswerState, value: T | null): Answer<T> {
  if (state !== 'stated') return { state }
  // A stated answer whose value is gone is not known any more; it is never shown as an empty one.
  return value === null ? { state: 'unknown' } : { state, value }
}

function listOf<T>(state: AnswerState, values: readonly T[]): ListAnswer<T> {
  if (state !== 'stated') return { state }
  return values.length === 0 ? { state: 'unknown' } : { state, values }
}

function valueOf<T>(answer: Answer<T>): T | null {
  return answer.state === 'stated' ? answer.value : null
}

function valuesOf<T>(answer: ListAnswer<T>): T[] {
  return answer.state === 'stated' ? [...answer.values] : []
}
