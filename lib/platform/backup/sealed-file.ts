import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline as pipeThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { createGunzip, createGzip } from 'node:zlib'

import { Decrypter, Encrypter } from 'age-encryption'

import { PlainSentence } from '@/lib/platform/plain-sentence'

// What fills a backup is sealed already and does not shrink; more effort would cost time and save little.
const EFFORT = 3

/** A file that doesn't open. The reason decides what to tell; nothing of the file is in it. */
export class SealedFileUnreadable extends PlainSentence {
  constructor(
    readonly reason: 'wrong_key' | 'damaged',
    path: string,
    options?: ErrorOptions,
  ) {
    const name = basename(path)
    super(
      reason === 'wrong_key'
        ? `This key does not open ${name}; give the key that was in use when the file was made.`
        : `${name} is damaged or cut short and was not used; take another one.`,
      options,
    )
  }
}

/**
 * Writes a stream into a new file, compressed and encrypted to the recipients in the format of age (age-encryption.org):
 * in authenticated pieces with a counter and a mark on the last, so that a change, a swap or a cut is found. The file
 * is on the disk when this returns.
 */
export async function writeSealed(
  path: string,
  recipients: readonly string[],
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  const encrypt = async function* (compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* await encrypter.encrypt(toWeb(Readable.from(compressed)))
  }
  const file = createWriteStream(path, { mode: 0o600, flags: 'wx' })
  await pipeline(Readable.from(content), createGzip({ level: EFFORT }), encrypt, file)
  const handle = await open(path, 'r+')
  await handle.sync()
  await handle.close()
}

/**
 * Reads what `writeSealed` wrote, piece by piece, each proven before it is handed out. That the file is whole is known
 * only at its end. Throws `SealedFileUnreadable`.
 */
export async function* readSealed(path: string, identities: readonly string[]): AsyncGenerator<Buffer> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  try {
    const plain = await decrypter.decrypt(toWeb(file))
    const content = createGunzip()
    pipeThrough(Readable.fromWeb(plain as ReadableStream<Uint8Array>), content, () => undefined)
    for await (const piece of content) yield piece as Buffer
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new PlainSentence(`There is no file ${path}; check its name.`, { cause: error })
    const reason = error instanceof Error && error.message.startsWith('no identity matched') ? 'wrong_key' : 'damaged'
    throw new SealedFileUnreadable(reason, path, { cause: error })
  } finally {
    file.destroy()
  }
}

// 32 MiB and a tenth of a second: the passphrases are long, and this process has others to serve meanwhile.
const SCRYPT_LOG_N = 15

/** Encrypts a stream as it passes, in the format of age, for whoever knows the passphrase. */
export async function encryptWithPassphrase(
  passphrase: string,
  content: Readable,
): Promise<globalThis.ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(SCRYPT_LOG_N)
  return encrypter.encrypt(toWeb(content))
}

/** The two declarations of web streams, Node's and the browser's, name the same objects. */
function toWeb(stream: Readable): globalThis.ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as globalThis.ReadableStream<Uint8Array>
}
