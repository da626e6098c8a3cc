import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { forgetEnv } from '@/lib/platform/env'

import { noteInstance, runningInstances } from './instances'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'amparo-instances-'))
  process.env['AMPARO_DATA_DIR'] = directory
  forgetEnv()
})
afterEach(async () => {
  delete process.env['AMPARO_DATA_DIR']
  forgetEnv()
  await rm(directory, { recursive: true })
})

describe('the processes that serve a data directory', () => {
  it('are found with their port for as long as they run', async () => {
    await noteInstance(process.pid, 4123)
    expect(await runningInstances()).toEqual([
      { pid: process.pid, port: 4123, origin: expect.stringContaining('localhost') as string },
    ])
  })

  it('are none where nobody served, and none after a kill', async () => {
    expect(await runningInstances()).toEqual([])
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])
    await once(child, 'spawn')
    await noteInstance(child.pid ?? 0, 4124)
    expect(await runningInstances()).toHaveLength(1)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(await runningInstances()).toEqual([])
    expect(await readdir(join(directory, 'instances'))).toEqual([])
  })
})
