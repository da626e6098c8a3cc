import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

/** What a checkpoint says. `previous` is the hash of the checkpoint before it, null for the first. */
export type Checkpoint = {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  readonly epoch: number
  readonly at: string
  readonly previous: Buffer | null
}

/** The key that verifies: its origin, which every checkpoint names, and the public half. */
export type SealVerifier = { readonly origin: string; readonly id: string; readonly key: KeyObject }

/** The key that seals. */
export type Sealer = SealVerifier & { readonly privateKey: KeyObject }

const ED25519 = Buffer.of(1)
/** What stands before the 32 bytes of an Ed25519 public key in DER. */
const DER = Buffer.from('302a300506032b6570032100', 'hex')
const SIGNATURE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})\n$/u

/** Who verifies with these 32 bytes. The origin is derived from them when no other is given. */
export function verifierOf(raw: Uint8Array, named?: string): SealVerifier {
  const origin = named ?? `amparo/${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`
  const key = createPublicKey({ key: Buffer.concat([DER, raw]), format: 'der', type: 'spki' })
  return { origin, id: keyIdOf(origin, raw).toString('hex'), key }
}

/** The 32 bytes of a public key. */
export function rawKeyOf(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(DER.length)
}

/** A public key as one line of text, the way C2SP's signed notes write it: name, key id, algorithm and key. */
export function keyLineOf({ origin, id, key }: SealVerifier): string {
  return `${origin}+${id}+${Buffer.concat([ED25519, rawKeyOf(key)]).toString('base64')}`
}

/** The public key in such a line, or null when it is none. */
export function parseKeyLine(line: string): SealVerifier | null {
  const [, origin, id, base64] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(line.trim()) ?? []
  const bytes = exactBytes(base64)
  if (origin === undefined || bytes.length !== 33 || bytes[0] !== 1) return null
  const verifier = verifierOf(bytes.subarray(1), origin)
  return verifier.id === id ? verifier : null
}

/** Signs a checkpoint: the text of a C2SP checkpoint, with epoch, time and the one before as extension lines. */
export function signCheckpoint(sealer: Sealer, checkpoint: Omit<Checkpoint, 'origin'>): string {
  const text = textOf({ ...checkpoint, origin: sealer.origin })
  const signature = sign(null, Buffer.from(text), sealer.privateKey)
  return `${text}\n— ${sealer.origin} ${Buffer.concat([Buffer.from(sealer.id, 'hex'), signature]).toString('base64')}\n`
}

/** What a signed checkpoint says, or null when no key of these signed exactly this. */
export function openCheckpoint(verifiers: readonly SealVerifier[], note: string): Checkpoint | null {
  const cut = note.indexOf('\n\n')
  const text = note.slice(0, cut + 1)
  const [, origin, base64] = SIGNATURE.exec(note.slice(cut + 2)) ?? []
  const signed = exactBytes(base64)
  const id = signed.subarray(0, 4).toString('hex')
  const verifier = verifiers.find((one) => one.origin === origin && one.id === id)
  if (verifier === undefined || !verify(null, Buffer.from(text), verifier.key, signed.subarray(4))) return null
  const checkpoint = parse(text)
  // Exactly what we would have written: one text for one meaning.
  return checkpoint.origin === origin && textOf(checkpoint) === text ? checkpoint : null
}

/** What the next checkpoint names this one by. */
export function hashOfNote(note: string): Buffer {
  return createHash('sha256').update(note, 'utf8').digest()
}

/** The size that a note names, without asking whether it was signed. */
export function sizeOfNote(note: string): number {
  return Number(note.split('\n', 2)[1])
}

/** The notes in the text of a file, in its order; what follows the last whole one is left out. */
export function notesIn(text: string): string[] {
  return [...text.matchAll(/(?:[^\n]+\n)+\n— [^\n]+\n/gu)].map(([note]) => note)
}

function textOf({ origin, size, root, epoch, at, previous }: Checkpoint): string {
  const before = previous === null ? '-' : previous.toString('base64')
  return `${origin}\n${String(size)}\n${root.toString('base64')}\nepoch ${String(epoch)}\ntime ${at}\nprevious ${before}\n`
}

function parse(text: string): Checkpoint {
  const [origin = '', size = '', root = '', epoch = '', at = '', previous = ''] = text.split('\n')
  const before = previous.slice('previous '.length)
  return {
    origin,
    size: Number(size),
    root: Buffer.from(root, 'base64'),
    epoch: Number(epoch.slice('epoch '.length)),
    at: at.slice('time '.length),
    previous: before === '-' ? null : Buffer.from(before, 'base64'),
  }
}

/** The bytes of a base64 text; none when the same bytes are usually written otherwise, since bits past the end don't count. */
function exactBytes(base64 = ''): Buffer {
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : Buffer.alloc(0)
}

function keyIdOf(origin: string, raw: Uint8Array): Buffer {
  return createHash('sha256').update(`${origin}\n`).update(ED25519).update(raw).digest().subarray(0, 4)
}
