import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [command = '', ...args] = process.argv.slice(2)

// The condition lets modules marked `server-only` load outside Next.js; tsx runs TypeScript as it stands.
const child = spawn(
  process.execPath,
  [
    '--conditions=react-server',
    '--import',
    'tsx',
    fileURLToPath(new URL('main.ts', import.meta.url)),
    command,
    ...args,
  ],
  { stdio: 'inherit' },
)
child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
