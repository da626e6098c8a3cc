import { checkAgencyKeys } from '@/lib/platform/boot/check-agency-keys'
import { checkMasterKeys, checkOf, findMasterKeys, makeMasterKeys } from '@/lib/platform/boot/master-key-file'
import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import { ensureDataDirectory } from '@/lib/platform/data-dir'
import { acquireEmbedded, releaseEmbedded } from '@/lib/platform/db/embedded/cluster'
import { readInstallation, rememberKeyCheck } from '@/lib/platform/db/installation'
import { applyMigrations, migrationState } from '@/lib/platform/db/migrate/migrate'
import { checkOwnerUrl } from '@/lib/platform/db/owner'
import { checkAppRole, checkLoginSettings, checkServer, openLoginRoles } from '@/lib/platform/db/roles'
import { env, forgetEnv, isLoopback, settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { InstallationState } from '@/lib/platform/db/installation'
import type { MasterKeys } from '@/lib/platform/crypto/key-tree'

export type Prepared = {
  /** The owner's database URL, for loading and operator commands; the server is not given it. */
  readonly ownerUrl: string
  readonly installation: InstallationState
  /** What the server's environment gets. */
  readonly environment: Readonly<Record<string, string>>
}

type Options = {
  /** The process that will use the database, see `acquireEmbedded`. */
  readonly holder: number
  readonly onProgress: (what: string) => void
}

/**
 * Makes everything ready that the application and its commands stand on: data directory, database, migrations, master
 * key, roles. Each thing that is wrong is refused with one sentence that says what to do (requirement R10).
 */
export async function prepareInstallation({ holder, onProgress }: Options): Promise<Prepared> {
  checkOrigin()
  checkMail()
  await ensureDataDirectory(settings.dataDirectory)
  const early = findMasterKeys()
  const { ownerUrl, passwords } = await openOwner({ holder, onProgress })
  await checkServer(ownerUrl)
  await migrate(ownerUrl, onProgress)
  const installation = await readInstallation(ownerUrl)
  checkMark(installation)
  const keys = await settleMasterKeys(early, ownerUrl, installation)
  await checkAgencyKeys(ownerUrl, keys)
  const roles = await openRoles(ownerUrl, passwords ?? derivedPasswords(keys))
  const environment = serverEnvironment(keys, roles)
  Object.assign(process.env, environment)
  forgetEnv()
  return { ownerUrl, installation, environment }
}

/** Ends this process's use of the database; stops the embedded one when nobody else uses it. */
export async function releaseInstallation(holder: number): Promise<void> {
  if (env().DATABASE_URL === undefined) await releaseEmbedded(settings.dataDirectory, holder)
}

function checkOrigin(): void {
  const { protocol, hostname } = new URL(settings.publicOrigin)
  if (protocol === 'http:' && !isLoopback(hostname))
    throw new PlainSentence(
      `AMPARO_ORIGIN is plain http on ${hostname}, where others could read along; put https before it, or use localhost.`,
    )
}

function checkMail(): void {
  if (settings.smtpUrl !== undefined && env().AMPARO_MAIL_FROM === undefined)
    throw new PlainSentence('AMPARO_SMTP_URL needs AMPARO_MAIL_FROM, the address that mails come from; set it as well.')
}

type Passwords = { readonly app: string; readonly worker: string; readonly backup: string }

/** The owner's database, as it stands: not migrated, perhaps empty. Refuses with one sentence one that does not answer. */
export async function openOwner(options: Options): Promise<{ ownerUrl: string; passwords: Passwords | undefined }> {
  const { DATABASE_URL: given } = env()
  if (given === undefined) return acquireEmbedded(settings.dataDirectory, options)
  options.onProgress('Looking at the database')
  await checkOwnerUrl(given)
  return { ownerUrl: given, passwords: undefined }
}

/** The mark of demonstration data lets the clock be moved and accounts go without a second factor: it may not be wrong. */
function checkMark({ demonstration, demonstrationRecorded }: InstallationState): void {
  if (demonstration && !demonstrationRecorded)
    throw new PlainSentence(
      'The database is marked as a demonstration, but its log knows of no demonstration data that were loaded; restore the backup from before the mark was set.',
    )
  if (!demonstration && demonstrationRecorded)
    throw new PlainSentence(
      'The database holds demonstration data, whose accounts anybody may know, without the mark that says so; start with an empty database for real data.',
    )
}

async function migrate(ownerUrl: string, onProgress: Options['onProgress']): Promise<void> {
  const { unknown } = await migrationState(ownerUrl)
  if (unknown.length > 0)
    throw new PlainSentence(
      `The database was migrated by a newer version (${unknown.join(', ')}); start that version, or restore the backup from before.`,
    )
  await applyMigrations(ownerUrl, (name, index, total) => {
    onProgress(`Migrating the database (${String(index)} of ${String(total)}, ${name})`)
  })
}

async function settleMasterKeys(
  found: MasterKeys | undefined,
  ownerUrl: string,
  { keyCheck, empty }: InstallationState,
): Promise<MasterKeys> {
  if (keyCheck === null && !empty && found === undefined) checkMasterKeys(found, keyCheck)
  const keys = found ?? (keyCheck === null ? await makeMasterKeys() : undefined)
  if (keyCheck === null && keys !== undefined) await rememberKeyCheck(ownerUrl, checkOf(keys))
  else checkMasterKeys(keys, keyCheck)
  if (keys === undefined) throw new Error('unreachable: checkMasterKeys refuses missing keys')
  return keys
}

/** The same on every instance that has the master key, so that instances don't change each other's passwords. */
function derivedPasswords(keys: MasterKeys): Passwords {
  const derive = (role: string): string => deriveSecret(keys, `database role ${role}`).toString('base64url')
  return { app: derive('app'), worker: derive('worker'), backup: derive('backup') }
}

async function openRoles(ownerUrl: string, passwords: Passwords): Promise<Passwords> {
  const { DATABASE_APP_URL: app, DATABASE_WORKER_URL: worker, DATABASE_BACKUP_URL: backup } = env()
  const opened = await openLoginRoles(ownerUrl, passwords)
  const urls = { app: app ?? opened.app, worker: worker ?? opened.worker, backup: backup ?? opened.backup }
  await checkAppRole(urls.app)
  await checkLoginSettings('DATABASE_APP_URL', urls.app)
  await checkLoginSettings('DATABASE_WORKER_URL', urls.worker)
  return urls
}

function serverEnvironment(keys: MasterKeys, roles: Passwords): Record<string, string> {
  return {
    AMPARO_ORIGIN: settings.publicOrigin,
    AMPARO_DATA_DIR: settings.dataDirectory,
    DATABASE_APP_URL: roles.app,
    DATABASE_WORKER_URL: roles.worker,
    DATABASE_BACKUP_URL: roles.backup,
    // Next.js and next-auth read these by themselves; derived, they stay the same across builds and instances.
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: deriveSecret(keys, 'server actions').toString('base64'),
    NEXTAUTH_URL: settings.publicOrigin,
    NEXTAUTH_SECRET: deriveSecret(keys, 'next-auth').toString('base64url'),
    NEXT_TELEMETRY_DISABLED: '1',
  }
}
