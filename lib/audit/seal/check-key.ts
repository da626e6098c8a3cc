import 'server-only'

import { ownerQuery } from '@/lib/platform/db/owner'
import { settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { findHead } from './data'
import { findSealer } from './key-file'
import { rawKeyOf } from './note'

/**
 * Refuses, with one sentence, to run without the key of a log that is sealed, or with another one: the log would go on
 * unsealed, and nobody would notice until a page says so (requirement R10). An instance that does not seal says so in
 * AMPARO_SEAL_KEY_FILE.
 */
export async function checkSealKey(ownerUrl: string): Promise<void> {
  const file = settings.sealKeyFile
  if (file === undefined) return
  const found = findSealer()
  const { publicKey } = await ownerQuery(ownerUrl, findHead)
  if (publicKey === null) return
  if (found === null)
    throw new PlainSentence(
      `The log is sealed, but the key that seals it, ${file}, is missing; put the copy from your backup in its place, or set AMPARO_SEAL_KEY_FILE=elsewhere where another instance seals.`,
    )
  if (!rawKeyOf(found.key).equals(publicKey))
    throw new PlainSentence(
      `The key in ${file} is not the one that seals this log; put the copy from your backup in its place.`,
    )
}
