// @ts-check
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { outliveReaders } from './serve/closed-output.mjs'
import { endWithNpm } from './serve/npm-watch.mjs'

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

const [command = '', ...args] = process.argv.slice(2)

outliveReaders()
endWithNpm()
if (command === 'start' || command === 'dev') await runServer(command)
else process.exitCode = await runTask([command, ...args])

/**
 * Runs a TypeScript command in a process of its own.
 *
 * @param {readonly string[]} task
 * @param {(message: any) => void} [onMessage]
 * @param {boolean} [detached]
 * @returns {Promise<number>} its exit code
 */
function runTask(task, onMessage, detached = false) {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  // The condition lets modules marked `server-only` load outside Next.js; tsx runs TypeScript as it stands.
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', main, ...task], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached,
  })
  if (onMessage !== undefined) child.on('message', onMessage)
  // On a terminal Ctrl-C reaches the child by itself; a signal to this process alone is passed on.
  const pass = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal)
  for (const signal of SIGNALS) process.on(signal, pass)
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, pass)
      resolve(signal === null ? (code ?? 1) : 1)
    })
  })
}

/**
 * Prepares everything in TypeScript, then serves in this process, which carries neither tsx nor the owner's password.
 *
 * @param {'start' | 'dev'} mode
 */
async function runServer(mode) {
  /** @type {{ environment: Record<string, string>, hosts: string[], port: number, folder: string, welcome: string } | undefined} */
  let ready
  const code = await runTask(['prepare', mode], (message) => (ready = message))
  if (ready === undefined || code !== 0) {
    process.exitCode = code === 0 ? 1 : code
    return
  }
  const external = process.env['DATABASE_URL'] !== undefined && process.env['DATABASE_URL'] !== ''
  const { environment, welcome, ...options } = ready
  Object.assign(process.env, environment)
  delete process.env['DATABASE_URL']

  const ended = waitForSignal()
  const release = () => (external ? Promise.resolve(0) : runTask(['release'], undefined, true))
  try {
    const { serve } = await import('./serve/serve.mjs')
    const close = await serve({ dev: mode === 'dev', ...options })
    process.stdout.write(welcome)
    await ended
    await close()
  } catch (error) {
    const busy = /** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE'
    process.stderr.write(
      busy ? `Port ${options.port} is taken; stop what uses it, or set PORT to another one.\n` : `${error}\n`,
    )
    process.exitCode = 1
  }
  await release()
  process.exit()
}

/** Resolves when this process is told to end. */
function waitForSignal() {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve(undefined))
  })
}
