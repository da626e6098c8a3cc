import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

/** Reports each failure on its output, as the server does, and says by a message how many there were. */
const REPORTER = `
  import { outliveReaders } from './scripts/serve/closed-output.mjs'
  if (process.argv[1] === 'outlives') outliveReaders()
  let failures = 0
  process.on('uncaughtException', () => {
    failures += 1
    if (failures < 1000) process.stdout.write('a failure\\n')
  })
  process.once('message', () => {
    process.stdout.write('a line\\n')
    setTimeout(() => process.send(failures, () => process.exit()), 500)
  })
  process.send('ready')
`

async function failuresAfterClosing(mode: 'outlives' | 'as it is'): Promise<unknown> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', REPORTER, mode], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  child.stdout?.destroy()
  child.send('go')
  const [failures] = (await once(child, 'message')) as unknown[]
  return failures
}

it('goes on quietly when nobody reads its output any more, where reporting that would never end', async () => {
  expect(await failuresAfterClosing('as it is')).toBeGreaterThan(100)
  expect(await failuresAfterClosing('outlives')).toBe(0)
})
