import { randomBytes } from 'node:crypto'
import { access, chmod, constants, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { PlainSentence } from '@/lib/platform/plain-sentence'

/** Makes the data directory when it is missing. Refuses one that can't be written. */
export async function ensureDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    // access(2) says yes to root even on a read-only disk that it can't write after all.
    const probe = await open(join(directory, '.writable'), 'w', 0o600)
    await probe.close()
  } catch {
    throw new PlainSentence(
      `The data directory ${directory} can't be written; make it writable for this user, or set AMPARO_DATA_DIR to one that is.`,
    )
  }
  // PostgreSQL's user must pass through to its own folder when the application runs as root; the files stay closed.
  if (process.getuid?.() === 0) await chmod(directory, 0o711)
}

/**
 * Reads a file of generated secrets, after making those it lacks. Each is 192 random bits, safe in a URL. The file is
 * mode 600 and replaced as a whole, so a kill leaves the old or the new one.
 */
export async function ensureSecrets<Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const found = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<Record<Name, string>>
  if (names.every((name) => found[name] !== undefined)) return found as Record<Name, string>
  const made = { ...found }
  for (const name of names) made[name] ??= randomBytes(24).toString('base64url')
  await writeSafely(file, `${JSON.stringify(made, null, 2)}\n`)
  return made as Record<Name, string>
}

/** Writes a mode 600 file so that it is there whole or not at all, even after a power cut. */
export async function writeSafely(file: string, content: string): Promise<void> {
  const fresh = `${file}.${String(process.pid)}`
  const handle = await open(fresh, 'w', 0o600)
  await handle.writeFile(content)
  await handle.sync()
  await handle.close()
  await rename(fresh, file)
}
