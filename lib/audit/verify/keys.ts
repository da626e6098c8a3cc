import 'server-only'
import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { checkpointFiles, readNotes } from '../seal/checkpoint-files'
import { findHead, type Query } from '../seal/data'
import { findSealer } from '../seal/key-file'
import { parseKeyLine, verifierOf, type SealVerifier } from '../seal/note'

/** Checkpoints that others gave back are put here, and every verification looks for them in the log. */
export function givenBackDirectory(): string {
  return join(settings.dataDirectory, 'witnesses')
}

/** The public key in a line of text or in a file that holds one. */
export function readVerifier(lineOrFile: string): SealVerifier {
  const line = existsSync(lineOrFile) ? readFileSync(lineOrFile, 'utf8') : lineOrFile
  const verifier = parseKeyLine(line)
  if (verifier === null)
    throw new PlainSentence(`"${lineOrFile}" is no public key of a log; print it with: amparo audit key`)
  return verifier
}

/**
 * The public key that this installation's log is held against: of the key file; else the one that the database
 * remembers, which says nothing against whoever owns the database.
 */
export async function findVerifier(query: Query): Promise<{ verifier: SealVerifier; fromDatabase: boolean } | null> {
  const sealer = findSealer()
  if (sealer !== null) return { verifier: sealer, fromDatabase: false }
  const { publicKey, origin } = await findHead(query)
  if (publicKey === null || origin === null) return null
  return { verifier: verifierOf(publicKey, origin), fromDatabase: true }
}

/** Checkpoints outside the database: the own file, the witness's directory, what others gave back, and files named. */
export async function readHeld(named: readonly string[] = []): Promise<string[]> {
  const given = givenBackDirectory()
  const back = (await readdir(given).catch(() => [])).map((name) => join(given, name))
  const own = [...checkpointFiles(), ...back].filter((file) => existsSync(file))
  const notes = await Promise.all([...own, ...named].map(readNotes))
  return notes.flat()
}
