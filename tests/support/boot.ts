import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findServer } from '@/lib/platform/db/embedded/server'

/** Makes an installation in a data directory as the first start does, and leaves it stopped. */
export async function prepareOnly(dataDirectory: string): Promise<void> {
  await amparo(dataDirectory, ['status'])
}

/** Runs an operator's command and returns what it printed. Throws what it said when it fails. */
export async function amparo(
  dataDirectory: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = startCommand(dataDirectory, args, environment)
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: string) => (said.out += text))
  child.stderr.on('data', (text: string) => (said.err += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(said.err)
  return said.out
}

/** An operator's command as it runs. */
export function startCommand(
  dataDirectory: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'amparo', ...args], {
    env: {
      NODE_ENV: 'production',
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      AMPARO_DATA_DIR: dataDirectory,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  return child
}

/** Whether no PostgreSQL runs on the data directory any more. */
export async function postgresStoppedIn(dataDirectory: string): Promise<boolean> {
  return (await findServer(join(dataDirectory, 'postgres', 'data'))) === undefined
}
