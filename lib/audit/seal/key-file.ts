import 'server-only'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'

import { settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { rawKeyOf, verifierOf, type Sealer } from './note'

/** The key that seals, from its file; null when there is none or another instance has it. Refuses one that others may read or that is damaged. */
export function findSealer(): Sealer | null {
  return readKey(sealerOf)
}

/** The same as its file holds it, for the backup of the keys. */
export function readSealKey(): string | null {
  return readKey((pem) => {
    sealerOf(pem)
    return pem
  })
}

/** The public half of a key, to compare with the one that a log was sealed with; null for what is none. */
export function publicHalfOf(pem: string): Buffer | null {
  try {
    return rawKeyOf(sealerOf(pem).key)
  } catch {
    return null
  }
}

/** Puts the key of a restored log into its file. What is there already stays: `same`, or `other` when it is not this key. */
export function placeSealKey(pem: string): 'placed' | 'same' | 'other' {
  const there = findSealer()
  if (there !== null) return publicHalfOf(pem)?.equals(rawKeyOf(there.key)) === true ? 'same' : 'other'
  const file = settings.sealKeyFile
  if (file === undefined) return 'other'
  writeFileSync(/* turbopackIgnore: true */ file, pem, { mode: 0o600, flag: 'wx' })
  return 'placed'
}

function readKey<T>(read: (pem: string) => T): T | null {
  const file = settings.sealKeyFile
  if (file === undefined) return null
  try {
    if (process.platform !== 'win32' && (statSync(/* turbopackIgnore: true */ file).mode & 0o077) !== 0)
      throw new PlainSentence(
        `The key that seals the log, ${file}, is open to other users; close it with: chmod 600 ${file}`,
      )
    return read(readFileSync(/* turbopackIgnore: true */ file, 'utf8'))
  } catch (error) {
    if (error instanceof PlainSentence) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new PlainSentence(
      `The key that seals the log, ${file}, can't be read; put the copy from your backup in its place.`,
    )
  }
}

/**
 * Makes the key of a log that was never sealed; null where another instance seals. Whoever comes second takes the one
 * that the first made.
 */
export function makeSealer(): Sealer | null {
  const file = settings.sealKeyFile
  if (file === undefined) return null
  const { privateKey } = generateKeyPairSync('ed25519')
  const text = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  try {
    writeFileSync(/* turbopackIgnore: true */ file, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const sealer = findSealer()
  if (sealer === null) throw new Error('The key that seals the log was made and is gone')
  return sealer
}

function sealerOf(pem: string): Sealer {
  const privateKey = createPrivateKey(pem)
  return { ...verifierOf(rawKeyOf(createPublicKey(privateKey))), privateKey }
}
