import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

import { printResult, tell, withEmptyInstallation, withInstallation } from '@/cli/installation'
import { placeSealKey } from '@/lib/audit/seal/key-file'
import { makeBackupKey, readIdentities } from '@/lib/backup/keys'
import { backupProblemOf } from '@/lib/backup/problem'
import { findNewest, restoreBackup, type RestoreReport } from '@/lib/backup/restore'
import { backUpNow, rehearseRestore } from '@/lib/backup/service'
import backups from '@/lib/i18n/messages/en/backups.json'
import { findMasterKeys } from '@/lib/platform/boot/master-key-file'
import type { MasterKeys } from '@/lib/platform/crypto/key-tree'
import { settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { Command } from 'commander'

export function register(program: Command): void {
  program
    .command('backup')
    .description('Write an encrypted backup of the database, and apart from it one of the keys; both are read back')
    .option('--to <folder>', 'where to (default: AMPARO_BACKUP_DIR)')
    .action(backUp)
  program
    .command('backup-key <file>')
    .description('Make the key pair of backups: the secret half goes into this file, which you carry away')
    .action(makeKey)
  program
    .command('restore <file>')
    .description('Restore a backup into an empty database')
    .requiredOption('--keys <file>', 'the newest backup of the keys')
    .requiredOption('--open-with <file>', 'the file that backup-key made')
    .option('--into <url>', "the owner's URL of an empty database (default: that of this installation)")
    .action(restore)
  program
    .command('rehearse')
    .description('Restore the newest backup into a throw-away database and look whether all is there')
    .requiredOption('--open-with <file>', 'the file that backup-key made')
    .option('--from <file>', 'the backup (default: the newest in AMPARO_BACKUP_DIR)')
    .option('--keys <file>', 'the backup of the keys (default: the newest in AMPARO_BACKUP_DIR)')
    .action(rehearse)
}

async function backUp({ to }: { readonly to?: string }): Promise<void> {
  await withInstallation(async ({ ownerUrl }) => {
    const { backupUrl } = settings
    if (backupUrl === undefined) throw new Error('The start gives the role of backups to every command')
    tell('Writing the backup')
    const began = Date.now()
    const made = await backUpNow(ownerUrl, backupUrl, to === undefined ? undefined : resolve(to)).catch(sayWhatToDo)
    if (made === null)
      throw new PlainSentence(
        'No backup was made: another one is under way, or there is no backup key yet; make one with: amparo backup-key FILE',
      )
    printResult({ ...made, seconds: (Date.now() - began) / 1000 })
  })
}

async function makeKey(file: string): Promise<void> {
  await withInstallation(async () => {
    const recipient = await makeBackupKey(resolve(file))
    tell(`Carry ${file} to a safe place, apart from this computer and from the backups: nothing else opens them`)
    printResult({ file, recipient })
  })
}

type RestoreOptions = { readonly keys: string; readonly openWith: string; readonly into?: string }

async function restore(file: string, { keys, openWith, into }: RestoreOptions): Promise<void> {
  const input = {
    file: resolve(file),
    keysFile: resolve(keys),
    identities: await readIdentities(resolve(openWith)),
    master: masterKeys(),
    onProgress: tell,
    onSealKey: (pem: string) => {
      tell(SEAL_KEY[placeSealKey(pem)])
    },
  }
  await refuseMissing(input.file, input.keysFile)
  if (into !== undefined) tellResult(await restoreBackup({ ...input, ownerUrl: into }))
  else await withEmptyInstallation(async (ownerUrl) => tellResult(await restoreBackup({ ...input, ownerUrl })))
}

function tellResult(report: RestoreReport): void {
  if (!report.sealKeyBackedUp)
    tell(
      'The backup of the keys holds no key of this log’s seal: put your copy of seal-key into its place before the start',
    )
  printResult(report)
}

const SEAL_KEY = {
  placed: `The key that seals the log is back in its file`,
  same: 'The key that seals the log is in its file',
  other: 'The file with the key that seals the log holds another one; the one of this log is in the backup of the keys',
} as const

type RehearseOptions = { readonly openWith: string; readonly from?: string; readonly keys?: string }

async function rehearse({ openWith, from, keys }: RehearseOptions): Promise<void> {
  const identities = await readIdentities(resolve(openWith))
  await withInstallation(async ({ ownerUrl }) => {
    const file = from === undefined ? await findNewest(settings.backupDirectory, 'data') : resolve(from)
    const keysFile = keys === undefined ? await findNewest(settings.backupDirectory, 'keys') : resolve(keys)
    await refuseMissing(file, keysFile)
    const input = { file, keysFile, identities, master: masterKeys(), onProgress: tell }
    printResult(await rehearseRestore(ownerUrl, input))
  })
}

/** The reasons that the administrator's page knows are told in its words. */
function sayWhatToDo(error: unknown): never {
  const problem = backupProblemOf(error)
  if (error instanceof PlainSentence || problem === 'unknown') throw error
  throw new PlainSentence(`No backup was made. ${backups.problem[problem]}`, { cause: error })
}

function masterKeys(): MasterKeys {
  const keys = findMasterKeys()
  if (keys === undefined)
    throw new PlainSentence(
      `The master key ${settings.masterKeyFile} is missing; put the copy that you keep apart in its place first.`,
    )
  return keys
}

async function refuseMissing(...files: readonly string[]): Promise<void> {
  for (const file of files)
    if ((await stat(file).catch(() => undefined)) === undefined)
      throw new PlainSentence(`There is no file ${file}; check its name.`)
}
