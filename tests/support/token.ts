import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The tokens that a worker of the browser tests asked for: each takes the command line seconds. */
const tokens = new Map<string, Promise<string>>()

/** A bearer token of a demonstration member, from the operator's command line on the instance under test. */
export async function tokenOf(email: string): Promise<string> {
  const known = tokens.get(email) ?? created(email)
  tokens.set(email, known)
  return known
}

async function created(email: string): Promise<string> {
  const dataDirectory = process.env['AMPARO_TEST_DATA_DIR']
  if (dataDirectory === undefined) throw new Error('AMPARO_TEST_DATA_DIR is not set')
  const { stdout } = await run(
    process.execPath,
    ['scripts/run.mjs', 'amparo', 'token', 'create', '--user', email, '--name', 'browser tests'],
    {
      env: { ...process.env, AMPARO_DATA_DIR: dataDirectory },
    },
  )
  return stdout.trim()
}
