import { spawn } from 'node:child_process'
import { once } from 'node:events'

import type { RotationTarget } from '@/lib/oversight/keys/schema'

/** Changes a key in a process that is killed as soon as it has done something. */
export async function killedAfterFirstStep(ownerUrl: string, target: RotationTarget, batch: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=react-server',
      '--import',
      'tsx',
      'tests/support/rotate-child.ts',
      ownerUrl,
      JSON.stringify(target),
      String(batch),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: process.env },
  )
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'close').then(() => Promise.reject(new Error('It ended'))),
  ])
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
