import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { generateX25519Identity, identityToRecipient } from 'age-encryption'

import { writeSafely } from '@/lib/platform/data-dir'
import { settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'

const RECIPIENT = /^age1[a-z0-9]+$/
const IDENTITY = /^AGE-SECRET-KEY-[A-Z0-9-]+$/

/** The public keys that backups are encrypted to; none before the operator made one. */
export async function backupRecipients(): Promise<readonly string[]> {
  const given = settings.backupRecipients
  const text = given ?? (await readFile(recipientsFile(), 'utf8').catch(() => ''))
  const found = linesOf(text.replaceAll(',', '\n'))
  if (!found.every((line) => RECIPIENT.test(line)))
    throw new PlainSentence(
      `A public key for backups is damaged; correct ${given === undefined ? recipientsFile() : 'AMPARO_BACKUP_RECIPIENTS'}.`,
    )
  return found
}

/**
 * Makes a key pair: the secret half goes into `path`, for the operator to carry away; the public half stays here, so
 * that this computer writes backups that it can't read. Returns the public half.
 */
export async function makeBackupKey(path: string): Promise<string> {
  if (settings.backupRecipients !== undefined)
    throw new PlainSentence('AMPARO_BACKUP_RECIPIENTS names the public keys; take it away before making a key here.')
  if ((await readFile(path, 'utf8').catch(() => undefined)) !== undefined)
    throw new PlainSentence(`There is a file ${path} already; name another one.`)
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const others = await backupRecipients()
  await writeSafely(
    path,
    `# Opens backups of Amparo. Keep it apart from them and from this computer.\n# public key: ${recipient}\n${identity}\n`,
  )
  await writeSafely(recipientsFile(), `${[...others, recipient].join('\n')}\n`)
  return recipient
}

/** The secret keys in a file. Refuses one that has none. */
export async function readIdentities(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new PlainSentence(`The backup key ${path} can't be read; name the file that backup key made.`)
  })
  const found = linesOf(text).filter((line) => IDENTITY.test(line))
  if (found.length === 0) throw new PlainSentence(`${path} holds no backup key; name the file that backup key made.`)
  return found
}

function recipientsFile(): string {
  return join(settings.dataDirectory, 'backup-recipients')
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
