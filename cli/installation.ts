import { openOwner, prepareInstallation, releaseInstallation } from '@/lib/platform/boot/prepare'
import { ensureDataDirectory } from '@/lib/platform/data-dir'
import { closeAppClient } from '@/lib/platform/db/client'
import { settings } from '@/lib/platform/env'
import type { Prepared } from '@/lib/platform/boot/prepare'

/**
 * Runs a command on the installation, whether the application runs or not: the embedded database is used where it is
 * running and otherwise started for the command. Services work inside, as the application's role. A command that runs
 * until it is told to end says with `onSignal` how; others end at once.
 */
export async function withInstallation<T>(
  work: (installation: Prepared) => Promise<T>,
  { onSignal }: { readonly onSignal?: () => void } = {},
): Promise<T> {
  const holder = process.pid
  const leave = async (): Promise<void> => {
    await closeAppClient()
    await releaseInstallation(holder)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, onSignal ?? (() => void leaveAndExit(leave)))
  try {
    return await work(await prepareInstallation({ holder, onProgress: tell }))
  } finally {
    await leave()
  }
}

/** As `withInstallation`, on the database as it stands: for filling an empty one. Nothing is migrated, no key is made. */
export async function withEmptyInstallation<T>(work: (ownerUrl: string) => Promise<T>): Promise<T> {
  const holder = process.pid
  const leave = async (): Promise<void> => releaseInstallation(holder)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void leaveAndExit(leave))
  try {
    await ensureDataDirectory(settings.dataDirectory)
    const { ownerUrl } = await openOwner({ holder, onProgress: tell })
    return await work(ownerUrl)
  } finally {
    await leave()
  }
}

/** Prints a command's result, the only thing that goes to stdout. */
export function printResult(result: string | object): void {
  process.stdout.write(`${typeof result === 'string' ? result : JSON.stringify(result, null, 2)}\n`)
}

/** Tells on stderr what goes on. */
export function tell(what: string): void {
  process.stderr.write(`${what} …\n`)
}

async function leaveAndExit(leave: () => Promise<void>): Promise<void> {
  await leave().catch(() => undefined)
  process.exit(1)
}
