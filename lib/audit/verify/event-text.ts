import { hash } from 'node:crypto'

/** A row of the log as it is stored, whole numbers as text. */
export type EventRow = {
  readonly id: string
  readonly code: string
  readonly at: string
  readonly agency_id: string | null
  readonly holder_agency_id: string | null
  readonly type: string
  readonly action: string
  readonly outcome: string
  readonly purpose: string | null
  readonly actor_id: string | null
  readonly roles: readonly string[]
  readonly session: string | null
  readonly strength: number | null
  readonly network_prefix: string | null
  readonly request_id: string | null
  readonly subject: string | null
  readonly person_id: string | null
  readonly case_id: string | null
  readonly fields: readonly string[]
  readonly basis: string | null
  readonly digest_before: Uint8Array | null
  readonly digest_after: Uint8Array | null
  readonly reason: Uint8Array | null
  readonly canonical: string
  readonly hash: Uint8Array
  readonly txid: string
}

/** How the columns of `audit_event e` are asked for, so that nothing of them is rounded on the way. */
export const EVENT_COLUMNS = `e.id::text AS id, e.code, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
  e.agency_id, e.holder_agency_id, e.type, e.action, e.outcome, e.purpose, e.actor_id, e.roles, e.session, e.strength, e.network_prefix,
  e.request_id, e.subject, e.person_id, e.case_id, e.fields, e.basis, e.digest_before, e.digest_after, e.reason, e.canonical, e.hash,
  e.txid::text AS txid`

type Part = (row: EventRow) => string | null

const text =
  (column: { [K in keyof EventRow]: EventRow[K] extends string | null ? K : never }[keyof EventRow]): Part =>
  (row) => {
    const value = row[column]
    return value === null ? null : JSON.stringify(value)
  }
const list =
  (column: 'roles' | 'fields'): Part =>
  (row) =>
    `[${row[column].map((item) => JSON.stringify(item)).join(', ')}]`
const hex =
  (column: 'digest_before' | 'digest_after'): Part =>
  (row) => {
    const value = row[column]
    return value === null ? null : `"${Buffer.from(value).toString('hex')}"`
  }

/** The parts of an event's text in the order of jsonb: by length of the name, then by its letters. */
const PARTS: readonly (readonly [name: string, part: Part])[] = [
  ['at', text('at')],
  ['id', (row) => row.id],
  ['case', text('case_id')],
  ['code', text('code')],
  ['txid', (row) => row.txid],
  ['type', text('type')],
  ['actor', text('actor_id')],
  ['after', hex('digest_after')],
  ['basis', text('basis')],
  ['roles', list('roles')],
  ['action', text('action')],
  ['agency', text('agency_id')],
  ['before', hex('digest_before')],
  ['fields', list('fields')],
  ['holder', text('holder_agency_id')],
  ['person', text('person_id')],
  ['reason', ({ reason }) => (reason === null ? null : `"${hash('sha256', reason)}"`)],
  ['network', text('network_prefix')],
  ['outcome', text('outcome')],
  ['purpose', text('purpose')],
  ['request', text('request_id')],
  ['session', text('session')],
  ['subject', text('subject')],
  ['strength', ({ strength }) => (strength === null ? null : String(strength))],
]

/**
 * The text that an event with these columns has. The log stores both, and only the text is sealed: where they differ,
 * somebody has changed what the pages show.
 */
export function textOfRow(row: EventRow): string {
  let written = '{'
  for (const [name, part] of PARTS) {
    const value = part(row)
    if (value !== null) written += `${written === '{' ? '' : ', '}"${name}": ${value}`
  }
  return `${written}}`
}

/** Whether the columns, the text and the hash of a row say the same. */
export function isConsistent(row: EventRow): boolean {
  return textOfRow(row) === row.canonical && hash('sha256', row.canonical, 'buffer').equals(row.hash)
}
