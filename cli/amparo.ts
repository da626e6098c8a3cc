import { readdir } from 'node:fs/promises'
import { Command, CommanderError } from 'commander'
import { logToErrorStream } from '@/lib/platform/log'

type CommandFile = { readonly register: (program: Command) => void }

const COMMANDS = new URL('commands/', import.meta.url)

/**
 * The operator's command line. Each file in `commands` registers its commands. A result goes to stdout alone, all else
 * to stderr. Returns the exit code; a fault is thrown, a refusal as a `PlainSentence`.
 */
export async function amparo(args: readonly string[]): Promise<number> {
  logToErrorStream()
  const program = new Command('amparo')
    .description('Operates Amparo: accounts, tokens, imports, checks')
    .usage('<command> [options]')
    .exitOverride()
    .showHelpAfterError('(add --help to see what it takes)')
  for (const { register } of await loadCommands(args[0])) register(program)
  // Sub-commands inherit settings only from before they were added.
  for (const command of withDescendants(program)) command.exitOverride()
  if (args.length === 0) return refuseWithHelp(program)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    throw error
  }
}

/** The file that is named like the command, which is quick; all of them for any other word, and to tell what there is. */
async function loadCommands(command: string | undefined): Promise<CommandFile[]> {
  const names = (await readdir(COMMANDS)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const wanted = names.filter((name) => name === `${command ?? ''}.ts`)
  const loaded = wanted.length > 0 ? wanted : names.sort()
  return Promise.all(loaded.map(async (name) => (await import(new URL(name, COMMANDS).href)) as CommandFile))
}

function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)]
}

function refuseWithHelp(program: Command): number {
  program.outputHelp({ error: true })
  return 1
}
