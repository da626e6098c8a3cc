import 'server-only'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { ownerQuery } from '@/lib/platform/db/owner'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { faultOfProof, type ProofFault } from '../proof/rules'
import { eventProof, type EventProof } from '../proof/schema'
import { readNotes } from '../seal/checkpoint-files'
import { listNotes, type Query } from '../seal/data'
import { keyLineOf, openCheckpoint, type SealVerifier } from '../seal/note'
import { exportLog, verifyExport } from './export-file'
import type { Verified } from './fault'
import { verifyDatabase } from './from-database'
import { findVerifier, givenBackDirectory, readHeld, readVerifier } from './keys'

const NOTES_AT_ONCE = 500

export type VerifyWish = {
  readonly keys: readonly string[]
  readonly witnesses: readonly string[]
  readonly onProgress: (events: number) => void
}

/** The public key that the log of this installation is verified with, as a line of text. */
export async function showSealKey(ownerUrl: string): Promise<string> {
  const found = await ownerQuery(ownerUrl, findVerifier)
  if (found === null) throw new PlainSentence('Nothing is sealed yet; start the application, or run: amparo audit seal')
  return keyLineOf(found.verifier)
}

/** Verifies the log in the database, as its owner, who sees every row as it is. */
export async function verifyInstallation(ownerUrl: string, wish: VerifyWish): Promise<Verified> {
  return ownerQuery(ownerUrl, async (query) => {
    const verifiers = wish.keys.length > 0 ? wish.keys.map(readVerifier) : await ownVerifiers(query)
    const held = await readHeld(wish.witnesses)
    return verifyDatabase(query, 'table', { verifiers, held, onProgress: wish.onProgress })
  })
}

/** Verifies an export, without a database: only with public keys and the checkpoints in the files named. */
export async function verifyExportFile(file: string, wish: VerifyWish): Promise<Verified> {
  const held = (await Promise.all(wish.witnesses.map(readNotes))).flat()
  return verifyExport(file, { verifiers: wish.keys.map(readVerifier), held, onProgress: wish.onProgress })
}

/**
 * Checks the proof of one event, without a database: what it fails at, or null. Takes the proof itself, or the API's answer
 * around it; refuses a file that holds neither.
 */
export async function verifyProofFile(
  file: string,
  keys: readonly string[],
): Promise<{ readonly proof: EventProof; readonly fault: ProofFault | null }> {
  const read = await readFile(file, 'utf8').then(parsedJson, () => null)
  const inside = typeof read === 'object' && read !== null && 'proof' in read ? read.proof : read
  const parsed = eventProof.safeParse(inside)
  if (!parsed.success) throw new PlainSentence(`${file} holds no proof of an event.`)
  return { proof: parsed.data, fault: faultOfProof(parsed.data, keys.map(readVerifier)) }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Hands the sealed log to `write`, piece by piece. That it was exported is on the log before the first piece. */
export async function exportAudit(ownerUrl: string, write: (piece: string) => Promise<void>): Promise<void> {
  await ownerQuery(ownerUrl, async (query) => {
    await query(`SELECT app.operator_event('audit.exported', NULL, '{}', NULL,
      (SELECT id FROM agency WHERE kind = 'operator' ORDER BY id LIMIT 1))`)
    // No transaction: what is sealed stays as it is, and a long one would keep the database from tidying up.
    for await (const piece of exportLog(query)) await write(piece)
  })
}

/** Hands the checkpoints after a size to `write`, in the text that witnesses keep. */
export async function exportCheckpoints(
  ownerUrl: string,
  after: number,
  write: (piece: string) => Promise<void>,
): Promise<void> {
  await ownerQuery(ownerUrl, async (query) => {
    let from = after
    for (let notes = await listNotes(query, from, NOTES_AT_ONCE); notes.length > 0;) {
      await write(notes.map(({ note }) => `${note}\n`).join(''))
      from = notes.at(-1)?.size ?? from
      notes = await listNotes(query, from, NOTES_AT_ONCE)
    }
  })
}

/**
 * Keeps a file of checkpoints that a witness gave back, for every verification from now on; returns how many it holds.
 * Refuses a file without a checkpoint that the key of this log signed.
 */
export async function importCheckpoints(ownerUrl: string, file: string): Promise<number> {
  const verifiers = await ownerQuery(ownerUrl, ownVerifiers)
  const notes = (await readNotes(file)).filter((note) => openCheckpoint(verifiers, note) !== null)
  if (notes.length === 0) throw new PlainSentence(`${file} holds no checkpoint that was signed for this log.`)
  await mkdir(givenBackDirectory(), { recursive: true, mode: 0o700 })
  await copyFile(file, join(givenBackDirectory(), basename(file)))
  return notes.length
}

async function ownVerifiers(query: Query): Promise<readonly SealVerifier[]> {
  const found = await findVerifier(query)
  return found === null ? [] : [found.verifier]
}
