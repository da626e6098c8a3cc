type Command = { run(args: readonly string[]): Promise<number> }

const COMMANDS: Record<string, () => Promise<Command>> = {
  migration: () => import('@/scripts/commands/migration'),
}

const [name = '', ...args] = process.argv.slice(2)
const load = COMMANDS[name]
if (load === undefined) {
  process.stderr.write(`Usage: node scripts/run.mjs <${Object.keys(COMMANDS).join('|')}>\n`)
  process.exitCode = 1
} else {
  const { run } = await load()
  process.exitCode = await run(args)
}
