import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Where a sealed value stands. It is part of what the seal proves: moved anywhere else, the value doesn't open. */
export type Place = {
  readonly table: string
  readonly column: string
  readonly row: string
  readonly agency: string
}

/** One version of a 256-bit key. `id` is the UUID of whom or what it belongs to, `version` counts from 1. */
export type KeyVersion = { readonly id: string; readonly version: number; readonly bytes: Buffer }

/**
 * A key as it is used: the version that seals, and those before it that still open what was sealed earlier, while the
 * key is being changed.
 */
export type SealingKey = KeyVersion & { readonly older?: readonly KeyVersion[] }

/** Which key a sealed value was sealed under, readable without opening it. */
export type SealedUnder = Pick<KeyVersion, 'id' | 'version'>

/** A sealed value that doesn't open: another key, another place, or changed bytes. It is never taken for an empty one. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'

  constructor(readonly reason: 'malformed' | 'other_key' | 'not_authentic') {
    super(`A sealed value did not open (${reason})`)
  }
}

export const KEY_BYTES = 32
const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + 16 + 2
const OVERHEAD = HEADER_BYTES + NONCE_BYTES + TAG_BYTES

/**
 * Seals bytes with AES-256-GCM.
 *
 * Layout: format (1 byte), key id (16), key version (2, big-endian), nonce (12, random), ciphertext, tag (16). One key
 * seals far fewer values than the 2^32 up to which random nonces are safe: a person's key seals one person's fields.
 */
export function seal(key: KeyVersion, place: Place, plain: Buffer): Buffer {
  const header = headerOf(key)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', checkedKey(key), nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associatedData(header, place))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([header, nonce, sealed, cipher.getAuthTag()])
}

/**
 * Opens what `seal` made under the same key, or an older version of it, and in the same place; throws `SealBroken` for
 * anything else.
 */
export function open(keys: SealingKey, place: Place, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const under = sealedUnder(bytes)
  const versions: readonly KeyVersion[] = [keys, ...(keys.older ?? [])]
  const key = versions.find(({ id, version }) => under.id === id.toLowerCase() && under.version === version)
  if (key === undefined) throw new SealBroken('other_key')

  const nonce = bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', checkedKey(key), nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(associatedData(bytes.subarray(0, HEADER_BYTES), place))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const plain = decipher.update(bytes.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES))
  try {
    decipher.final()
  } catch {
    throw new SealBroken('not_authentic')
  }
  return plain
}

/** Seals text as UTF-8. */
export function sealText(key: KeyVersion, place: Place, text: string): Buffer {
  return seal(key, place, Buffer.from(text, 'utf8'))
}

/** Opens text that `sealText` sealed; throws `SealBroken` as `open` does. */
export function openText(key: SealingKey, place: Place, sealed: Uint8Array): string {
  return open(key, place, sealed).toString('utf8')
}

/** Which key opens this value; throws `SealBroken` when it isn't a sealed value at all. */
export function sealedUnder(sealed: Uint8Array): SealedUnder {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  if (bytes.length < OVERHEAD || bytes[0] !== FORMAT) throw new SealBroken('malformed')
  const hex = bytes.toString('hex', 1, 17)
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { id, version: bytes.readUInt16BE(17) }
}

/** A fresh random key. */
export function newKeyBytes(): Buffer {
  return randomBytes(KEY_BYTES)
}

function headerOf(key: KeyVersion): Buffer {
  const id = Buffer.from(key.id.replaceAll('-', ''), 'hex')
  if (id.length !== 16) throw new TypeError('The id of a key is a UUID')
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(FORMAT, 0)
  id.copy(header, 1)
  header.writeUInt16BE(key.version, 17)
  return header
}

function checkedKey(key: KeyVersion): Buffer {
  if (key.bytes.length !== KEY_BYTES) throw new TypeError('A key has 32 bytes')
  return key.bytes
}

/** Each part is preceded by its length, so that no two places give the same bytes (`ab` + `c` against `a` + `bc`). */
function associatedData(header: Buffer, place: Place): Buffer {
  const parts = [place.table, place.column, place.row, place.agency].flatMap((part) => {
    const bytes = Buffer.from(part, 'utf8')
    if (bytes.length === 0) throw new TypeError('A place has a table, a column, a row and an agency')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return [length, bytes]
  })
  return Buffer.concat([header, ...parts])
}
