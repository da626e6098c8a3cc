import { open, SealBroken, sealedUnder, type KeyVersion } from '@/lib/platform/crypto/envelope'
import { unwrapAgencyKey, unwrapPersonKey, type MasterKeys } from '@/lib/platform/crypto/key-tree'
import { unwrapReferralKey } from '@/lib/platform/crypto/referral-keys'

import { OPENED_COLUMNS } from './rules'

export type ExportedRow = Readonly<Record<string, unknown>>

/** What stands in place of a text whose key was destroyed: the person was erased. */
export const ERASED = '[erased]'
/** What stands in place of a text that is sealed for the record which the row is about, and exported there. */
export const STANDS_WITH_SUBJECT = '[stands with the subject]'

type Wrapped = { readonly agency: string; readonly wrapVersion: number; readonly wrapped: Buffer }
export type WrappedKeys = {
  readonly agency: ReadonlyMap<string, KeyVersion>
  readonly persons: ReadonlyMap<string, Wrapped>
  /** Of what the agency wrote on other agencies' cases. */
  readonly notes: ReadonlyMap<string, Wrapped>
}

/** The keys of the agency, from the rows of its key tables; persons' keys stay wrapped until they are used. */
export async function collectKeys(
  rowsOf: (table: string) => AsyncIterable<ExportedRow>,
  master: (wrapped: Buffer) => MasterKeys,
): Promise<WrappedKeys> {
  const agency = new Map<string, KeyVersion>()
  for await (const row of rowsOf('agency_key')) {
    if (row['purpose'] !== 'data') continue
    const [id, version, wrapped] = [String(row['agency_id']), Number(row['version']), bytesOf(row['wrapped'])]
    agency.set(`${id}:${String(version)}`, unwrapAgencyKey(master(wrapped), 'data', id, version, wrapped))
  }
  const persons = new Map<string, Wrapped>()
  for (const table of ['person_key', 'person_key_old'])
    for await (const row of rowsOf(table))
      persons.set(`${String(row['person_id'])}:${String(row['version'])}`, {
        agency: String(row['holder_agency_id']),
        wrapVersion: Number(row['wrap_version']),
        wrapped: bytesOf(row['wrapped']),
      })
  const notes = new Map<string, Wrapped>()
  for await (const row of rowsOf('referral_key'))
    if (row['part'] === 'notes')
      notes.set(String(row['key_id']), {
        agency: String(row['agency_id']),
        wrapVersion: Number(row['wrap_version']),
        wrapped: bytesOf(row['wrapped']),
      })
  return { agency, persons, notes }
}

/** A row as it is exported: sealed texts opened, records in them as what they are, every other column of bytes away. */
export function openRow(keys: WrappedKeys, table: string, row: ExportedRow, byteColumns: readonly string[]): object {
  const agency = String(row['agency_id'])
  const values = Object.entries(row).flatMap(([column, value]): [string, unknown][] => {
    if (!byteColumns.includes(column)) return [[column, value]]
    const placesOf = OPENED_COLUMNS[`${table}.${column}`]
    if (placesOf === undefined) return []
    if (typeof value !== 'string') return [[column, value]]
    const places = placesOf(row)
    if (places.length === 0) return [[column, STANDS_WITH_SUBJECT]]
    return [[column, openValue(keys, { table, column, agency }, places, bytesOf(value))]]
  })
  return Object.fromEntries(values)
}

function openValue(
  keys: WrappedKeys,
  place: { readonly table: string; readonly column: string; readonly agency: string },
  rows: readonly string[],
  sealed: Buffer,
): unknown {
  const under = sealedUnder(sealed)
  const key = personKeyOf(keys, under) ?? notesKeyOf(keys, under)
  if (key === undefined) return ERASED
  const found = rows.filter((row) => row !== '')
  for (const [index, row] of found.entries())
    try {
      const text = open(key, { ...place, row }, sealed).toString('utf8')
      return place.column === 'sealed' && /^(person_identity|safe_contact)$/.test(place.table) ? JSON.parse(text) : text
    } catch (error) {
      // The last place that it may stand in; then it is broken, which is never taken for an empty value.
      if (!(error instanceof SealBroken) || index === found.length - 1) throw error
    }
  throw new SealBroken('malformed')
}

function personKeyOf(keys: WrappedKeys, { id, version }: { readonly id: string; readonly version: number }) {
  const found = keys.persons.get(`${id}:${String(version)}`)
  const wrapping = found === undefined ? undefined : keys.agency.get(`${found.agency}:${String(found.wrapVersion)}`)
  if (found === undefined || wrapping === undefined) return undefined
  return unwrapPersonKey(wrapping, id, version, found.wrapped)
}

function notesKeyOf(keys: WrappedKeys, { id }: { readonly id: string }) {
  const found = keys.notes.get(id)
  const wrapping = found === undefined ? undefined : keys.agency.get(`${found.agency}:${String(found.wrapVersion)}`)
  if (found === undefined || wrapping === undefined) return undefined
  return unwrapReferralKey(wrapping, 'notes', id, found.wrapped)
}

/** PostgreSQL writes bytes in JSON as `\x` and hex. */
function bytesOf(value: unknown): Buffer {
  return Buffer.from(String(value).replace(/^\\x/, ''), 'hex')
}
