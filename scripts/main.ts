import { PlainSentence } from '@/lib/platform/plain-sentence'
import { outliveReaders } from '@/scripts/serve/closed-output.mjs'

type Command = { readonly run: (args: readonly string[]) => Promise<number> }

const COMMANDS: Record<string, () => Promise<Command>> = {
  amparo: () => import('@/scripts/commands/amparo'),
  bench: () => import('@/scripts/commands/bench'),
  build: () => import('@/scripts/commands/build'),
  check: () => import('@/scripts/commands/check'),
  docs: () => import('@/scripts/commands/docs'),
  generate: () => import('@/scripts/commands/generate'),
  migration: () => import('@/scripts/commands/migration'),
  prepare: () => import('@/scripts/commands/prepare'),
  release: () => import('@/scripts/commands/release'),
  test: () => import('@/scripts/commands/test'),
}
/** What run.mjs uses by itself, and what it answers before it comes here. */
const INNER = new Set(['prepare', 'release'])
const OFFERED = ['start', 'dev', ...Object.keys(COMMANDS).filter((name) => !INNER.has(name))]

outliveReaders()
const code = await runCommand(process.argv.slice(2))
// Prisma's schema engine leaves a timer of ten seconds behind, and the application's pool an open connection.
process.exit(code)

async function runCommand([name = '', ...args]: readonly string[]): Promise<number> {
  const load = COMMANDS[name]
  if (load === undefined) {
    process.stderr.write(`Usage: node scripts/run.mjs <${OFFERED.join('|')}>\n`)
    return 1
  }
  try {
    const { run } = await load()
    return await run(args)
  } catch (error) {
    process.stderr.write(`${error instanceof PlainSentence ? error.message : describe(error)}\n`)
    return 1
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
