import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRunning, markProcess, withProcessLock } from '@/lib/platform/process-lock'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-lock-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** The mark of a process that has ended. */
async function endedProcess() {
  const child = spawn(process.execPath, ['-e', '0'])
  const mark = markProcess(child.pid ?? 0)
  await new Promise((resolve) => child.once('close', resolve))
  return mark
}

describe('a process lock', () => {
  it('lets one work at a time', async () => {
    const file = join(folder, 'turns')
    const seen: string[] = []
    const work = (name: string) => async () => {
      seen.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      seen.push(`${name} ends`)
    }
    await Promise.all([withProcessLock(file, work('a')), withProcessLock(file, work('b'))])
    expect(seen).toHaveLength(4)
    expect(seen[0]?.charAt(0)).toBe(seen[1]?.charAt(0))
  })

  it('is free again after its work has thrown', async () => {
    const file = join(folder, 'thrown')
    await expect(withProcessLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await readdir(folder)).not.toContain('thrown')
  })

  it('of a process that was killed counts for nothing', async () => {
    const file = join(folder, 'killed')
    await writeFile(file, JSON.stringify(await endedProcess()))
    expect(await withProcessLock(file, () => Promise.resolve('done'))).toBe('done')
  })

  it('that was left empty by a kill counts for nothing after a while', async () => {
    const file = join(folder, 'empty')
    await writeFile(file, '')
    const old = new Date(Date.now() - 10_000)
    await utimes(file, old, old)
    expect(await withProcessLock(file, () => Promise.resolve('done'))).toBe('done')
  })

  it('that another process holds is waited for, and not for ever', async () => {
    const file = join(folder, 'held')
    await writeFile(file, JSON.stringify(markProcess(process.ppid)))
    const waiting = withProcessLock(file, () => Promise.resolve(), { timeoutMs: 150 })
    await expect(waiting).rejects.toThrow(/Another process holds/)
  })
})

describe('the mark of a process', () => {
  it('is not taken for a later process with the same number', () => {
    const mark = markProcess(process.pid)
    expect(isRunning(mark)).toBe(true)
    if (mark.started !== '') expect(isRunning({ ...mark, started: '1' })).toBe(false)
  })

  it('tells that its process has ended', async () => {
    expect(isRunning(await endedProcess())).toBe(false)
  })
})
