import { createInterface } from 'node:readline/promises'
import { env, settings } from '@/lib/platform/env'
import type { InstallationState } from '@/lib/platform/db/installation'
import type { Progress } from '@/scripts/progress'

/** What prisma/seed/demo.ts offers. */
type Demonstration = {
  readonly loadDemonstration: (
    ownerUrl: string,
    options: { readonly password?: string; readonly onProgress: (what: string) => void },
  ) => Promise<{ readonly password: string }>
  readonly setDemonstrationPassword: (ownerUrl: string, password: string) => Promise<void>
}

const EXAMPLE = 'caseworker@harbour.example'

/**
 * Loads the demonstration data into an empty database when AMPARO_DEMO=1 asks for it or someone at the terminal says
 * yes. Returns what the start prints at its end: the address and how to sign in.
 */
export async function offerDemonstration(
  ownerUrl: string,
  { empty, demonstration }: InstallationState,
  progress: Progress,
): Promise<string> {
  const password = env().AMPARO_DEMO_PASSWORD
  if (empty && (await isWanted(progress))) {
    progress.step('Loading the demonstration data')
    const { loadDemonstration } = await load()
    const given = password === undefined ? {} : { password }
    const loaded = await loadDemonstration(ownerUrl, { ...given, onProgress: progress.note })
    return welcome(`Sign in as ${EXAMPLE} with the password ${loaded.password}`, password === undefined)
  }
  if (!demonstration) return welcome(empty ? FIRST_ADMINISTRATOR : 'Sign in with your own account')
  if (password !== undefined) await (await load()).setDemonstrationPassword(ownerUrl, password)
  return welcome(`Sign in as ${EXAMPLE} with the password ${password ?? 'that was printed when the data were loaded'}`)
}

const FIRST_ADMINISTRATOR = 'Make the first administrator with: npm run -s amparo -- admin create --help'
const ONLY_NOW = '(it is printed only this once; set AMPARO_DEMO_PASSWORD and start again to change it)'

function welcome(how: string, onlyNow = false): string {
  return `\nAmparo is ready at ${settings.publicOrigin}\n${how}${onlyNow ? ` ${ONLY_NOW}` : ''}\n`
}

async function isWanted(progress: Progress): Promise<boolean> {
  if (env().AMPARO_DEMO === '1') return true
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  progress.done()
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question('The database is empty. Load demonstration data, all of it invented? (y/N) ')
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

async function load(): Promise<Demonstration> {
  const module = '@/prisma/seed/demo'
  return (await import(module)) as Demonstration
}
