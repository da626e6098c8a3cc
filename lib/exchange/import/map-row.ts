import type { Answer, ListAnswer } from '@/lib/people/profile-schema'
import { registerPersonInput, type RegisterPersonInput } from '@/lib/people/schema'

import type { ImportedAddress, ImportedAnswer, ImportedRow, RowIssue } from '../htcds/parse-row'

/** A row as what registration takes, or why it can't be taken. */
export type MappedRow =
  | { readonly ok: true; readonly input: RegisterPersonInput }
  | { readonly ok: false; readonly issues: readonly RowIssue<ImportFault>[] }

export type ImportFault = 'too_long' | 'value_not_accepted' | 'date_in_future'

/** What a refused part of a registration is called in a file. */
const COLUMNS: Readonly<Record<string, string>> = {
  names: 'prs_FirstName',
  birthDate: 'prs_Birthdate',
  birthYear: 'prs_Birthdate',
  phones: 'prs_MobilePhone',
  emails: 'prs_Email',
  documents: 'prs_IdentityNumber',
  addresses: 'prs_MailingStreet',
  gender: 'prs_Gender',
  citizenships: 'prs_Citizenship',
  languages: 'prs_PrimaryLanguage',
}

/**
 * Turns a row into a registration, and holds it against the same schema as a form or the API: nobody gets in by file
 * who would not get in by hand.
 */
export function mapRow(row: ImportedRow, today: string): MappedRow {
  if (row.case.openedOn !== null && row.case.openedOn > today) {
    return { ok: false, issues: [{ column: 'cas_IncomingReferralDate', reason: 'date_in_future' }] }
  }
  const parsed = registerPersonInput.safeParse(inputOf(row))
  if (parsed.success) return { ok: true, input: parsed.data }
  const issues = parsed.error.issues.map(({ path, code }) => ({
    column: COLUMNS[String(path[1])] ?? '',
    reason: code === 'too_big' ? ('too_long' as const) : ('value_not_accepted' as const),
  }))
  return { ok: false, issues }
}

function inputOf({ registration }: ImportedRow): object {
  const { names, birthDate, birthYear, phones, emails, documents, addresses } = registration
  return {
    identity: {
      names,
      ...(birthDate !== null ? { birthDate } : birthYear !== null ? { birthYear } : {}),
      phones,
      emails,
      documents,
      addresses: addresses.map(addressLine),
    },
    profile: {
      gender: answerOf(registration.gender),
      citizenships: listOf(registration.citizenships),
      languages: listOf(registration.languages),
    },
  }
}

/** One line, as an envelope has it. */
function addressLine({ street, city, state, postalCode, country }: ImportedAddress): string {
  const town = [postalCode, city].filter((part) => part !== undefined).join(' ')
  return [street, town, state, country].filter((part) => part !== undefined && part !== '').join(', ')
}

function answerOf<T>(answer: ImportedAnswer<T>): Answer<T> {
  return answer
}

function listOf<T>(answer: ImportedAnswer<readonly T[]>): ListAnswer<T> {
  return answer.state === 'stated' ? { state: 'stated', values: answer.value } : answer
}

/**
 * What a file says and Amparo has no column for, as one text under the standard's own names, so that nothing of a
 * file is lost. Null when there is nothing of the kind.
 */
export function textOf(row: ImportedRow): string | null {
  const parts = [
    ...Object.entries(row.further).map(([field, values]) => `${field}: ${values.join('; ')}`),
    ...row.texts.map(({ field, text }) => `${field}: ${text}`),
  ]
  return parts.length === 0 ? null : parts.join('\n')
}
