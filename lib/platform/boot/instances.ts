import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { writeSafely } from '@/lib/platform/data-dir'
import { settings } from '@/lib/platform/env'
import { isRunning, markProcess, type ProcessMark } from '@/lib/platform/process-lock'

/** A process that serves the application from this data directory. */
export type Instance = { readonly pid: number; readonly origin: string; readonly port: number }

type Noted = Instance & { readonly mark: ProcessMark }

/** Notes that a process is about to serve; what it noted counts for as long as it runs. */
export async function noteInstance(pid: number, port: number): Promise<void> {
  await mkdir(folder(), { recursive: true, mode: 0o700 })
  const noted: Noted = { pid, origin: settings.publicOrigin, port, mark: markProcess(pid) }
  await writeSafely(join(folder(), `${String(pid)}.json`), JSON.stringify(noted))
}

/** The processes that serve now. Notes of those that have ended are cleared away. */
export async function runningInstances(): Promise<readonly Instance[]> {
  const names = await readdir(folder()).catch(() => [])
  const found = await Promise.all(names.filter((name) => name.endsWith('.json')).map(readInstance))
  return found.filter((one) => one !== null)
}

async function readInstance(name: string): Promise<Instance | null> {
  const file = join(folder(), name)
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  const { mark, ...instance } = JSON.parse(text) as Noted
  if (isRunning(mark)) return instance
  await rm(file, { force: true })
  return null
}

function folder(): string {
  return join(settings.dataDirectory, 'instances')
}
