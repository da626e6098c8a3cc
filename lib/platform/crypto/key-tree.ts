import { createHmac, timingSafeEqual } from 'node:crypto'

import { KEY_BYTES, newKeyBytes, open, seal, sealedUnder, type Place, type SealingKey } from './envelope'

/**
 * The key tree: a versioned master key (a file or the environment, never the database) wraps the keys of each agency,
 * and an agency's key wraps a key for each person it holds. Rotation re-wraps keys and leaves data alone; destroying
 * a person's wrapped key erases the person.
 */
export type MasterKeys = {
  /** The newest: wraps. */
  readonly current: SealingKey
  /** The one that has been there longest: other secrets derive from it, so that a new one beside it changes none. */
  readonly oldest: SealingKey
  readonly byVersion: ReadonlyMap<number, SealingKey>
}

/** What an agency's two keys are for: `data` wraps its persons' keys, `index` makes its search tokens. */
export type AgencyKeyKind = 'data' | 'index'

/** The master key can't be used; `reason` lets the start-up say in one sentence what to do. */
export class MasterKeyUnusable extends Error {
  override readonly name = 'MasterKeyUnusable'

  constructor(
    readonly reason: 'empty' | 'malformed' | 'wrong_length' | 'repeated_version' | 'unknown_version',
    /** The version that is asked for and not there. */
    readonly version?: number,
  ) {
    super(`The master key can't be used (${reason})`)
  }
}

/** Master keys have no owner among the records; their id in a sealed header is nil. */
const NIL = '00000000-0000-0000-0000-000000000000'
const LINE = /^(\d{1,5}):([A-Za-z0-9+/]+={0,2})$/
const HIGHEST_VERSION = 0xffff

/**
 * Reads master keys from lines such as `1:q83v…` (version, colon, 32 bytes as base64); lines that start with # and
 * blank ones are skipped. The highest version is the one that new wraps use; older ones still open.
 *
 * Throws `MasterKeyUnusable`, which never quotes the text.
 */
export function parseMasterKeys(text: string): MasterKeys {
  const byVersion = new Map<number, SealingKey>()
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const plain = line.trim()
    if (plain === '' || plain.startsWith('#')) continue
    const key = parseMasterKey(plain)
    if (byVersion.has(key.version)) throw new MasterKeyUnusable('repeated_version')
    byVersion.set(key.version, key)
  }
  const current = byVersion.get(Math.max(...byVersion.keys()))
  const oldest = byVersion.get(Math.min(...byVersion.keys()))
  if (current === undefined || oldest === undefined) throw new MasterKeyUnusable('empty')
  return { current, oldest, byVersion }
}

function parseMasterKey(line: string): SealingKey {
  const [, digits = '', base64 = ''] = LINE.exec(line) ?? []
  const version = Number(digits)
  if (version < 1 || version > HIGHEST_VERSION) throw new MasterKeyUnusable('malformed')
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== KEY_BYTES) throw new MasterKeyUnusable('wrong_length')
  return { id: NIL, version, bytes }
}

/** A fresh master key as its line in the key file. */
export function newMasterKeyLine(version = 1): string {
  return `${String(version)}:${newKeyBytes().toString('base64')}`
}

/**
 * A value that tells, without opening anything, whether this is the key that a database was made with. It is safe to
 * store: it says nothing about the key.
 */
export function keyCheckValue(key: SealingKey): string {
  return createHmac('sha256', key.bytes)
    .update(`amparo:key-check:v1:${String(key.version)}`)
    .digest('hex')
    .slice(0, 16)
}

/** Whether `value` is the check value of this key, compared in constant time. */
export function fitsKeyCheck(key: SealingKey, value: string): boolean {
  const expected = Buffer.from(keyCheckValue(key))
  const given = Buffer.from(value)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** Wraps an agency's key under the current master key. */
export function wrapAgencyKey(master: MasterKeys, kind: AgencyKeyKind, key: SealingKey): Buffer {
  return seal(master.current, placeOfAgencyKey(kind, key), key.bytes)
}

/**
 * Opens an agency's wrapped key with whichever master key wrapped it. Throws `SealBroken` when it was wrapped for
 * another agency, kind or version, and `MasterKeyUnusable` when that master key isn't among those given.
 */
export function unwrapAgencyKey(
  master: MasterKeys,
  kind: AgencyKeyKind,
  agency: string,
  version: number,
  wrapped: Uint8Array,
): SealingKey {
  const wanted = sealedUnder(wrapped).version
  const under = master.byVersion.get(wanted)
  if (under === undefined) throw new MasterKeyUnusable('unknown_version', wanted)
  const bytes = open(under, placeOfAgencyKey(kind, { id: agency, version }), wrapped)
  return { id: agency, version, bytes }
}

/** Which master key opens a wrapped agency key. */
export function masterVersionOf(wrapped: Uint8Array): number {
  return sealedUnder(wrapped).version
}

/** Wraps a person's key under the key of the agency that holds the person. */
export function wrapPersonKey(agencyKey: SealingKey, person: SealingKey): Buffer {
  return seal(agencyKey, placeOfPersonKey(agencyKey, person), person.bytes)
}

/** Opens a person's wrapped key. Throws `SealBroken` when it is another person's, agency's or version's. */
export function unwrapPersonKey(
  agencyKey: SealingKey,
  person: string,
  version: number,
  wrapped: Uint8Array,
): SealingKey {
  const bytes = open(agencyKey, placeOfPersonKey(agencyKey, { id: person, version }), wrapped)
  return { id: person, version, bytes }
}

/** A fresh key for the record with this id. */
export function newKey(id: string, version = 1): SealingKey {
  return { id, version, bytes: newKeyBytes() }
}

function placeOfAgencyKey(kind: AgencyKeyKind, key: Pick<SealingKey, 'id' | 'version'>): Place {
  return { table: 'agency_key', column: kind, row: `${key.id}:${String(key.version)}`, agency: key.id }
}

function placeOfPersonKey(agencyKey: SealingKey, person: Pick<SealingKey, 'id' | 'version'>): Place {
  return { table: 'person_key', column: 'wrapped', row: `${person.id}:${String(person.version)}`, agency: agencyKey.id }
}
