import { TRAFFICKING_STATUSES } from '@/lib/people/codes'

import type { Columns, HtcdsField } from './fields'
import type { Fault, Notice, Reading, ReadingContext } from './reading'
import { readValue } from './values'

/** An answer of the profile; a cell that is empty was not asked. */
export type ImportedAnswer<T> =
  { readonly state: 'stated'; readonly value: T } | { readonly state: 'declined' | 'unknown' | 'not_asked' }

export type ImportedAddress = {
  readonly street?: string
  readonly city?: string
  readonly state?: string
  readonly postalCode?: string
  readonly country?: string
}

/** What a row says about the person: identity to be sealed, and the profile. */
export type ImportedRegistration = {
  readonly names: readonly string[]
  readonly birthDate: string | null
  readonly birthYear: number | null
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  readonly documents: readonly string[]
  readonly addresses: readonly ImportedAddress[]
  readonly gender: ImportedAnswer<string>
  readonly citizenships: ImportedAnswer<readonly string[]>
  readonly languages: ImportedAnswer<readonly string[]>
}

/** What a row says about the case, in Amparo's own values. */
export type ImportedCase = {
  readonly status: 'active' | 'follow_up' | 'closed' | 'closed_referred'
  readonly openedOn: string | null
  readonly identification: 'possible' | 'actual' | 'not_a_victim'
  readonly identifiedBy: string | null
  readonly dataUse: 'unknown' | 'yes' | 'no'
  readonly acts: readonly string[]
  readonly means: readonly string[]
  readonly purposes: readonly string[]
  readonly sexualExploitation: readonly string[]
  readonly recruitment: readonly string[]
  readonly sectors: readonly string[]
  readonly places: readonly string[]
  readonly recruiterRelation: string | null
}

export type ImportedRow = {
  readonly registration: ImportedRegistration
  readonly case: ImportedCase
  /** Long texts by field, to be sealed under the person's key. */
  readonly texts: readonly { readonly field: string; readonly text: string }[]
  /** Values that are right and have no place of their own; kept sealed with the case, so that nothing is lost. */
  readonly further: Readonly<Record<string, readonly string[]>>
}

/** A fault or loss in one column. It never carries the value, so that a report can be mailed. */
export type RowIssue<Reason extends string = RowFault> = { readonly column: string; readonly reason: Reason }
export type RowFault = Fault | 'nothing_to_import' | 'too_few_cells' | 'too_many_cells'

export type ParsedRow =
  | { readonly ok: true; readonly row: ImportedRow; readonly notices: readonly RowIssue<Notice>[] }
  | { readonly ok: false; readonly issues: readonly RowIssue[] }

/**
 * Reads one row into a registration and a case. One fault in any field refuses the row, with every fault named: a
 * half-read record would look whole.
 */
export function parseRow(columns: Columns, cells: readonly string[], context: ReadingContext): ParsedRow {
  if (cells.length < columns.length) return refused({ column: '', reason: 'too_few_cells' })
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    return refused({ column: '', reason: 'too_many_cells' })
  }
  const readings = new Map<string, Reading>()
  const issues: RowIssue[] = []
  const notices: RowIssue<Notice>[] = []
  columns.forEach((column, at) => {
    if (column.is !== 'field') return
    const reading = readCell(column.field, column.option, cells[at] ?? '', context)
    if (reading.state === 'fault') issues.push({ column: column.header, reason: reading.fault })
    if (reading.state === 'stated' && reading.notice !== undefined) {
      notices.push({ column: column.header, reason: reading.notice })
    }
    readings.set(column.field.name, merge(readings.get(column.field.name), reading))
  })
  if (issues.length > 0) return { ok: false, issues }
  if (![...readings.values()].some((reading) => reading.state === 'stated' && reading.values.length > 0)) {
    return refused({ column: '', reason: 'nothing_to_import' })
  }
  return { ok: true, row: rowOf(readings), notices }
}

/** A column for one value of a field holds yes or no; yes gives the value. */
function readCell(field: HtcdsField, option: string | undefined, cell: string, context: ReadingContext): Reading {
  if (option === undefined) return readValue(field, cell, context)
  const ticked = readValue({ name: field.name, kind: 'checkbox' }, cell, context)
  if (ticked.state !== 'stated') return ticked
  return ticked.values[0] === 'true' ? { state: 'stated', values: [option] } : { state: 'empty' }
}

/** Several columns of one field add up; a stated value wins over an absence. */
function merge(before: Reading | undefined, now: Reading): Reading {
  if (before === undefined || before.state === 'empty') return now
  if (before.state === 'stated' && now.state === 'stated') {
    return { state: 'stated', values: [...new Set([...before.values, ...now.values])] }
  }
  return before.state === 'stated' ? before : now.state === 'empty' ? before : now
}

const CASE_STATUS = {
  Active: 'active',
  FollowUp: 'follow_up',
  Closed: 'closed',
  ClosedReferred: 'closed_referred',
} as const
const RELATION: Readonly<Record<string, string>> = {
  Familial: 'Family',
  Acquainted: 'Acquaintance',
  Unaquainted: 'Stranger',
}
const ACT: Readonly<Record<string, string>> = { Recruitment: 'Recruitment', Transit: 'Transportation' }

/**
 * Fields that have a place of their own below; all others go to `texts` or `further`. Two with a place go there too,
 * since it doesn't hold all that they say: vic_TypeOfSexExploitation and hte_Type.
 */
const PLACED = new Set(
  `prs_FirstName prs_MiddleName prs_SecondName prs_Birthdate prs_Gender prs_PrimaryLanguage prs_SecondaryLanguage
  prs_Citizenship prs_IdentityNumber prs_Email prs_HomePhone prs_MobilePhone prs_MailingStreet prs_MailingCity
  prs_MailingState prs_MailingPostalCode prs_MailingCountry vic_TraffickingStatus vic_TraffickingStatusDecisionMakingOrg
  vic_RelationshipToTrafficker vic_MethodOfRecruitment vic_MethodsOfControl vic_TypeOfExploitation
  vic_ForcedLabourIndustry cas_Status cas_IncomingReferralDate hte_Country con_Consent`.split(/\s+/),
)
const LONG_TEXTS = new Set(
  `per_RoleDetails cas_ReasonForCaseClosure cas_IncomingReferralDetails cas_OutgoingReferralDetails cco_CaseComment
  hte_Description spl_Objectives spl_ActionPlan`.split(/\s+/),
)

function rowOf(readings: ReadonlyMap<string, Reading>): ImportedRow {
  const all = (name: string): readonly string[] => {
    const reading = readings.get(name)
    return reading?.state === 'stated' ? reading.values : []
  }
  const one = (name: string): string | null => all(name)[0] ?? null
  const rest = [...readings.keys()].filter((name) => !PLACED.has(name) && all(name).length > 0)
  return {
    registration: registrationOf(all, one, readings),
    case: caseOf(all, one, readings.get('con_Consent')),
    texts: rest.filter((name) => LONG_TEXTS.has(name)).map((name) => ({ field: name, text: all(name).join('\n') })),
    further: Object.fromEntries(rest.filter((name) => !LONG_TEXTS.has(name)).map((name) => [name, all(name)])),
  }
}

type All = (name: string) => readonly string[]
type One = (name: string) => string | null

function registrationOf(all: All, one: One, readings: ReadonlyMap<string, Reading>): ImportedRegistration {
  const birth = one('prs_Birthdate')
  const address = {
    ...optional('street', one('prs_MailingStreet')),
    ...optional('city', one('prs_MailingCity')),
    ...optional('state', one('prs_MailingState')),
    ...optional('postalCode', one('prs_MailingPostalCode')),
    ...optional('country', one('prs_MailingCountry')),
  }
  const name = fullName(one('prs_FirstName'), one('prs_MiddleName'), one('prs_SecondName'))
  const gender = answer(readings.get('prs_Gender'), ([first = '']) => first)
  const languages = [readings.get('prs_PrimaryLanguage'), readings.get('prs_SecondaryLanguage')]
  return {
    names: name === null ? [] : [name],
    birthDate: birth !== null && birth.length > 4 ? birth : null,
    birthYear: birth === null ? null : Number(birth.slice(0, 4)),
    phones: [...new Set([...all('prs_MobilePhone'), ...all('prs_HomePhone')])],
    emails: all('prs_Email'),
    documents: all('prs_IdentityNumber'),
    addresses: Object.keys(address).length === 0 ? [] : [address],
    // The standard's sixth value says that nothing was said.
    gender: gender.state === 'stated' && gender.value === 'NonSpecifiedUnknown' ? { state: 'unknown' } : gender,
    citizenships: answer(readings.get('prs_Citizenship'), (codes) => codes),
    languages: answer(
      languages.reduce<Reading | undefined>((sum, next) => (next === undefined ? sum : merge(sum, next)), undefined),
      (codes) => codes,
    ),
  }
}

function caseOf(all: All, one: One, consent: Reading | undefined): ImportedCase {
  const status = one('cas_Status') as keyof typeof CASE_STATUS | null
  const identified = one('vic_TraffickingStatus') as keyof typeof TRAFFICKING_STATUSES | null
  const relation = one('vic_RelationshipToTrafficker')
  const agreed = consent?.state === 'stated' ? consent.values[0] : undefined
  return {
    status: status === null ? 'active' : CASE_STATUS[status],
    openedOn: one('cas_IncomingReferralDate'),
    identification: identified === null ? 'possible' : TRAFFICKING_STATUSES[identified],
    identifiedBy: one('vic_TraffickingStatusDecisionMakingOrg'),
    dataUse: agreed === undefined ? 'unknown' : agreed === 'true' ? 'yes' : 'no',
    acts: all('hte_Type').flatMap((type) => ACT[type] ?? []),
    means: all('vic_MethodsOfControl'),
    purposes: all('vic_TypeOfExploitation'),
    sexualExploitation: all('vic_TypeOfSexExploitation'),
    recruitment: all('vic_MethodOfRecruitment'),
    sectors: all('vic_ForcedLabourIndustry'),
    places: all('hte_Country'),
    recruiterRelation: relation === null ? null : (RELATION[relation] ?? null),
  }
}

/** Names as they are written in their own script: the family's first and without a space in Chinese and Korean. */
function fullName(first: string | null, middle: string | null, family: string | null): string | null {
  const given = [first, middle].filter((part) => part !== null)
  const parts = family === null ? given : [...given, family]
  if (parts.length === 0) return null
  const eastern = family !== null && parts.every((part) => /^[\p{Script=Han}\p{Script=Hangul}]+$/u.test(part))
  return eastern ? [family, ...given].join('') : parts.join(' ')
}

function answer<T>(reading: Reading | undefined, value: (values: readonly string[]) => T): ImportedAnswer<T> {
  if (reading?.state === 'stated') return { state: 'stated', value: value(reading.values) }
  return { state: reading?.state === 'declined' || reading?.state === 'unknown' ? reading.state : 'not_asked' }
}

function optional(key: keyof ImportedAddress, value: string | null): ImportedAddress {
  return value === null ? {} : { [key]: value }
}

function refused(issue: RowIssue): ParsedRow {
  return { ok: false, issues: [issue] }
}
