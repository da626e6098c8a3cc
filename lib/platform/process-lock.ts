import { readFileSync } from 'node:fs'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Names a process so that a later one with the same number is not taken for it. */
export type ProcessMark = { readonly pid: number; readonly started: string }

/** Marks the process with this number; `started` is empty where the system doesn't tell (other than Linux). */
export function markProcess(pid: number): ProcessMark {
  return { pid, started: startOf(pid) ?? '' }
}

/** Whether the marked process still runs. */
export function isRunning({ pid, started }: ProcessMark): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = startOf(pid)
  if (now === 'ended') return false
  return now === undefined || started === '' || now === started
}

type LockOptions = { readonly onWait?: () => void; readonly timeoutMs?: number }

/**
 * Runs `work` while no other process of this computer runs under the same lock file. A lock whose holder was killed
 * counts for nothing. Throws after `timeoutMs` (ten minutes) of waiting.
 */
export async function withProcessLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  await takeLock(file, options)
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function takeLock(file: string, { onWait, timeoutMs = 600_000 }: LockOptions): Promise<void> {
  const end = Date.now() + timeoutMs
  for (let tries = 0; !(await tryLock(file)); tries += 1) {
    if (tries === 10) onWait?.()
    if (Date.now() > end) throw new Error(`Another process holds ${file} for too long; stop it or delete that file.`)
    await removeIfLeftBehind(file)
    await sleep(100)
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600)
    await handle.writeFile(JSON.stringify(markProcess(process.pid)))
    await handle.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function removeIfLeftBehind(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const left = text === '' ? await isOld(file) : !isRunning(JSON.parse(text) as ProcessMark)
  if (left) await rm(file, { force: true })
}

/** An empty lock file is one that its holder is about to write, unless it stays so: then the holder was killed. */
async function isOld(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > 5000
}

/**
 * The start time in the kernel's ticks: the 22nd field of /proc/PID/stat, counted behind the name in parentheses.
 * A zombie (state Z) has ended, whatever kill(2) says.
 */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'ended' : fields[19]
  } catch {
    return undefined
  }
}
