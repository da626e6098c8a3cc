/** Tables that an export leaves out, each with the reason that its data dictionary gives. */
export const LEFT_OUT_TABLES: Readonly<Record<string, string>> = {
  agency_export: 'the exports themselves',
  agency_key: 'keys; what they seal is exported opened',
  person_key: 'keys; what they seal is exported opened',
  person_key_old: 'keys; what they seal is exported opened',
  key_rotation: 'how keys were changed',
  referral_key: 'keys; what they seal is exported opened, or a copy of what is',
  referral_field: 'copies of facts that are exported where they stand',
  referral_text: 'what two agencies wrote to each other, under a key of both; it stands on the referral',
  finding: 'what those who oversee found, which is theirs to tell; what was sent stands in the finding',
  finding_text: 'what agency and body wrote to each other, under a key of both; it stands in the finding',
  finding_key: 'keys; what they seal stands in the finding',
  complaint: 'what people complained of to those who oversee, which is theirs to answer',
  complaint_key: 'keys of those who oversee',
  complaint_slip: 'slips of paper, which tell nothing by themselves',
  audit_report: 'reports of those who oversee, which they take out as files',
  saved_view: 'what members of those who oversee keep for themselves',
  oversight_rule_case: 'what those who oversee found, which is theirs to tell',
  oversight_key: 'keys of those who oversee',
  oversight_pseudonym: 'what those who oversee call a record',
  credential: 'passwords',
  session: 'who is signed in',
  second_factor: 'how members show who they are',
  recovery_code: 'how members show who they are',
  factor_reset: 'how members show who they are',
  password_reset: 'links for forgotten passwords, which are secrets',
  api_token: 'tokens',
  invitation: 'invitations, which are secrets',
  kept_form: 'forms that wait for their sender',
  idempotency_key: 'which requests were repeated',
  search_handle: 'searches of the last minutes',
  search_token: 'made from the names, which are exported',
  grant_token: 'made from names that another agency holds',
  case_service_count: 'counted from the services, which are exported',
  rollup: 'counted from the records, which are exported',
  rollup_delta: 'counted from the records, which are exported',
  rollup_person: 'counted from the records, which are exported',
  notice: 'messages to members',
  notice_delivery: 'messages to members',
  notice_preference: 'what members want to be told',
}

type Row = Readonly<Record<string, unknown>>

/** Sealed columns that an export opens: where each value stands, which its seal is bound to. */
export const OPENED_COLUMNS: Readonly<Record<string, (row: Row) => readonly string[]>> = {
  'person_identity.sealed': (row) => [versionOf(row, 'person_id')],
  'safe_contact.sealed': (row) => [versionOf(row, 'person_id')],
  'service_version.reason': (row) => [versionOf(row, 'service_id')],
  'service_note.sealed': (row) => [textOf(row, 'id')],
  'contact_text.sealed': (row) => [textOf(row, 'contact_id')],
  'case_content.identification_reason': (row) => [textOf(row, 'case_id')],
  'emergency_access.reason_text': (row) => [textOf(row, 'id')],
  'consent.sealed': (row) => [textOf(row, 'id')],
  'consent_withdrawal.reason': (row) => [textOf(row, 'consent_id')],
  'sharing_exception.reason': (row) => [textOf(row, 'id')],
  'own_file_basis.words': (row) => [textOf(row, 'id')],
  // The reason of a change stands under the record's code, that of a look under the person.
  // Why somebody came in by an emergency is sealed for the access, which is exported with it.
  'audit_event.reason': (row) =>
    row['type'] === 'emergency-access.opened' ? [] : [textOf(row, 'subject'), textOf(row, 'person_id')],
}

/** Columns of bytes in exported tables that are no texts. Any other is opened: a test compares both with the database. */
export const CLOSED_COLUMNS: readonly string[] = [
  'audit_event.digest_after',
  'audit_event.digest_before',
  'audit_event.hash',
  'identity_provider.client_secret',
  'person.import_key',
]

/** What a column of bytes is when it isn't one of those above. */
export const LEFT_OUT_BYTES = 'a key, a digest or a secret: of no use elsewhere'

/** Why a table of agencies is left out; undefined when it is exported. */
export function reasonLeftOut(table: string): string | undefined {
  return LEFT_OUT_TABLES[table]
}

function versionOf(row: Row, id: string): string {
  return `${textOf(row, id)}:${textOf(row, 'version')}`
}

function textOf(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
