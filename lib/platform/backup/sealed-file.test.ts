import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readSealed, SealedFileUnreadable, writeSealed } from './sealed-file'

// Random, so that compression leaves several of age's pieces of 64 KiB.
const CONTENT = Array.from({ length: 5 }, () => randomBytes(100_000))
const PIECE = 64 * 1024 + 16

let folder: string
let identity: string
let sealed: Buffer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-sealed-'))
  identity = await generateX25519Identity()
  const path = join(folder, 'whole.age')
  await writeSealed(path, [await identityToRecipient(identity)], pieces())
  sealed = await readFile(path)
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

// eslint-disable-next-line @typescript-eslint/require-await -- a source as a database gives it
async function* pieces(): AsyncGenerator<Buffer> {
  yield* CONTENT
}

async function read(bytes: Buffer, key = identity): Promise<Buffer> {
  const path = join(folder, `${randomBytes(4).toString('hex')}.age`)
  await writeFile(path, bytes)
  const found: Buffer[] = []
  for await (const piece of readSealed(path, [key])) found.push(piece)
  return Buffer.concat(found)
}

async function reasonOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof SealedFileUnreadable ? error.reason : String(error)
}

/** Where the encrypted pieces begin: after the header, whose last line is its code, and the nonce. */
function bodyAt(): number {
  return sealed.indexOf('\n', sealed.indexOf('\n---') + 1) + 1 + 16
}

describe('a sealed file', () => {
  it('opens to what was written', async () => {
    expect((await read(sealed)).equals(Buffer.concat(CONTENT))).toBe(true)
  })

  it('R05: is refused under another key', async () => {
    expect(await reasonOf(read(sealed, await generateX25519Identity()))).toBe('wrong_key')
  })

  it('R05: is refused with any byte changed', async () => {
    for (const at of [bodyAt() - 1, bodyAt() + 1, bodyAt() + PIECE * 2 + 7, sealed.length - 1]) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(await reasonOf(read(changed))).toBe('damaged')
    }
  })

  it('R05: is refused when it is cut, also between two pieces', async () => {
    for (const length of [10, bodyAt(), bodyAt() + PIECE, bodyAt() + PIECE * 3, sealed.length - 1])
      expect(await reasonOf(read(sealed.subarray(0, length)))).toBe('damaged')
  })

  it('R05: is refused with two pieces swapped, one left out, or one twice', async () => {
    const body = bodyAt()
    const piece = (n: number) => sealed.subarray(body + PIECE * n, body + PIECE * (n + 1))
    const [head, rest] = [sealed.subarray(0, body), sealed.subarray(body + PIECE * 3)]
    for (const order of [
      [1, 0, 2],
      [0, 2],
      [0, 1, 1, 2],
    ])
      expect(await reasonOf(read(Buffer.concat([head, ...order.map(piece), rest])))).toBe('damaged')
    expect((await read(Buffer.concat([head, ...[0, 1, 2].map(piece), rest]))).length).toBe(500_000)
  })

  it('says nothing of its content in a refusal, and tells a missing file apart', async () => {
    await expect(read(sealed.subarray(0, 5000))).rejects.toThrow(/^\w+\.age is damaged or cut short and was not used/)
    const missing = async () => {
      for await (const piece of readSealed(join(folder, 'none.age'), [identity])) expect(piece).toBeNull()
    }
    await expect(missing()).rejects.toThrow('There is no file')
  })
})
